from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools import SQL

from . import evidence
from .bulk import bulk_load
from .kam_account_metrics import COMPUTED_FIELDS
from .rule import Rule, after

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
        self._refresh_appoint()
        self._refresh_write_transitions()
        touched = self._refresh_link_leads(scoped)
        self.env.invalidate_all(flush=False)
        # touches that came along with a lead are evidence of their new account
        self._refresh_customers(touched, as_of)

    @api.model
    def _get_rules(self, as_of):
        """Return the rules of levels in force, each with the companies that share it.

        :param date as_of: the day whose state is wanted
        :return: list of ``Rule``
        """
        # sudo: the settings of all companies are needed, whoever starts the refresh
        Company = self.env["res.company"].sudo().with_context(active_test=False)
        companies = Company.search(Domain.TRUE)
        shared = companies.grouped(
            lambda company: (
                *company._get_kam_rule(),
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
                kam_scope, kam_missing, kam_evidence, kam_credit, kam_refresh, kam_step
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

    def _get_customers_sql(self, rules, scoped):
        """Return the SQL of who should have an account, see ``evidence.customers``."""
        customers = evidence.customers(rules, scoped)
        if not scoped:
            return customers
        return SQL(
            """
            SELECT company_id, partner_id FROM (%s) customer
             WHERE (company_id, partner_id) IN (SELECT company_id, entity_id FROM kam_scope)
            """,
            customers,
        )

    def _get_accounts_sql(self, scoped):
        """Return the SQL condition that ``kam_account a`` is in question."""
        if not scoped:
            return SQL("TRUE")
        return SQL(
            "(a.company_id, a.partner_id) IN (SELECT company_id, entity_id FROM kam_scope)"
        )

    def _find_missing(self, customers, accounts):
        """Note in ``kam_missing`` which customers have no account yet.

        Neither our own companies nor internal users are customers.

        :param SQL customers: rows of company_id, partner_id (a commercial entity); a
            customer may come several times
        :param SQL accounts: condition on ``kam_account a`` that holds at least for the
            accounts of these customers
        :return: their number
        """
        execute = self.env.cr.execute
        execute("DROP TABLE IF EXISTS kam_missing")
        self._create_temp_table(
            "kam_missing",
            [
                SQL(
                    """
                    SELECT company_id, partner_id FROM (%s) customer
                     WHERE partner_id NOT IN (
                            SELECT partner_id FROM res_company
                            UNION ALL SELECT partner_id FROM res_users WHERE NOT share)
                    EXCEPT
                    SELECT company_id, partner_id FROM kam_account a WHERE %s
                    """,
                    customers,
                    accounts,
                )
            ],
        )
        execute("ANALYZE kam_missing")
        execute("SELECT count(*) FROM kam_missing")
        return self.env.cr.fetchone()[0]

    def _insert_missing(self):
        """Insert the accounts of ``kam_missing`` as they begin: without any figures."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kam_account
                       (company_id, partner_id, active, level, manager_id, team_id, source_id)
                SELECT company_id, partner_id, active, 'potential', manager_id, team_id,
                       source_id
                  FROM (%s) beginning
                    ON CONFLICT DO NOTHING
                """,
                self._get_beginnings_sql(),
            )
        )

    def _refresh_insert(self):
        """Insert the accounts of ``kam_missing`` with their figures of ``kam_refresh``."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kam_account
                       (id, company_id, partner_id, active, manager_id, team_id, source_id,
                        level_date, %(names)s)
                SELECT r.account_id, r.company_id, r.partner_id, b.active, b.manager_id,
                       b.team_id, b.source_id, step.date, %(standing)s
                  FROM kam_refresh r
                  JOIN (%(beginnings)s) b
                    ON b.company_id = r.company_id AND b.partner_id = r.partner_id
                  LEFT JOIN kam_step step
                    ON step.account_id = r.account_id AND step.is_last
                 WHERE r.missing
                    ON CONFLICT DO NOTHING
                """,
                names=SQL(", ").join(map(SQL.identifier, COMPUTED_FIELDS)),
                standing=self._get_columns_sql("r"),
                beginnings=self._get_beginnings_sql(),
            )
        )

    def _get_beginnings_sql(self):
        """Return the SQL of what is known of the customers of ``kam_missing``.

        Columns: company_id, partner_id, active, manager_id, team_id, source_id. The
        first manager is the salesperson of the customer, else the one who sold last,
        else the one of the first lead, if he works here and in this company. The source
        is that of the first lead.
        """
        return SQL(
            """
            SELECT m.company_id, m.partner_id, p.active, u.id AS manager_id,
                   u.sale_team_id AS team_id, found.source_id
              FROM kam_missing m
              JOIN res_partner p ON p.id = m.partner_id
              LEFT JOIN (
                -- the greatest number names the salesperson of the last day
                SELECT o.company_id, o.kam_commercial_partner_id AS partner_id,
                       (max((o.date_order::date - DATE '2000-01-01')::bigint << 32
                            | o.user_id) & 4294967295)::int AS user_id
                  FROM sale_order o
                  JOIN kam_missing m ON m.company_id = o.company_id
                   AND m.partner_id = o.kam_commercial_partner_id
                 GROUP BY 1, 2
              ) sold ON sold.company_id = m.company_id AND sold.partner_id = m.partner_id
              LEFT JOIN (
                SELECT DISTINCT ON (lead.company_id, lead.partner_id) lead.*
                  FROM (%s) lead
                  JOIN kam_missing USING (company_id, partner_id)
                 ORDER BY lead.company_id, lead.partner_id, lead.create_date, lead.id
              ) found ON found.company_id = m.company_id AND found.partner_id = m.partner_id
              LEFT JOIN res_users u
                ON u.id = COALESCE(p.user_id, sold.user_id, found.user_id)
               AND u.active AND NOT u.share
               AND (u.id, m.company_id) IN (SELECT user_id, cid FROM res_company_users_rel)
            """,
            evidence.leads(scoped=False),
        )

    def _refresh_link_leads(self, scoped):
        """Link leads that have a customer but no account yet, and touches of such leads.

        A lead that is linked already keeps its account: an open one follows its
        customer by itself, a closed one is history.

        :param bool scoped: only customers of ``kam_scope``
        :return: set of (company id, partner id) whose accounts got touches
        """
        execute = self.env.cr.execute
        execute(
            SQL(
                """
                UPDATE crm_lead l SET kam_account_id = a.id
                  FROM (%s) lead
                  JOIN kam_account a ON a.company_id = lead.company_id
                   AND a.partner_id = lead.partner_id
                 WHERE l.id = lead.id AND lead.kam_account_id IS NULL
                """,
                evidence.leads(scoped),
            )
        )
        execute(
            """
            UPDATE kam_touch t SET account_id = a.id
              FROM crm_lead l
              JOIN kam_account a ON a.id = l.kam_account_id
             WHERE t.account_id IS NULL AND t.lead_id = l.id
               -- a meeting is one touch of an account, on however many of its leads
               AND NOT EXISTS (SELECT FROM kam_touch twin
                                 LEFT JOIN crm_lead beside ON beside.id = twin.lead_id
                                WHERE twin.event_id = t.event_id
                                  AND (twin.account_id = a.id
                                       OR twin.account_id IS NULL AND twin.id < t.id
                                          AND beside.kam_account_id = a.id))
            RETURNING a.company_id, a.partner_id
            """
        )
        return set(self.env.cr.fetchall())

    def _refresh_collect_evidence(self, rules, scoped):
        """Sum up purchases in ``kam_evidence`` and credit notes in ``kam_credit``.

        :param rules: list of ``Rule``
        :param bool scoped: only customers of ``kam_scope``
        """
        self._create_temp_table(
            "kam_evidence", [self._get_evidence_sql(rule, scoped) for rule in rules]
        )
        self._create_temp_table(
            "kam_credit", [self._get_credit_sql(rule, scoped) for rule in rules]
        )
        # by what the tables are joined is all that the planner has to know
        self.env.cr.execute("ANALYZE kam_evidence (company_id, partner_id)")
        self.env.cr.execute("ANALYZE kam_credit (company_id, partner_id)")

    def _create_temp_table(self, name, queries):
        """Keep the rows of some queries in a table until the end of the transaction."""
        self.env.cr.execute(
            SQL(
                "CREATE TEMP TABLE %s ON COMMIT DROP AS %s",
                SQL.identifier(name),
                SQL(" UNION ALL ").join(queries),
            )
        )

    def _get_evidence_sql(self, rule, scoped):
        """Return the SQL of what each customer bought: one row per company and customer.

        Columns: company_id, partner_id, purchases, first_date, last_date, window_count,
        revenue, revenue_previous (of the two windows), hash (of the dated purchases).
        """
        return SQL(
            """
            SELECT company_id, partner_id, count(*)::int AS purchases,
                   min(date)::date AS first_date, max(date)::date AS last_date,
                   count(*) FILTER (WHERE date >= %(window)s)::int AS window_count,
                   round(sum(amount) FILTER (WHERE date >= %(window)s), %(digits)s)
                       AS revenue,
                   round(sum(amount) FILTER (WHERE date < %(window)s
                                               AND date >= %(previous)s), %(digits)s)
                       AS revenue_previous,
                   sum(hashint8(id::bigint << 32 # (date::date - DATE '2000-01-01')))
                       AS hash
              FROM (%(purchases)s) purchase
             GROUP BY company_id, partner_id
            """,
            window=after(rule.window_start),
            previous=after(rule.previous_start),
            digits=rule.digits,
            purchases=evidence.purchases(rule, scoped),
        )

    def _get_credit_sql(self, rule, scoped):
        """Return the SQL of what each customer was credited in the two windows.

        Columns: company_id, partner_id, revenue, revenue_previous (negative).
        """
        return SQL(
            """
            SELECT company_id, partner_id,
                   sum(amount) FILTER (WHERE date > %(window)s) AS revenue,
                   sum(amount) FILTER (WHERE date <= %(window)s) AS revenue_previous
              FROM (%(credit_notes)s) credit_note
             GROUP BY company_id, partner_id
            """,
            window=rule.window_start,
            credit_notes=evidence.credit_notes(rule, scoped),
        )

    def _refresh_find_changes(self, rules, scoped):
        """Work out the figures of the accounts; keep those that differ in ``kam_refresh``.

        The log of an account is rebuilt where its level differs or the hash of what the
        log follows from: dated purchases, first touch, opening balance and settings. Of
        accounts that were asked for by name it is rebuilt in any case.

        :param rules: list of ``Rule``
        :param bool scoped: only accounts of ``kam_scope``
        """
        self._create_temp_table(
            "kam_refresh", [self._get_changes_sql(rule, scoped) for rule in rules]
        )
        self.env.cr.execute(
            "ANALYZE kam_refresh (account_id, company_id, partner_id, rebuild, missing)"
        )

    def _get_changes_sql(self, rule, scoped):
        """Return the SQL of the accounts of a rule whose figures differ, with the new ones.

        Columns: account_id, company_id, partner_id, missing (the account is yet to be
        inserted), first_move (it leaves potential), rebuild, and the computed fields.
        """
        stored, standing = self._get_columns_sql("a"), self._get_columns_sql("standing")
        if scoped:
            wanted = rebuild = SQL("TRUE")
        else:
            wanted = SQL("(%s) IS DISTINCT FROM (%s)", stored, standing)
            rebuild = SQL(
                """(a.level, a.evidence_hash)
                    IS DISTINCT FROM (standing.level, standing.evidence_hash)"""
            )
        return SQL(
            """
            SELECT a.id AS account_id, a.company_id, a.partner_id, a.missing,
                   a.level = 'potential' AND standing.level <> 'potential' AS first_move,
                   %(rebuild)s AS rebuild, %(standing)s
              FROM (%(bought)s) a
             CROSS JOIN LATERAL (%(figures)s) standing
             WHERE %(wanted)s
            """,
            rebuild=rebuild,
            standing=standing,
            bought=self._get_bought_sql(rule, scoped),
            figures=self._get_figures_sql(rule),
            wanted=wanted,
        )

    def _get_bought_sql(self, rule, scoped):
        """Return the SQL of the accounts of a rule with all the evidence about each.

        Columns: those of the account, n (purchases), first_date, last_date,
        window_count, average (purchase of the window), revenue_now, revenue_before,
        first_touch, last_touch, hash.
        """
        return SQL(
            """
            SELECT a.id, a.company_id, a.partner_id, a.missing, %(stored)s,
                   COALESCE(e.purchases, 0) + COALESCE(opened.purchases, 0) AS n,
                   LEAST(e.first_date, opened.first_date) AS first_date,
                   GREATEST(e.last_date, opened.last_date) AS last_date,
                   COALESCE(e.window_count, 0) + COALESCE(opened.window_count, 0)
                       AS window_count,
                   round(e.revenue / NULLIF(e.window_count, 0), %(digits)s) AS average,
                   COALESCE(e.revenue, 0) + COALESCE(c.revenue, 0) AS revenue_now,
                   COALESCE(e.revenue_previous, 0) + COALESCE(c.revenue_previous, 0)
                       AS revenue_before,
                   touched.first_date AS first_touch, touched.last_date AS last_touch,
                   COALESCE(e.hash, 0) + COALESCE(opened.hash, 0) AS hash
              FROM (
                SELECT a.id, a.company_id, a.partner_id, FALSE AS missing, %(stored)s
                  FROM kam_account a
                 WHERE %(scope)s
                UNION ALL
                SELECT nextval('kam_account_id_seq')::int, m.company_id, m.partner_id, TRUE,
                       %(nothing)s
                  FROM kam_missing m
              ) a
              LEFT JOIN kam_evidence e
                ON e.company_id = a.company_id AND e.partner_id = a.partner_id
              LEFT JOIN kam_credit c
                ON c.company_id = a.company_id AND c.partner_id = a.partner_id
              LEFT JOIN (%(touched)s) touched ON touched.account_id = a.id
              LEFT JOIN (%(opened)s) opened ON opened.account_id = a.id
             WHERE a.company_id IN %(companies)s
            OFFSET 0 -- work each expression out once, not wherever it is used
            """,
            stored=self._get_columns_sql("a"),
            nothing=SQL(", ").join([SQL("NULL")] * len(COMPUTED_FIELDS)),
            digits=rule.digits,
            touched=self._get_touched_sql(rule, scoped),
            opened=self._get_opened_sql(rule),
            companies=rule.company_ids,
            scope=self._get_accounts_sql(scoped),
        )

    def _get_columns_sql(self, alias):
        """Return the computed columns of a table as a comma separated list."""
        return SQL(", ").join(SQL.identifier(alias, name) for name in COMPUTED_FIELDS)

    def _get_touched_sql(self, rule, scoped):
        """Return the SQL of the first and last touch of each account."""
        accounts = SQL(
            "SELECT a.id FROM kam_account a WHERE %s", self._get_accounts_sql(scoped)
        )
        return SQL(
            """
            SELECT t.account_id, min(t.date)::date AS first_date,
                   max(t.date)::date AS last_date
              FROM kam_touch t
             WHERE t.active AND t.date < %(end)s AND %(scope)s
             GROUP BY t.account_id
            """,
            end=after(rule.as_of),
            scope=SQL("t.account_id IN (%s)", accounts) if scoped else SQL("TRUE"),
        )

    def _get_opened_sql(self, rule):
        """Return the SQL of the opening balance of each account that has one."""
        return SQL(
            """
            SELECT o.account_id, sum(o.purchases)::int AS purchases,
                   min(o.date) AS first_date, max(o.date) AS last_date,
                   sum(o.purchases) FILTER (WHERE o.date > %(window)s)::int AS window_count,
                   sum(3::bigint * hashint8(o.purchases::bigint << 32
                                            # (o.date - DATE '2000-01-01')))::bigint AS hash
              FROM (%(openings)s) o
             GROUP BY o.account_id
            """,
            window=rule.window_start,
            openings=evidence.openings(rule),
        )

    def _get_figures_sql(self, rule):
        """Return the SQL of the computed columns of one account, named as its fields.

        Reads ``a``, a row of ``_get_bought_sql``. The rule of levels is DESIGN's; a
        customer is a safe source of revenue (R6) who is active, whose revenue has not
        fallen, and whose last purchase lies no further back than one and a half times
        his usual interval (at least 30 days).
        """
        return SQL(
            """
            SELECT CASE WHEN a.n = 0 AND a.first_touch IS NULL THEN 'potential'
                        WHEN a.n = 0 THEN 'engaged'
                        WHEN a.last_date <= %(window_start)s THEN 'dormant'
                        WHEN a.n < %(minimum)s THEN 'new'
                        ELSE 'active' END AS level,
                   a.first_touch AS first_touch_date,
                   a.last_touch AS last_touch_date,
                   a.n AS purchase_count,
                   a.first_date AS first_purchase_date,
                   a.last_date AS last_purchase_date,
                   CASE WHEN a.last_date > a.first_date
                        THEN a.last_date
                             + round((a.last_date - a.first_date)::float / (a.n - 1))::int
                        END AS expected_purchase_date,
                   a.window_count AS window_purchase_count,
                   a.revenue_now AS revenue, a.revenue_before AS revenue_previous,
                   COALESCE(a.average, 0) AS average_purchase,
                   CASE WHEN a.n = 0 THEN NULL
                        WHEN a.n = 1 THEN 'one_off'
                        WHEN a.n >= %(minimum)s
                             AND a.last_date > %(window_start)s
                             AND %(as_of)s - a.last_date <= GREATEST(
                                1.5 * (a.last_date - a.first_date)::float / (a.n - 1), 30)
                             AND a.revenue_before > 0
                             AND a.revenue_now >= a.revenue_before
                        THEN 'safe' ELSE 'repeat' END AS buyer_pattern,
                   hashint8(a.hash + %(rule_key)s + 5::bigint * COALESCE(
                       hashint4(a.first_touch - DATE '2000-01-01'), 0)) AS evidence_hash
            """,
            window_start=rule.window_start,
            minimum=rule.minimum,
            as_of=rule.as_of,
            rule_key=rule.key,
        )

    def _refresh_write(self):
        """Write the figures of ``kam_refresh`` into the accounts that differ."""
        level_date = SQL("CASE WHEN r.rebuild THEN step.date ELSE a.level_date END")
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_account a
                   SET (%(names)s, level_date) = ROW(%(standing)s, %(level_date)s)
                  FROM kam_refresh r
                  LEFT JOIN kam_step step
                    ON step.account_id = r.account_id AND step.is_last
                 WHERE a.id = r.account_id AND NOT r.missing
                   AND (%(stored)s, a.level_date)
                       IS DISTINCT FROM (%(standing)s, %(level_date)s)
                """,
                names=SQL(", ").join(map(SQL.identifier, COMPUTED_FIELDS)),
                standing=self._get_columns_sql("r"),
                stored=self._get_columns_sql("a"),
                level_date=level_date,
            )
        )

    def _refresh_appoint(self):
        """Give accounts that leave potential without a manager the one who moved them.

        An account is made as soon as its customer is known, when nobody has sold to him
        yet; the rule is that of a new account.
        """
        execute = self.env.cr.execute
        execute("DROP TABLE kam_missing")
        self._create_temp_table(
            "kam_missing",
            [
                SQL(
                    """
                    SELECT r.company_id, r.partner_id FROM kam_refresh r
                      JOIN kam_account a ON a.id = r.account_id
                     WHERE r.first_move AND a.manager_id IS NULL
                    """
                )
            ],
        )
        execute("SELECT FROM kam_missing LIMIT 1")
        if not self.env.cr.rowcount:
            return
        execute("ANALYZE kam_missing")
        execute(
            SQL(
                """
                UPDATE kam_account a SET manager_id = b.manager_id, team_id = b.team_id
                  FROM (%s) b
                 WHERE a.company_id = b.company_id AND a.partner_id = b.partner_id
                   AND b.manager_id IS NOT NULL
                """,
                self._get_beginnings_sql(),
            )
        )
