from odoo import models
from odoo.tools import SQL

from . import evidence
from .bulk import bulk_load


class KamAccount(models.Model):
    """The log of transitions: the whole past of the accounts that changed."""

    _inherit = "kam.account"

    def _refresh_transitions(self, rules):
        """Make the log of the accounts in ``kam_refresh`` what their evidence says.

        Steps that stay as they were keep their row, and with it who was credited.

        :param rules: list of ``Rule``
        """
        execute = self.env.cr.execute
        self._create_temp_table("kam_step", [self._get_steps_sql(rule) for rule in rules])
        execute("ANALYZE kam_step")
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
        execute("SELECT count(*) FROM kam_step")
        [steps] = self.env.cr.fetchone()
        with bulk_load(self.env.cr, "kam_level_transition", steps):
            execute(
                SQL(
                    """
                    INSERT INTO kam_level_transition
                           (account_id, date, from_level, to_level, days, user_id,
                            trigger_model, trigger_id)
                    SELECT s.account_id, s.date, s.from_level, s.to_level, s.days, u.id,
                           s.trigger_model, s.trigger_id
                      FROM kam_step s
                      LEFT JOIN res_users u ON u.id = s.user_id
                     WHERE NOT EXISTS (SELECT FROM kam_level_transition t WHERE %s)
                    """,
                    same_step,
                )
            )

    def _get_steps_sql(self, rule):
        """Return the SQL of all transitions of the accounts of a rule to rebuild.

        Columns: account_id, date, from_level, to_level, days (in the former level; in
        the first one since the customer was created), user_id, trigger_model,
        trigger_id.
        """
        return SQL(
            """
            (WITH purchase AS (%(purchases)s),
            -- one row per account and day; min() names the first document of the day
            day AS (
                SELECT account_id, date, sum(purchases) AS purchases,
                       min(document) AS document, %(dormant_date)s AS dormant_date
                  FROM purchase
                 GROUP BY account_id, date
            ),
            story AS (
                SELECT *, lead(date) OVER stay AS next_date,
                       lag(dormant_date) OVER stay AS previous_dormant_date,
                       sum(purchases) OVER stay AS total
                  FROM day
                WINDOW stay AS (PARTITION BY account_id ORDER BY date)
            ),
            stay AS (
                -- the level before a day of purchases ('': not known yet) and after it
                SELECT *,
                       CASE WHEN previous_dormant_date IS NULL THEN ''
                            WHEN date > previous_dormant_date THEN 'dormant'
                            WHEN total - purchases >= %(minimum)s THEN 'active'
                            ELSE 'new' END AS former,
                       CASE WHEN total >= %(minimum)s THEN 'active' ELSE 'new' END AS level
                  FROM story
            ),
            step AS (
                -- the first contact, unless he bought by then
                SELECT r.account_id, r.first_touch_date AS date, 'potential' AS from_level,
                       'engaged' AS to_level, touch.user_id,
                       'kam.touch' AS trigger_model, touch.id AS trigger_id
                  FROM kam_refresh r
                 CROSS JOIN LATERAL (
                    SELECT t.id, t.user_id FROM kam_touch t
                     WHERE t.account_id = r.account_id
                     ORDER BY t.date, t.id LIMIT 1
                 ) touch
                 WHERE r.rebuild AND r.company_id IN %(companies)s
                   AND r.first_touch_date < COALESCE(r.first_purchase_date, 'infinity')
                UNION ALL
                -- a day of purchases, and a window without a purchase after it
                SELECT stay.account_id, moved.date, moved.from_level, moved.to_level,
                       NULLIF((moved.document & 4294967295)::int, 0),
                       CASE WHEN moved.document IS NOT NULL THEN %(model)s END,
                       (moved.document >> 32)::int
                  FROM stay
                 CROSS JOIN LATERAL (
                    VALUES (stay.date, stay.former, stay.level, stay.document),
                           (CASE WHEN stay.dormant_date <= %(as_of)s
                                  AND stay.dormant_date < COALESCE(stay.next_date, 'infinity')
                                 THEN stay.dormant_date END, stay.level, 'dormant', NULL)
                 ) moved (date, from_level, to_level, document)
                 WHERE moved.from_level <> moved.to_level AND moved.date IS NOT NULL
            )
            SELECT step.account_id, step.date,
                   CASE WHEN step.from_level <> '' THEN step.from_level
                        WHEN r.first_touch_date < step.date THEN 'engaged'
                        ELSE 'potential' END AS from_level,
                   step.to_level,
                   COALESCE(
                       step.date - lag(step.date) OVER life,
                       CASE WHEN p.create_date < step.date + 1
                            THEN step.date - p.create_date::date END
                   ) AS days,
                   COALESCE(step.user_id, r.manager_id) AS user_id,
                   step.trigger_model, step.trigger_id
              FROM step
              JOIN kam_refresh r ON r.account_id = step.account_id
              JOIN res_partner p ON p.id = r.partner_id
            WINDOW life AS (PARTITION BY step.account_id ORDER BY step.date))
            """,
            purchases=self._get_dated_purchases_sql(rule),
            dormant_date=evidence.dormant_date(SQL("date"), rule),
            companies=rule.company_ids,
            model="sale.order" if rule.basis == "order" else "account.move",
            minimum=rule.minimum,
            as_of=rule.as_of,
        )

    def _get_dated_purchases_sql(self, rule):
        """Return the SQL of the single purchases of the accounts of a rule to rebuild.

        Columns: account_id, date, purchases (their number), document (the document's
        id in the upper, its salesperson's in the lower 32 bits; none for an opening).
        """
        return SQL(
            """
            SELECT r.account_id, d.date::date AS date, 1 AS purchases,
                   d.id::bigint << 32 | COALESCE(d.user_id, 0) AS document
              FROM kam_refresh r
              JOIN (%(purchases)s) d
                ON d.partner_id = r.partner_id AND d.company_id = r.company_id
             WHERE r.rebuild
            UNION ALL
            SELECT o.account_id, o.date, o.purchases, NULL
              FROM (%(openings)s) o
              JOIN kam_refresh r ON r.account_id = o.account_id
             WHERE r.rebuild
            """,
            purchases=evidence.purchases(rule, scoped=False),
            openings=evidence.openings(rule),
        )
