from odoo import models
from odoo.tools import SQL

from . import evidence
from .bulk import bulk_load


class KamAccount(models.Model):
    """The log of transitions: the whole past of the accounts that changed."""

    _inherit = "kam.account"

    def _refresh_steps(self, rules):
        """Work out the log of the accounts to rebuild, in ``kam_step``.

        :param rules: list of ``Rule``
        """
        self._create_temp_table(
            "kam_step", [self._get_steps_sql(rule) for rule in rules]
        )
        self.env.cr.execute("ANALYZE kam_step (account_id, is_last)")

    def _refresh_write_transitions(self):
        """Make the log of the accounts in ``kam_refresh`` that of ``kam_step``.

        Steps that stay as they were keep their row, and with it who was credited.
        """
        execute = self.env.cr.execute
        same_step = SQL(
            """t.account_id = s.account_id AND t.date = s.date
           AND t.from_level = s.from_level AND t.to_level = s.to_level
           AND t.days IS NOT DISTINCT FROM s.days
           AND t.trigger_model IS NOT DISTINCT FROM s.trigger_model
           AND t.trigger_id IS NOT DISTINCT FROM s.trigger_id"""
        )
        execute(
            SQL(
                """
                DELETE FROM kam_level_transition t USING kam_refresh r
                 WHERE t.account_id = r.account_id AND r.rebuild
                   AND NOT EXISTS (SELECT FROM kam_step s WHERE %s)
                """,
                same_step,
            )
        )
        # what the log has already needs no row; told apart before the insert, which
        # would search a table that grows under it
        execute(
            SQL(
                "DELETE FROM kam_step s USING kam_level_transition t WHERE %s",
                same_step,
            )
        )
        execute("SELECT count(*) FROM kam_step")
        [steps] = self.env.cr.fetchone()
        with bulk_load(self.env.cr, "kam_level_transition", steps):
            execute(
                """
                INSERT INTO kam_level_transition
                       (account_id, date, from_level, to_level, days, user_id,
                        trigger_model, trigger_id)
                SELECT s.account_id, s.date, s.from_level, s.to_level, s.days, u.id,
                       s.trigger_model, s.trigger_id
                  FROM kam_step s
                  JOIN kam_account a ON a.id = s.account_id
                  LEFT JOIN res_users u ON u.id = COALESCE(s.user_id, a.manager_id)
                """
            )

    def _get_steps_sql(self, rule):
        """Return the SQL of all transitions of the accounts of a rule to rebuild.

        Columns: account_id, date, from_level, to_level, days (in the former level; in
        the first one since the customer was created), user_id, trigger_model,
        trigger_id, is_last.
        """
        return SQL(
            """
            (SELECT account_id, date, from_level, to_level,
                    COALESCE(
                        date - lag(date) OVER life,
                        (SELECT date - p.create_date::date FROM res_partner p
                          WHERE p.id = partner_id AND p.create_date < date + 1)
                    ) AS days,
                    NULLIF((cause & 4294967295)::int, 0) AS user_id,
                    CASE WHEN cause IS NULL THEN NULL
                         WHEN to_level = 'engaged' THEN 'kam.touch'
                         ELSE %(model)s END AS trigger_model,
                    (cause >> 32)::int AS trigger_id,
                    lead(date) OVER life IS NULL AS is_last
               FROM (
                 SELECT day.account_id, day.partner_id, step.*
                   FROM (
                     SELECT *,
                            CASE WHEN previous_date IS NULL THEN 'potential'
                                 WHEN date > previous_dormant_date THEN 'dormant'
                                 WHEN so_far = purchases THEN 'engaged'
                                 WHEN so_far - purchases < %(minimum)s THEN 'new'
                                 ELSE 'active' END AS former,
                            CASE WHEN so_far = 0 THEN 'engaged'
                                 WHEN so_far < %(minimum)s THEN 'new'
                                 ELSE 'active' END AS level
                       FROM (%(days)s) day
                     OFFSET 0
                   ) day
                  CROSS JOIN LATERAL (
                    -- what the day brought, and a window of silence after it
                    VALUES (day.date, former, level, cause),
                           (dormant_date, level, 'dormant', NULL)
                  ) step (date, from_level, to_level, cause)
                  WHERE step.from_level <> step.to_level AND step.date <= %(as_of)s
                    AND (next_date IS NULL OR step.date < next_date)
               ) step
             WINDOW life AS (PARTITION BY account_id ORDER BY date))
            """,
            days=self._get_days_sql(rule),
            model="sale.order" if rule.basis == "order" else "account.move",
            minimum=rule.minimum,
            as_of=rule.as_of,
        )

    def _get_days_sql(self, rule):
        """Return the SQL of the days that count in the lives of the accounts to rebuild.

        These are the days of purchases, and that of the first touch if he had not bought
        by then. Columns: account_id, partner_id, date, purchases (of the day), cause
        (the id of its first document, or of the touch, in the upper, the user's in the
        lower 32 bits; none for an opening), dormant_date (when a window without a
        purchase would have passed), so_far (purchases up to this day), previous_date,
        previous_dormant_date, next_date.
        """
        return SQL(
            """
            SELECT *, sum(purchases) OVER life AS so_far,
                   lag(date) OVER life AS previous_date,
                   lag(dormant_date) OVER life AS previous_dormant_date,
                   lead(date) OVER life AS next_date
              FROM (
                SELECT account_id, date, partner_id, sum(purchases)::int AS purchases,
                       min(cause) AS cause,
                       CASE WHEN sum(purchases) > 0 THEN %(dormant_date)s END
                           AS dormant_date
                  FROM (%(events)s) event
                 GROUP BY account_id, date, partner_id
              ) day
            WINDOW life AS (PARTITION BY account_id ORDER BY date ROWS UNBOUNDED PRECEDING)
            """,
            dormant_date=evidence.dormant_date(SQL("date"), rule),
            events=self._get_events_sql(rule),
        )

    def _get_events_sql(self, rule):
        """Return the SQL of the single purchases and first touches behind the days.

        Columns: account_id, partner_id, date, purchases (their number), cause (as in
        ``_get_days_sql``).
        """
        return SQL(
            """
            SELECT r.account_id, r.partner_id, d.date::date AS date, 1 AS purchases,
                   d.id::bigint << 32 | COALESCE(d.user_id, 0) AS cause
              FROM kam_refresh r
              JOIN (%(purchases)s) d
                ON d.partner_id = r.partner_id AND d.company_id = r.company_id
             WHERE r.rebuild
            UNION ALL
            SELECT r.account_id, r.partner_id, o.date, o.purchases, NULL
              FROM (%(openings)s) o
              JOIN kam_refresh r ON r.account_id = o.account_id
             WHERE r.rebuild
            UNION ALL
            SELECT r.account_id, r.partner_id, r.first_touch_date, 0,
                   touch.id::bigint << 32 | COALESCE(touch.user_id, 0)
              FROM kam_refresh r
             CROSS JOIN LATERAL (
                SELECT t.id, t.user_id FROM kam_touch t
                 WHERE t.account_id = r.account_id AND t.active
                 ORDER BY t.date, t.id LIMIT 1
             ) touch
             WHERE r.rebuild AND r.company_id IN %(companies)s
               AND r.first_touch_date < COALESCE(r.first_purchase_date, 'infinity')
            """,
            purchases=evidence.purchases(rule, scoped=False),
            openings=evidence.openings(rule),
            companies=rule.company_ids,
        )
