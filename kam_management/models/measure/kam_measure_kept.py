from odoo import models
from odoo.tools import SQL


class KamMeasure(models.AbstractModel):
    """Facts: active customers kept, shared out among those who led them."""

    _inherit = "kam.measure"

    def _get_kept_sql(self, frame):
        """Accounts that are active at the end of the period so far.

        Each counts for those who led it, in the share of the days on which they did.
        """
        return self._get_kept_shares_sql(frame, SQL("p.date_until"), SQL("1"))

    def _get_kept_shares_sql(self, frame, until, chance):
        """Return the SQL of active accounts by who led them up to a day of the period.

        :param SQL until: the last day of ``kam_period p`` that is shared out
        :param SQL chance: what an account ``a`` (id, company_id, last_purchase_date)
            counts in the period ``p``
        """
        rows = self._get_led_shares_sql(frame, until, chance)
        if not frame.with_nobody:
            return rows
        # the days on which nobody led it are the company's alone
        return SQL(
            "%s UNION ALL %s", rows, self._get_unled_shares_sql(frame, until, chance)
        )

    def _get_led_shares_sql(self, frame, until, chance):
        return SQL(
            """
            SELECT a.company_id, p.id AS period_id, p.date_until AS date, a.user_id,
                   a.id AS account_id, 'kam.account' AS res_model, a.id AS res_id,
                   %(share)s * %(chance)s * a.number AS value,
                   %(share)s * a.number AS weight
              FROM (%(active)s) a
             -- fenced: taken for as many rows as there are, not for next to none
             CROSS JOIN LATERAL (
                SELECT * FROM kam_period p WHERE %(stands)s AND %(led)s OFFSET 0) p
            """,
            share=share("a", until),
            chance=chance,
            active=self._get_led_sql(frame),
            stands=stands(until),
            led=led("a", until),
        )

    def _get_led_sql(self, frame):
        """Return the SQL of active accounts, by who led them when.

        For a figure alone those are counted together that neither a period nor a term
        tells apart: that is far fewer to share out over the periods.
        """
        active = self._get_active_sql(
            frame,
            SQL("t.user_id, t.date_start, t.date_end, 1 AS number"),
            SQL("JOIN kam_account_term t ON t.account_id = account.id"),
        )
        if frame.one_by_one:
            return active
        return SQL(
            """
            SELECT NULL::int AS id, company_id, user_id, date_start, date_end,
                   min(since) AS since, min(till) AS till, count(*) AS number
              FROM (%(active)s) one
             GROUP BY company_id, user_id, date_start, date_end,
                      width_bucket(since, %(marks)s::date[]),
                      width_bucket(till, %(marks)s::date[])
            OFFSET 0
            """,
            active=active,
            marks=frame.marks,
        )

    def _get_unled_shares_sql(self, frame, until, chance):
        return SQL(
            """
            SELECT company_id, period_id, date, NULL, account_id, 'kam.account',
                   account_id, rest * chance, rest
              FROM (
                SELECT a.company_id, p.id AS period_id, p.date_until AS date,
                       a.id AS account_id, %(chance)s AS chance,
                       1 - COALESCE((SELECT sum(%(share)s) FROM kam_account_term t
                                      WHERE t.account_id = a.id AND %(led)s), 0) AS rest
                  FROM (%(active)s) a
                  JOIN kam_period p ON %(stands)s
              ) unled
             WHERE rest > 0.000001
            """,
            chance=chance,
            share=share("t", until),
            led=led("t", until),
            active=self._get_active_sql(
                frame,
                SQL("NULL"),
                SQL(
                    """LEFT JOIN kam_account_term always
                         ON always.account_id = account.id
                        AND always.date_start IS NULL AND always.date_end IS NULL"""
                ),
                SQL("always.id IS NULL"),
            ),
            stands=stands(until),
        )

    def _get_active_sql(self, frame, columns, join, condition=None):
        """Return the SQL of the times in which accounts were active: from since to till.

        Among the steps into and out of this level, the next ends what one begins.
        """
        return SQL(
            """
            SELECT account.id, account.company_id, account.last_purchase_date,
                   spell.since, spell.till, %s
              FROM (
                SELECT account_id, to_level, date AS since,
                       lead(date) OVER (PARTITION BY account_id ORDER BY date) AS till
                  FROM kam_level_transition
                 WHERE (to_level = 'active' OR from_level = 'active') AND %s
              ) spell
              JOIN kam_account account ON account.id = spell.account_id
               AND account.company_id IN %s
              %s
             WHERE spell.to_level = 'active' AND spell.since <= %s AND %s AND %s
            -- a fence: accounts and periods must not be joined first
            OFFSET 0
            """,
            columns,
            frame.of_accounts(SQL("account_id")),
            frame.company_ids,
            join,
            frame.today,
            condition or SQL("TRUE"),
            frame.of_accounts(SQL("account.id")),
        )


def stands(until):
    """Return the SQL condition that an account is active in a period that has begun."""
    return SQL(
        """p.company_id = a.company_id AND p.date_start <= %s
           AND a.since <= p.date_until AND COALESCE(a.till, 'infinity') > p.date_until""",
        until,
    )


def led(term, until):
    """Return the SQL condition that a term and the days that count have some in common."""
    return SQL(
        """COALESCE(%s, '-infinity') <= LEAST(%s, p.day_to)
           AND COALESCE(%s, 'infinity') >= p.day_from""",
        SQL.identifier(term, "date_start"),
        until,
        SQL.identifier(term, "date_end"),
    )


def share(term, until):
    """Return the SQL of the share of a period that is in a term, of the days that count."""
    return SQL(
        """((LEAST(%(end)s, %(until)s, p.day_to)
             - GREATEST(%(start)s, p.date_start, p.day_from) + 1)::float8
            / (%(until)s - p.date_start + 1))""",
        start=SQL.identifier(term, "date_start"),
        end=SQL.identifier(term, "date_end"),
        until=until,
    )
