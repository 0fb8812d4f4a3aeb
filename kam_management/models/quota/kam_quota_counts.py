from odoo import models
from odoo.tools import SQL


class KamQuota(models.Model):
    """Facts: the three counts and the touches; see ``QuotaIndicator`` for the columns."""

    _inherit = "kam.quota"

    def _get_kept_sql(self, frame):
        """Accounts that are active at the end of the period so far.

        Each counts for those who led it, in the share of the days on which they did.
        """
        return self._get_kept_shares_sql(frame, SQL("p.date_until"), SQL("1"))

    def _get_kept_shares_sql(self, frame, until, chance):
        """Return the SQL of active accounts by who led them up to a day of the period.

        :param SQL until: the last day of ``kam_period p`` that is shared out
        :param SQL chance: what an account ``a`` counts in the period ``p``
        """
        active = SQL(
            """
            (SELECT account_id, date AS since,
                    lead(date) OVER (PARTITION BY account_id ORDER BY date) AS till,
                    to_level
               FROM kam_level_transition
              WHERE (to_level = 'active' OR from_level = 'active')) spell
              JOIN kam_account a ON a.id = spell.account_id
              JOIN kam_period p ON p.company_id = a.company_id
               AND spell.since <= p.date_until
               AND (spell.till IS NULL OR spell.till > p.date_until)
               AND spell.to_level = 'active' AND p.date_start <= %(until)s
            """,
            until=until,
        )
        overlap = SQL(
            """(LEAST(t.date_end, %(until)s) - GREATEST(t.date_start, p.date_start) + 1)
               ::float8 / (%(until)s - p.date_start + 1)""",
            until=until,
        )
        led = SQL(
            """t.account_id = a.id
               AND COALESCE(t.date_start, '-infinity') <= %(until)s
               AND COALESCE(t.date_end, 'infinity') >= p.date_start""",
            until=until,
        )
        rows = SQL(
            """
            SELECT a.company_id, p.id AS period_id, p.date_until AS date, t.user_id,
                   a.id AS account_id, 'kam.account' AS res_model, a.id AS res_id,
                   %(overlap)s * %(chance)s AS value, %(overlap)s AS weight
              FROM %(active)s
              JOIN kam_account_term t ON %(led)s
            """,
            overlap=overlap,
            chance=chance,
            active=active,
            led=led,
        )
        if not frame.with_nobody:
            return rows
        # the days on which nobody led it are the company's alone
        return SQL(
            """
            %(rows)s UNION ALL
            SELECT company_id, period_id, date, NULL, account_id, 'kam.account',
                   account_id, rest * chance, rest
              FROM (
                SELECT a.company_id, p.id AS period_id, p.date_until AS date,
                       a.id AS account_id, %(chance)s AS chance,
                       1 - COALESCE((SELECT sum(%(overlap)s)
                                       FROM kam_account_term t WHERE %(led)s), 0) AS rest
                  FROM %(active)s
                 WHERE NOT EXISTS (SELECT FROM kam_account_term t
                                    WHERE t.account_id = a.id AND t.date_start IS NULL
                                      AND t.date_end IS NULL)
              ) unled
             WHERE rest > 0.000001
            """,
            rows=rows,
            chance=chance,
            overlap=overlap,
            led=led,
            active=active,
        )

    def _get_won_sql(self, frame):
        """First purchases: steps from potential or engaged to new or active."""
        return self._get_steps_sql(frame, ("potential", "engaged"), ("new", "active"))

    def _get_engaged_sql(self, frame):
        """First contacts: steps from potential to engaged."""
        return self._get_steps_sql(frame, ("potential",), ("engaged",))

    def _get_steps_sql(self, frame, before, after):
        """Return the SQL of transitions, credited to whom the log credits them."""
        return SQL(
            """
            SELECT a.company_id, t.date, t.user_id, t.account_id,
                   'kam.level.transition' AS res_model, t.id AS res_id,
                   1 AS value, 1 AS weight
              FROM kam_level_transition t
              JOIN kam_account a ON a.id = t.account_id
             WHERE t.date BETWEEN %(start)s AND %(end)s
               AND t.from_level IN %(before)s AND t.to_level IN %(after)s
               AND a.company_id IN %(companies)s
            """,
            start=frame.start,
            end=frame.end,
            before=before,
            after=after,
            companies=frame.company_ids,
        )

    def _get_touches_sql(self, frame):
        """Touches, credited to who had them."""
        return self._get_touch_rows_sql(frame, SQL("1"), SQL("TRUE"))

    def _get_touch_quality_sql(self, frame):
        """Stars of the touches that have been rated."""
        return self._get_touch_rows_sql(frame, SQL("t.quality"), SQL("t.quality > 0"))

    def _get_touch_rows_sql(self, frame, value, condition):
        return SQL(
            """
            SELECT t.company_id, t.date::date AS date, t.user_id, t.account_id,
                   'kam.touch' AS res_model, t.id AS res_id, %(value)s AS value,
                   1 AS weight
              FROM kam_touch t
             WHERE t.active AND t.date >= %(start)s AND t.date < %(end)s + 1
               AND t.company_id IN %(companies)s AND %(condition)s
            """,
            value=value,
            start=frame.start,
            end=frame.end,
            companies=frame.company_ids,
            condition=condition,
        )
