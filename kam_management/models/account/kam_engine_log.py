from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from ..engine.run import BULK_ROWS
from .kam_account_term import led
from .kam_level_mixin import dormant_date

# Steps that are the same, whoever they are credited to
SAME_STEP = SQL(
    """t.account_id = s.account_id AND t.date = s.date
       AND t.from_level = s.from_level AND t.to_level = s.to_level
       AND t.days IS NOT DISTINCT FROM s.days
       AND t.trigger_model IS NOT DISTINCT FROM s.trigger_model
       AND t.trigger_id IS NOT DISTINCT FROM s.trigger_id"""
)
# How the log becomes what was worked out
REMOVE_STEPS = """
    DELETE FROM kam_level_transition t USING %(change)s c
     WHERE t.account_id = c.account_id AND c.rebuild
       AND NOT EXISTS (SELECT FROM %(credited)s s WHERE %(same)s)
"""
CREDIT_STEPS = """
    UPDATE kam_level_transition t SET user_id = s.credited_id
      FROM %(credited)s s
     WHERE %(same)s AND t.user_id IS DISTINCT FROM s.credited_id
"""
# What the log has already needs no row: told apart before the insert, which would search
# a table that grows under it.
LEAVE_OUT_STEPS = """
    DELETE FROM %(credited)s s USING kam_level_transition t WHERE %(same)s
"""
ADD_STEPS = """
    INSERT INTO kam_level_transition
           (account_id, date, from_level, to_level, days, user_id,
            trigger_model, trigger_id)
    SELECT s.account_id, s.date, s.from_level, s.to_level, s.days, s.credited_id,
           s.trigger_model, s.trigger_id
      FROM %(credited)s s
      JOIN kam_account a ON a.id = s.account_id
"""


