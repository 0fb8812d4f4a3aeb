from odoo import models
from odoo.tools import SQL

from . import evidence


class KamAccount(models.Model):
    """The log of transitions: the whole past of the accounts that changed."""

    _inherit = "kam.account"

    def _refresh_transitions(self, as_of):
        """Make the log of the accounts in ``kam_refresh`` what their evidence says.

        Steps that stay as they were keep their row, and with it who was credited.

        :param date as_of: the log ends on this day
        """
        self.env.cr.execute("SELECT FROM kam_refresh WHERE rebuild LIMIT 1")
        if not self.env.cr.rowcount:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH step AS MATERIALIZED (%(steps)s),
                gone AS (
                    DELETE FROM kam_level_transition t
                     USING kam_refresh r
                     WHERE t.account_id = r.account_id AND r.rebuild
                       AND NOT EXISTS (SELECT FROM step
                                        WHERE step.account_id = t.account_id
                                          AND step.date = t.date)
                )
                INSERT INTO kam_level_transition AS t
                       (account_id, date, from_level, to_level, days, user_id,
                        trigger_model, trigger_id)
                SELECT step.account_id, step.date, step.from_level, step.to_level,
                       CASE WHEN step.since <= step.date THEN step.date - step.since END,
                       u.id, step.trigger_model, step.trigger_id
                  FROM step
                  LEFT JOIN res_users u ON u.id = step.user_id
                    ON CONFLICT (account_id, date) DO UPDATE
                   SET from_level = excluded.from_level, to_level = excluded.to_level,
                       days = excluded.days, user_id = excluded.user_id,
                       trigger_model = excluded.trigger_model,
                       trigger_id = excluded.trigger_id
                 WHERE (t.from_level, t.to_level, t.days, t.trigger_model, t.trigger_id)
                       IS DISTINCT FROM
                       (excluded.from_level, excluded.to_level, excluded.days,
                        excluded.trigger_model, excluded.trigger_id)
                """,
                steps=self._get_steps_sql(as_of),
            )
        )

    def _get_steps_sql(self, as_of):
        """Return the SQL of all transitions of the accounts to rebuild.

        Columns: account_id, date, from_level, to_level, since (the day the previous
        level began; for the first step the day the customer was created), user_id,
        trigger_model, trigger_id.

        :param date as_of: the log ends on this day
        """
        return SQL(
            """
            WITH purchase AS (%(purchases)s),
            -- one row per account and day of purchase; min() names the day's first document
            day AS (
                SELECT account_id, date, sum(purchases) AS purchases,
                       min(document) AS document
                  FROM purchase
                 GROUP BY account_id, date
            ),
            story AS (
                SELECT r.account_id, r.basis, r.manager_id, r.first_touch_date,
                       day.date, day.document,
                       %(dormant_date)s AS dormant_date,
                       lead(day.date) OVER stay AS next_date,
                       lag(%(dormant_date)s) OVER stay AS previous_dormant_date,
                       sum(day.purchases) OVER stay >= r.minimum AS regular,
                       sum(day.purchases) OVER stay - day.purchases >= r.minimum
                           AS was_regular
                  FROM day
                  JOIN kam_refresh r ON r.account_id = day.account_id
                WINDOW stay AS (PARTITION BY day.account_id ORDER BY day.date)
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
                 WHERE r.rebuild
                   AND r.first_touch_date < COALESCE(r.first_purchase_date, 'infinity')
                UNION ALL
                -- a day of purchases
                SELECT account_id, date, before.level, after.level,
                       NULLIF((document & 4294967295)::int, 0),
                       CASE WHEN document IS NULL THEN NULL
                            WHEN basis = 'order' THEN 'sale.order'
                            ELSE 'account.move' END,
                       (document >> 32)::int
                  FROM story
                 CROSS JOIN LATERAL (
                    SELECT CASE WHEN date > previous_dormant_date THEN 'dormant'
                                WHEN previous_dormant_date IS NULL
                                     AND first_touch_date < date THEN 'engaged'
                                WHEN previous_dormant_date IS NULL THEN 'potential'
                                WHEN was_regular THEN 'active'
                                ELSE 'new' END AS level
                 ) before
                 CROSS JOIN LATERAL (
                    SELECT CASE WHEN regular THEN 'active' ELSE 'new' END AS level
                 ) after
                 WHERE before.level <> after.level
                UNION ALL
                -- a window without a purchase
                SELECT account_id, dormant_date,
                       CASE WHEN regular THEN 'active' ELSE 'new' END, 'dormant',
                       manager_id, NULL, NULL
                  FROM story
                 WHERE dormant_date <= %(as_of)s
                   AND dormant_date < COALESCE(next_date, 'infinity')
            )
            SELECT step.account_id, step.date, step.from_level, step.to_level,
                   COALESCE(lag(step.date) OVER life, r.customer_since) AS since,
                   COALESCE(step.user_id, r.manager_id) AS user_id,
                   step.trigger_model, step.trigger_id
              FROM step
              JOIN kam_refresh r ON r.account_id = step.account_id
            WINDOW life AS (PARTITION BY step.account_id ORDER BY step.date)
            """,
            purchases=self._get_dated_purchases_sql(as_of),
            dormant_date=evidence.dormant_date(SQL("day.date"), SQL("r.months")),
            as_of=as_of,
        )

    def _get_dated_purchases_sql(self, as_of):
        """Return the SQL of the single purchases of the accounts to rebuild.

        Columns: account_id, date, purchases (their number), document (the document's
        id in the upper, its salesperson's in the lower 32 bits; none for an opening).

        :param date as_of: purchases after this day are not known yet
        """
        return SQL(
            """
            SELECT r.account_id, d.date, 1 AS purchases,
                   d.id::bigint << 32 | COALESCE(d.user_id, 0) AS document
              FROM kam_refresh r
              JOIN res_partner p ON p.commercial_partner_id = r.partner_id
              JOIN (%(documents)s) d ON d.partner_id = p.id AND d.company_id = r.company_id
             WHERE r.rebuild AND d.counts AND d.basis = r.basis AND d.date <= %(as_of)s
            UNION ALL
            SELECT o.account_id, o.date, o.purchases, NULL
              FROM (%(openings)s) o
              JOIN kam_refresh r ON r.account_id = o.account_id
             WHERE r.rebuild AND o.date <= %(as_of)s
            """,
            documents=evidence.documents(),
            openings=evidence.openings(),
            as_of=as_of,
        )
