from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from ..engine.run import BULK_ROWS
from ..evidence import customers
from ..evidence.account_move import fill_billing
from ..evidence.look import NOBODYS_CUSTOMERS
from ..evidence.sale_order import fill_customers
from .kam_engine_figures import columns

NOW = SQL("now() AT TIME ZONE 'UTC'")


class KamEngine(models.AbstractModel):
    """The accounts: whose there are, what is written into them, who leads them."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step(5, "_step_heal"),
            Step(30, "_step_customers"),
            Step(60, "_step_write"),
            Step(65, "_step_appoint"),
            Step(70, "_step_terms"),
            Step(95, "_step_leads"),
            Step(98, "_step_vendors"),
        ]

    @api.model
    def _step_heal(self, run):
        """Take up what was written past Odoo, in a refresh of all."""
        if not run.scoped:
            self._heal()

    @api.model
    def _heal(self):
        """Take up orders and invoices that do not know their customers."""
        healed = fill_customers(self.env.cr) + fill_billing(self.env.cr)
        return super()._heal().union(healed)

    @api.model
    def _step_customers(self, run):
        """Note in ``missing`` which customers have no account yet.

        Neither our own companies nor internal users are customers.
        """
        looks = [rule.look() for rule in run.rules]
        invoiced = None if run.scoped else run.table("invoiced")
        found = SQL(
            "SELECT company_id, partner_id FROM %s UNION ALL %s",
            run.table("sales"),
            customers.get_customers(looks, run.partners, run.as_of, invoiced),
        )
        if run.scoped:
            found = SQL(
                """SELECT company_id, partner_id FROM (%s) customer
                    WHERE (company_id, partner_id) IN (
                        SELECT company_id, partner_id FROM %s)""",
                found,
                run.table("scope"),
            )
        missing = SQL(
            """
            SELECT DISTINCT partner_id, company_id FROM (%s) customer
             WHERE partner_id NOT IN (%s)
               AND NOT EXISTS (SELECT FROM kam_account a
                                WHERE a.company_id = customer.company_id
                                  AND a.partner_id = customer.partner_id)
            """,
            found,
            NOBODYS_CUSTOMERS,
        )
        run.keep("missing", [missing], ("company_id", "partner_id"))

    @api.model
    def _add_accounts(self, found):
        """Make the accounts that some customers lack, as they begin: without figures.

        :param SQL found: rows of company_id, partner_id (a commercial entity)
        :return: list of the ids of the new accounts
        """
        self.env.cr.execute(
            SQL(
                """
                WITH found AS MATERIALIZED (%(found)s),
                missing AS MATERIALIZED (
                    SELECT company_id, partner_id FROM found
                     WHERE partner_id NOT IN (%(not_customers)s)
                    EXCEPT
                    SELECT company_id, partner_id FROM kam_account a
                     WHERE (a.company_id, a.partner_id) IN (
                            SELECT company_id, partner_id FROM found)
                )
                INSERT INTO kam_account
                       (company_id, partner_id, active, level, manager_id, team_id,
                        source_id, create_uid, write_uid, create_date, write_date)
                SELECT company_id, partner_id, active, 'potential', manager_id, team_id,
                       source_id, %(user)s, %(user)s, %(now)s, %(now)s
                  FROM (%(beginnings)s) beginning
                    ON CONFLICT DO NOTHING
                RETURNING id
                """,
                found=found,
                not_customers=NOBODYS_CUSTOMERS,
                user=self.env.uid,
                now=NOW,
                beginnings=self._get_beginnings_sql(SQL("missing")),
            )
        )
        return [account for [account] in self.env.cr.fetchall()]

    @api.model
    def _step_write(self, run):
        """Write what is in ``change``: into new accounts, and into those that differ.

        The level that is news is left to ``_step_tell``.
        """
        names = self._get_figure_fields(run)
        if missing := run.tables["missing"]:
            run.load("kam_account", missing)
            self._insert_accounts(run, names)
        if missing > BULK_ROWS:
            run.execute(SQL("ANALYZE kam_account (id, company_id, partner_id)"))
        self._update_accounts(run, names)

    @api.model
    def _insert_accounts(self, run, names):
        many = run.tables["missing"] > BULK_ROWS
        statement = SQL(
            """
            INSERT INTO kam_account
                   (id, company_id, partner_id, active, manager_id, team_id, source_id,
                    create_uid, write_uid, create_date, write_date, level_date, %(names)s)
            SELECT c.account_id, c.company_id, c.partner_id, b.active, b.manager_id,
                   b.team_id, b.source_id, %(user)s, %(user)s, %(now)s, %(now)s,
                   step.date, %(figures)s
              FROM %(change)s c
              JOIN (%(beginnings)s) b
                ON b.company_id = c.company_id AND b.partner_id = c.partner_id
              LEFT JOIN %(step)s step ON step.account_id = c.account_id AND step.is_last
             WHERE c.missing
                ON CONFLICT DO NOTHING
            """,
            names=SQL(", ").join(map(SQL.identifier, names)),
            user=self.env.uid,
            now=NOW,
            figures=SQL(", ").join(
                SQL("CASE WHEN c.told THEN 'potential' ELSE c.level END")
                if name == "level"
                else SQL.identifier("c", name)
                for name in names
            ),
            change=run.table("change"),
            beginnings=self._get_beginnings_sql(run.table("missing"), many),
            step=run.table("step"),
        )
        run.execute(statement)

    @api.model
    def _update_accounts(self, run, names):
        level_date = SQL("CASE WHEN c.rebuild THEN step.date ELSE a.level_date END")
        new = SQL(", ").join(
            SQL("CASE WHEN c.told THEN a.level ELSE c.level END")
            if name == "level"
            else SQL.identifier("c", name)
            for name in names
        )
        statement = SQL(
            """
            UPDATE kam_account a
               SET (%(names)s, level_date, write_uid, write_date)
                   = ROW(%(new)s, %(level_date)s, %(user)s, %(now)s)
              FROM %(change)s c
              LEFT JOIN %(step)s step ON step.account_id = c.account_id AND step.is_last
             WHERE a.id = c.account_id AND NOT c.missing
               AND (%(stored)s, a.level_date) IS DISTINCT FROM (%(new)s, %(level_date)s)
            """,
            names=SQL(", ").join(map(SQL.identifier, names)),
            new=new,
            stored=columns("a", names),
            level_date=level_date,
            user=self.env.uid,
            now=NOW,
            change=run.table("change"),
            step=run.table("step"),
        )
        run.execute(statement)

    @api.model
    def _step_appoint(self, run):
        """Give accounts that leave potential without a manager the one who moved them.

        An account is made as soon as its customer is known, when nobody has sold to it
        yet; the rule is that of a new account.
        """
        moved = SQL(
            """
            SELECT c.company_id, c.partner_id FROM %s c
              JOIN kam_account a ON a.id = c.account_id
             WHERE c.first_move AND a.manager_id IS NULL
            """,
            run.table("change"),
        )
        run.keep("moved", [moved], ("company_id", "partner_id"))
        if run.tables["moved"]:
            statement = SQL(
                """
                UPDATE kam_account a SET manager_id = b.manager_id, team_id = b.team_id
                  FROM (%s) b
                 WHERE a.company_id = b.company_id AND a.partner_id = b.partner_id
                   AND b.manager_id IS NOT NULL
                """,
                self._get_beginnings_sql(run.table("moved")),
            )
            run.execute(statement)

    @api.model
    def _get_beginnings_sql(self, table, many=False):
        """Return the SQL of what is known of some customers when their account begins.

        Columns: company_id, partner_id, active, manager_id, team_id, source_id. The
        first manager is the salesperson of the customer, else the one who sold last,
        else the one of the first lead, if they work here and in this company. The source
        is that of the first lead.

        :param SQL table: with company_id and partner_id; ``many``: of many rows
        """
        return SQL(
            """
            SELECT m.company_id, m.partner_id, p.active, u.id AS manager_id,
                   u.sale_team_id AS team_id, found.source_id
              FROM %(table)s m
              JOIN res_partner p ON p.id = m.partner_id
              LEFT JOIN (%(sellers)s) sold
                ON sold.company_id = m.company_id AND sold.partner_id = m.partner_id
              LEFT JOIN (
                SELECT DISTINCT ON (lead.company_id, lead.partner_id) lead.*
                  FROM (%(leads)s) lead
                  JOIN %(table)s USING (company_id, partner_id)
                 ORDER BY lead.company_id, lead.partner_id, lead.create_date, lead.id
              ) found ON found.company_id = m.company_id AND found.partner_id = m.partner_id
              LEFT JOIN res_users u
                ON u.id = COALESCE(p.user_id, sold.user_id, found.user_id)
               AND u.active AND NOT u.share
               AND (u.id, m.company_id) IN (SELECT user_id, cid FROM res_company_users_rel)
            """,
            table=table,
            sellers=customers.get_last_sellers(None if many else table),
            leads=customers.get_leads(),
        )

    @api.model
    def _step_terms(self, run):
        """Begin the terms with the accounts, before what happened is credited by them."""
        if not run.tables["missing"] and not run.tables["moved"]:
            return
        run.load("kam_account_term", run.tables["missing"])
        self.env["kam.account"]._refresh_terms(
            SQL(
                "a.id IN (SELECT account_id FROM %s WHERE missing OR first_move)",
                run.table("change"),
            )
        )

    @api.model
    def _step_leads(self, run):
        """Link leads that have a customer but no account yet.

        A lead that is linked already keeps its account: an open one follows its
        customer by itself, a closed one is history.
        """
        statement = SQL(
            """
            UPDATE crm_lead l SET kam_account_id = a.id
              FROM (%s) lead
              JOIN kam_account a ON a.company_id = lead.company_id
               AND a.partner_id = lead.partner_id
             WHERE l.id = lead.id AND lead.kam_account_id IS NULL
            """,
            customers.get_leads(run.partners),
        )
        run.execute(statement)

    @api.model
    def _step_vendors(self, run):
        """Remove the accounts of who turned out to be a vendor alone, in a refresh of
        all. They come back with the first evidence of a customer.
        """
        if run.scoped:
            return
        looks = [rule.look() for rule in run.rules]
        run.execute(customers.get_mere_vendors(looks, run.as_of))
        accounts = self.env["kam.account"].browse(
            account for [account] in self.env.cr.fetchall()
        )
        (accounts - accounts._filter_with_history()).unlink()