class KamEngine(models.AbstractModel):
    """The log of levels: the whole past of the accounts that changed."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step(50, "_step_log"),
            Step(80, "_step_write_log"),
        ]

    @api.model
    def _get_first_contact_sql(self):
        """Return the SQL of the first contact of account ``c``, which another room knows.

        Columns: trigger_model, id, user_id.
        """
        return SQL(
            "SELECT NULL AS trigger_model, NULL::int AS id, NULL::int AS user_id"
        )

    @api.model
    def _step_log(self, run):
        """Work out the log of the accounts to rebuild, in ``step``."""
        queries = [self._get_log_sql(run, rule) for rule in run.rules]
        run.keep("step", queries, ("account_id", "is_last"))

    @api.model
    def _get_log_sql(self, run, rule):
        """Return the SQL of all transitions of the accounts of a rule to rebuild.

        Columns: account_id, date, from_level, to_level, days (in the former level; in
        the first one since the customer was created), trigger_model, trigger_id,
        user_id (who did it), is_last.
        """
        return SQL(
            """
            (SELECT account_id, date, from_level, to_level,
                    COALESCE(
                        date - lag(date) OVER life,
                        (SELECT date - p.create_date::date FROM res_partner p
                          WHERE p.id = partner_id AND p.create_date < date + 1)
                    ) AS days,
                    trigger_model, trigger_id, user_id,
                    lead(date) OVER life IS NULL AS is_last
               FROM (
                 -- what the day brought, and a window of silence after it
                 SELECT account_id, partner_id,
                        CASE WHEN is_silence THEN dormant_date ELSE date END AS date,
                        CASE WHEN is_silence THEN level ELSE former END AS from_level,
                        CASE WHEN is_silence THEN 'dormant' ELSE level END AS to_level,
                        CASE WHEN NOT is_silence THEN trigger_model END AS trigger_model,
                        CASE WHEN NOT is_silence THEN trigger_id END AS trigger_id,
                        CASE WHEN NOT is_silence THEN user_id END AS user_id
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
                  CROSS JOIN (VALUES (FALSE), (TRUE)) step (is_silence)
                  WHERE CASE WHEN is_silence
                        THEN dormant_date <= %(as_of)s
                             AND (next_date IS NULL OR dormant_date < next_date)
                        ELSE former <> level AND date <= %(as_of)s END
               ) step
             WINDOW life AS (PARTITION BY account_id ORDER BY date))
            """,
            days=self._get_days_sql(run, rule),
            minimum=rule.minimum,
            as_of=rule.as_of,
        )

    @api.model
    def _get_days_sql(self, run, rule):
        """Return the SQL of the days that count in the lives of the accounts to rebuild.

        These are the days of purchases, and that of the first touch where nothing was
        bought by then. Columns: account_id, partner_id, date, purchases (of the day),
        trigger_model, trigger_id and user_id (of its first document or touch; none for
        an opening), dormant_date (when a window without a purchase would have passed), so_far
        (purchases up to this day), previous_date, previous_dormant_date, next_date.
        """
        return SQL(
            """
            SELECT *, sum(purchases) OVER life AS so_far,
                   lag(date) OVER life AS previous_date,
                   lag(dormant_date) OVER life AS previous_dormant_date,
                   lead(date) OVER life AS next_date
              FROM (
                SELECT DISTINCT ON (account_id, date) account_id, date, partner_id,
                       sum(purchases) OVER whole::int AS purchases,
                       trigger_model, trigger_id, user_id,
                       CASE WHEN sum(purchases) OVER whole > 0 THEN %(dormant_date)s END
                           AS dormant_date
                  FROM (%(events)s) event
                WINDOW whole AS (PARTITION BY account_id, date)
                 ORDER BY account_id, date, trigger_model, trigger_id
              ) day
            WINDOW life AS (PARTITION BY account_id ORDER BY date ROWS UNBOUNDED PRECEDING)
            """,
            dormant_date=dormant_date(SQL("date"), rule),
            events=self._get_events_sql(run, rule),
        )

    @api.model
    def _get_events_sql(self, run, rule):
        """Return the SQL of the single purchases and first touches behind the days.

        Columns: account_id, partner_id, date, purchases (their number), trigger_model,
        trigger_id, user_id.
        """
        return SQL(
            """
            SELECT c.account_id, c.partner_id, sale.date, sale.purchases,
                   NULLIF(sale.res_model, 'kam.account') AS trigger_model,
                   CASE WHEN sale.res_model <> 'kam.account' THEN sale.res_id END
                       AS trigger_id,
                   sale.user_id
              FROM %(change)s c
              JOIN (%(sales)s) sale
                ON sale.partner_id = c.partner_id AND sale.company_id = c.company_id
             WHERE c.rebuild AND sale.purchases > 0
            UNION ALL
            SELECT c.account_id, c.partner_id, c.first_touch_date, 0,
                   contact.trigger_model, contact.id, contact.user_id
              FROM %(change)s c
             CROSS JOIN LATERAL (%(first_contact)s) contact
             WHERE c.rebuild AND c.company_id IN %(companies)s
               AND c.first_touch_date < COALESCE(c.first_purchase_date, 'infinity')
            """,
            change=run.table("change"),
            sales=self._get_sales_of_run_sql(run, rule, self._get_rebuilt_sql(run)),
            first_contact=self._get_first_contact_sql(),
            companies=rule.company_ids,
        )

    @api.model
    def _get_rebuilt_sql(self, run):
        """Return the SQL of the customers with a log to rebuild.

        :return: SQL; None where they are many, who are found sooner among all
        """
        query = "SELECT %s FROM %s WHERE rebuild"
        rebuilt = SQL(query, SQL("partner_id"), run.table("change"))
        count = SQL(query, SQL("count(*)"), run.table("change"))
        [[number]] = run.execute(count).fetchall()
        return rebuilt if number <= BULK_ROWS else None

    @api.model
    def _step_write_log(self, run):
        """Make the log of the accounts in ``change`` that of ``step``.

        A step is credited to who led the account on its day; where nobody did, to who
        did it. Steps that stay as they were keep their row.
        """
        credited = self._get_credited_sql(run)
        begins = run.begins("kam_level_transition")
        if begins:
            run.look_up("credited", credited)
        else:
            run.keep("credited", [credited], ("account_id",))
        tables = {name: run.table(name) for name in ("change", "credited")}
        for query in () if begins else (REMOVE_STEPS, CREDIT_STEPS, LEAVE_OUT_STEPS):
            run.execute(SQL(query, same=SAME_STEP, **tables))
        run.load("kam_level_transition", run.tables["step"])
        run.execute(SQL(ADD_STEPS, **tables))

    @api.model
    def _get_credited_sql(self, run):
        """Return the SQL of the rows of ``step``, and credited_id: who has the credit."""
        return SQL(
            """
            SELECT s.*, COALESCE(term.user_id, u.id) AS credited_id
              FROM %(step)s s
              LEFT JOIN kam_account_term term ON %(led)s
              LEFT JOIN res_users u ON u.id = s.user_id
            """,
            step=run.table("step"),
            led=led(SQL("s.account_id"), SQL("s.date")),
        )

    @api.model
    def _credit_steps(self):
        """Credit all steps to who led the account then, where somebody did."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_level_transition t SET user_id = term.user_id
                  FROM kam_account_term term
                 WHERE %s AND t.user_id IS DISTINCT FROM term.user_id
                """,
                led(SQL("t.account_id"), SQL("t.date")),
            )
        )
        self.env["kam.level.transition"].invalidate_model(["user_id"], flush=False)
