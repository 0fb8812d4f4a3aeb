from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools import SQL

from .bulk import bulk_load
from .rule import Rule

# Key of the advisory lock under which one refresh at a time runs in a database.
REFRESH_LOCK = 1_262_570_801

# A table that grew by more than this in one statement is planned for as if it were small.
ROWS_WITHOUT_STATISTICS = 1000


class KamAccount(models.Model):
    """The engine: levels, metrics and transitions of all accounts in a few statements.

    The way of a fact: orders, invoices -> ``kam_evidence`` (what each customer bought)
    -> ``kam_refresh`` (the accounts whose figures differ) -> ``kam_step`` (their log)
    -> ``kam_level_transition`` and ``kam_account``. The tables in the middle live as
    long as the transaction: either all of a refresh is seen, or nothing of it.
    """

    _inherit = "kam.account"

    @api.model
    def _refresh(self, accounts=None, as_of=None):
        """Compute the state of the world as known at the end of a day.

        Levels, metrics and the log of transitions of the accounts become what they
        were on ``as_of``, whatever they are now. Without ``accounts``, customers that
        have none yet get theirs, and only what differs is written. One refresh runs at
        a time; a second one waits and may then raise a serialization failure, which
        Odoo's request layer and our crons answer by trying again.

        :param accounts: ``kam.account`` records, None for all
        :param date as_of: the day; None for today (UTC)
        """
        if accounts is None:
            return self._refresh_customers(as_of=as_of)
        # sudo: which customer an account is about is no secret from the engine
        customers = {(a.company_id.id, a.partner_id.id) for a in accounts.sudo()}
        return self._refresh_customers(customers, as_of)

    @api.model
    def _cron_refresh(self):
        """Refresh all accounts; a failure by a concurrent change starts it again."""
        retrying(self._refresh, self.env)

    @api.model
    def _refresh_customers(self, customers=None, as_of=None):
        """Do what ``_refresh`` says, for customers who may have no account yet.

        :param customers: set of (company id, partner id), None for all; a contact
            stands for his company
        :param date as_of: the day; None for today (UTC)
        """
        if customers is not None and not customers:
            return
        scoped = customers is not None
        self.env.flush_all()
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESH_LOCK])
        rules = self._get_rules(fields.Date.to_date(as_of) or fields.Date.today())
        self._refresh_set_scope(customers)
        self._refresh_collect_evidence(rules, scoped)
        self._refresh_collect_segments(rules, scoped)
        self._refresh_collect_people(rules[0].as_of, scoped)
        missing = self._find_missing(
            self._get_customers_sql(rules, scoped), self._get_accounts_sql(scoped)
        )
        self._refresh_find_changes(rules, scoped)
        self._refresh_steps(rules)
        with bulk_load(self.env.cr, "kam_account", missing):
            self._refresh_insert()
            if missing > ROWS_WITHOUT_STATISTICS:
                self.env.cr.execute("ANALYZE kam_account (id, company_id, partner_id)")
            self._refresh_write()
            self._refresh_health(rules[0].as_of, scoped)
        self._refresh_write_people()
        self._refresh_appoint()
        with bulk_load(self.env.cr, "kam_account_term", missing):
            self._refresh_terms(
                SQL(
                    "a.id IN (SELECT account_id FROM kam_refresh WHERE missing OR first_move)"
                )
            )
        self._refresh_write_transitions()
        touched = self._refresh_link_leads(scoped)
        self.env.invalidate_all(flush=False)
        # touches that came along with a lead are evidence of their new account
        self._refresh_customers(touched, as_of)

    @api.model
    def _get_rules(self, as_of):
        """Return the rules in force, each with the companies that share it.

        :param date as_of: the day whose state is wanted
        :return: list of ``Rule``
        """
        # sudo: the settings of all companies are needed, whoever starts the refresh
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        companies = Company.search(Domain.TRUE)
        shared = companies.grouped(
            lambda company: (
                *company._get_kam_rule(),
                company._get_kam_segments(),
                company._get_kam_cadence(),
                company.currency_id.decimal_places,
            )
        )
        return [
            Rule(tuple(companies.ids), *settings, as_of)
            for settings, companies in shared.items()
        ]

    def _refresh_set_scope(self, customers):
        """Name the partners whose documents can concern the customers, in ``kam_scope``.

        :param customers: set of (company id, partner id), None for all (no scope)
        """
        execute = self.env.cr.execute
        execute(
            """
            DROP TABLE IF EXISTS
                kam_scope, kam_missing, kam_evidence, kam_credit, kam_ancestor, kam_segment,
                kam_group, kam_person, kam_refresh, kam_step
            """
        )
        if customers is None:
            return
        companies, partners = zip(*customers, strict=True)
        execute(
            SQL(
                """
                CREATE TEMP TABLE kam_scope ON COMMIT DROP AS
                SELECT DISTINCT named.company_id, p.commercial_partner_id AS entity_id,
                       p.id AS partner_id
                  FROM unnest(%s::int[], %s::int[]) named (company_id, partner_id)
                  JOIN res_partner self ON self.id = named.partner_id
                  JOIN res_partner p
                    ON p.commercial_partner_id = self.commercial_partner_id
                """,
                list(companies),
                list(partners),
            )
        )
        execute("ANALYZE kam_scope")

    def _get_accounts_sql(self, scoped):
        """Return the SQL condition that ``kam_account a`` is in question."""
        if not scoped:
            return SQL("TRUE")
        return SQL(
            "(a.company_id, a.partner_id) IN (SELECT company_id, entity_id FROM kam_scope)"
        )

    def _create_temp_table(self, name, queries):
        """Keep the rows of some queries in a table until the end of the transaction."""
        self.env.cr.execute(
            SQL(
                "CREATE TEMP TABLE %s ON COMMIT DROP AS %s",
                SQL.identifier(name),
                SQL(" UNION ALL ").join(queries),
            )
        )
