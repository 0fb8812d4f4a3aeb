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
        self.env.cr.execute("ANALYZE kam_step")

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
                      JOIN kam_account a ON a.id = s.account_id
                      LEFT JOIN res_users u ON u.id = COALESCE(s.user_id, a.manager_id)
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
            (WITH purchase AS MATERIALIZED (%(purchases)s),
            step AS (
                -- the first contact, unless he bought by then
                SELECT r.account_id, r.partner_id, r.first_touch_date AS date,
                       'potential' AS from_level, 'engaged' AS to_level,
                       'kam.touch' AS trigger_model,
                       touch.id::bigint << 32 | COALESCE(touch.user_id, 0) AS cause
                  FROM kam_refresh r
                 CROSS JOIN LATERAL (
                    SELECT t.id, t.user_id FROM kam_touch t
                     WHERE t.account_id = r.account_id
                     ORDER BY t.date, t.id LIMIT 1
                 ) touch
                 WHERE r.rebuild AND r.company_id IN %(companies)s
                   AND r.first_touch_date < COALESCE(r.first_purchase_date, 'infinity')
                UNION ALL
                -- a day of purchases; its first one is the cause
                SELECT account_id, partner_id, date, former, level, %(model)s, document
                  FROM (
                    SELECT *,
                           CASE WHEN previous_date IS NULL AND first_touch_date < date
                                THEN 'engaged'
                                WHEN previous_date IS NULL THEN 'potential'
                                WHEN date > %(previous_dormant_date)s THEN 'dormant'
                                WHEN so_far - purchases >= %(minimum)s THEN 'active'
                                ELSE 'new' END AS former,
                           CASE WHEN total >= %(minimum)s THEN 'active' ELSE 'new' END
                               AS level
                      FROM purchase
                     WHERE previous_date IS DISTINCT FROM date
                    OFFSET 0
                  ) bought
                 WHERE former <> level
                UNION ALL
                -- a window without a purchase after the last one of a day
                SELECT account_id, partner_id, dormant_date,
                       CASE WHEN total >= %(minimum)s THEN 'active' ELSE 'new' END,
                       'dormant', NULL, NULL
                  FROM (
                    SELECT *, %(dormant_date)s AS dormant_date
                      FROM purchase
                     WHERE next_date IS DISTINCT FROM date
                    OFFSET 0
                  ) silent
                 WHERE dormant_date <= %(as_of)s
                   AND dormant_date < COALESCE(next_date, 'infinity')
            )
            SELECT account_id, date, from_level, to_level,
                   COALESCE(
                       date - lag(date) OVER (PARTITION BY account_id ORDER BY date),
                       (SELECT date - p.create_date::date FROM res_partner p
                         WHERE p.id = partner_id AND p.create_date < date + 1)
                   ) AS days,
                   NULLIF((cause & 4294967295)::int, 0) AS user_id,
                   CASE WHEN cause IS NOT NULL THEN trigger_model END AS trigger_model,
                   (cause >> 32)::int AS trigger_id
              FROM step)
            """,
            purchases=self._get_dated_purchases_sql(rule),
            dormant_date=evidence.dormant_date(SQL("date"), rule),
            previous_dormant_date=evidence.dormant_date(SQL("previous_date"), rule),
            companies=rule.company_ids,
            model="sale.order" if rule.basis == "order" else "account.move",
            minimum=rule.minimum,
            as_of=rule.as_of,
        )

    def _get_dated_purchases_sql(self, rule):
        """Return the SQL of the single purchases of the accounts of a rule to rebuild.

        Columns: account_id, partner_id, first_touch_date, date, purchases (their
        number), document (the document's id in the upper, its salesperson's in
        the lower 32 bits; none for an opening), previous_date, next_date (of the
        purchases before and after, maybe the same day), so_far (purchases up to this
        one), total (purchases up to the end of the day).
        """
        return SQL(
            """
            SELECT *, lag(date) OVER life AS previous_date, lead(date) OVER life AS next_date,
                   sum(purchases) OVER (life ROWS UNBOUNDED PRECEDING) AS so_far,
                   sum(purchases) OVER (PARTITION BY account_id ORDER BY date) AS total
              FROM (
                SELECT r.account_id, r.partner_id, r.first_touch_date,
                       d.date::date AS date, 1 AS purchases,
                       d.id::bigint << 32 | COALESCE(d.user_id, 0) AS document
                  FROM kam_refresh r
                  JOIN (%(purchases)s) d
                    ON d.partner_id = r.partner_id AND d.company_id = r.company_id
                 WHERE r.rebuild
                UNION ALL
                SELECT r.account_id, r.partner_id, r.first_touch_date,
                       o.date, o.purchases, NULL
                  FROM (%(openings)s) o
                  JOIN kam_refresh r ON r.account_id = o.account_id
                 WHERE r.rebuild
              ) purchase
            WINDOW life AS (PARTITION BY account_id ORDER BY date, document)
            """,
            purchases=evidence.purchases(rule, scoped=False),
            openings=evidence.openings(rule),
        )
