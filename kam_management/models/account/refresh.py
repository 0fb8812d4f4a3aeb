from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

from . import evidence
from .kam_account_metrics import COMPUTED_FIELDS

# Key of the advisory lock under which one refresh at a time runs in a database.
REFRESH_LOCK = 1_262_570_801
LEADS_IN_SCOPE = SQL(
    "JOIN (SELECT DISTINCT partner_id FROM kam_scope) scope ON scope.partner_id = l.partner_id"
)
ACCOUNTS_IN_SCOPE = SQL(
    """
    SELECT a.id FROM kam_account a
      JOIN kam_scope scope ON scope.company_id = a.company_id
       AND scope.entity_id = a.partner_id AND scope.partner_id = scope.entity_id
    """
)


class KamAccount(models.Model):
    """The engine: levels, metrics and transitions of all accounts in a few statements.

    The way of a fact: orders, invoices and touches -> ``kam_evidence`` (one row per
    company and customer) -> ``kam_refresh`` (the accounts whose row differs) ->
    ``kam_level_transition`` -> ``kam_account``. The two tables in the middle live as
    long as the transaction; either all of a refresh is seen or nothing of it.
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
        as_of = fields.Date.to_date(as_of) or fields.Date.today()
        self.env.flush_all()
        self.env.cr.execute("SELECT pg_advisory_xact_lock(%s)", [REFRESH_LOCK])
        self._refresh_set_scope(customers)
        self._refresh_collect_evidence(as_of, customers is None)
        self._refresh_create_missing(customers is None)
        self._refresh_link_leads(customers is None)
        self._refresh_find_changes(as_of, customers is None)
        self._refresh_transitions(as_of)
        self._refresh_write()
        self.env.invalidate_all(flush=False)

    def _refresh_set_scope(self, customers):
        """Name the partners whose documents can concern the customers, in ``kam_scope``.

        :param customers: set of (company id, partner id), None for all (no scope)
        """
        execute = self.env.cr.execute
        execute("DROP TABLE IF EXISTS kam_scope, kam_evidence, kam_refresh")
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

    def _refresh_collect_evidence(self, as_of, everything):
        """Sum up the documents per company and customer in ``kam_evidence``.

        The customer of a document is today's commercial entity of the entity it was
        made for: a contact who changed company leaves his orders where they were.

        :param date as_of: documents after this day are not known yet
        :param bool everything: all customers, or those of ``kam_scope``
        """
        scoped = SQL(
            """JOIN kam_scope scope ON scope.partner_id = d.partner_id
                AND scope.company_id = d.company_id"""
        )
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE kam_evidence ON COMMIT DROP AS
                WITH settings AS MATERIALIZED (%(settings)s),
                -- one row per company and entity on the documents
                documented AS (
                    SELECT company_id, partner_id,
                           count(*) FILTER (WHERE purchase) AS purchases,
                           min(date) FILTER (WHERE purchase) AS first_date,
                           max(date) FILTER (WHERE purchase) AS last_date,
                           count(*) FILTER (WHERE purchase AND recent) AS window_count,
                           sum(amount) FILTER (WHERE purchase AND recent) AS window_gross,
                           sum(amount) FILTER (WHERE recent) AS revenue,
                           sum(amount) FILTER (WHERE NOT recent) AS revenue_previous,
                           sum(hash) FILTER (WHERE purchase) AS hash,
                           max(seller) AS seller
                      FROM (
                        SELECT d.company_id, d.partner_id, d.amount, d.date,
                               d.basis = s.basis AND known.counts AS purchase,
                               CASE WHEN NOT known.counts THEN NULL
                                    WHEN d.date > s.window_start THEN TRUE
                                    WHEN d.date > s.previous_start THEN FALSE
                               END AS recent,
                               hashint8((d.date - DATE '2000-01-01')::bigint << 32 | d.id)
                                   AS hash,
                               -- the greatest one names the seller of the last day
                               (d.date - DATE '2000-01-01')::bigint << 32 | d.user_id
                                   AS seller
                          FROM (%(documents)s) d
                          %(scope)s
                          JOIN settings s ON s.company_id = d.company_id
                         CROSS JOIN LATERAL (
                            SELECT d.counts AND d.date <= s.as_of
                                   AND d.basis IN (s.basis, 'credit') AS counts
                         ) known
                      ) document
                     GROUP BY company_id, partner_id
                )
                -- one row per company and customer of today
                SELECT d.company_id, p.commercial_partner_id AS partner_id,
                       sum(d.purchases)::int AS purchases,
                       min(d.first_date) AS first_date, max(d.last_date) AS last_date,
                       sum(d.window_count)::int AS window_count,
                       sum(d.window_gross) AS window_gross, sum(d.revenue) AS revenue,
                       sum(d.revenue_previous) AS revenue_previous,
                       sum(d.hash)::bigint AS hash,
                       (max(d.seller) & 4294967295)::int AS seller_id
                  FROM documented d
                  JOIN res_partner p ON p.id = d.partner_id
                 GROUP BY 1, 2
                """,
                settings=evidence.settings(as_of),
                documents=evidence.documents(),
                scope=SQL() if everything else scoped,
            )
        )
        self.env.cr.execute("ANALYZE kam_evidence")

    def _refresh_create_missing(self, everything):
        """Give an account to every customer who has none: see DESIGN, who gets one.

        :param bool everything: all customers, or those of ``kam_scope``
        """
        in_scope = SQL(
            "(company_id, partner_id) IN (SELECT company_id, entity_id FROM kam_scope)"
        )
        self._insert_missing(
            SQL(
                """
                SELECT company_id, partner_id, seller_id, NULL::int AS finder_id,
                       NULL::int AS source_id
                  FROM kam_evidence
                UNION ALL
                (SELECT DISTINCT ON (company_id, partner_id) company_id, partner_id,
                        NULL, user_id, source_id
                   FROM (%(leads)s) lead
                  ORDER BY company_id, partner_id, create_date, id)
                UNION ALL
                SELECT company_id, partner_id, NULL, NULL, NULL
                  FROM (%(prospects)s) prospect
                 WHERE %(scope)s
                """,
                leads=evidence.leads(SQL() if everything else LEADS_IN_SCOPE),
                prospects=evidence.prospects(),
                scope=SQL("TRUE") if everything else in_scope,
            )
        )

    def _insert_missing(self, customers):
        """Insert the accounts of customers who have none yet.

        Neither our own companies nor internal users are customers. The first manager
        is the salesperson of the customer, else the one who sold last, else the one
        who found the lead, if he works here and in this company.

        :param SQL customers: rows of company_id, partner_id, seller_id (sold last),
            finder_id (of the first lead), source_id; a customer may come several times
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kam_account
                       (company_id, partner_id, active, level, manager_id, team_id, source_id)
                SELECT missing.company_id, p.id, p.active, 'potential', u.id,
                       u.sale_team_id, missing.source_id
                  FROM (
                    SELECT company_id, partner_id, max(seller_id) AS seller_id,
                           max(finder_id) AS finder_id, max(source_id) AS source_id
                      FROM (%s) customer
                     WHERE NOT EXISTS (
                            SELECT FROM kam_account a
                             WHERE a.company_id = customer.company_id
                               AND a.partner_id = customer.partner_id)
                       AND partner_id NOT IN (
                            SELECT partner_id FROM res_company
                            UNION ALL SELECT partner_id FROM res_users WHERE NOT share)
                     GROUP BY company_id, partner_id
                  ) missing
                  JOIN res_partner p ON p.id = missing.partner_id
                  LEFT JOIN res_users u
                    ON u.id = COALESCE(p.user_id, missing.seller_id, missing.finder_id)
                   AND u.active AND NOT u.share
                   AND EXISTS (SELECT FROM res_company_users_rel rel
                                WHERE rel.user_id = u.id AND rel.cid = missing.company_id)
                    ON CONFLICT DO NOTHING
                """,
                customers,
            )
        )

    def _refresh_link_leads(self, everything):
        """Link leads that have a customer but no account yet, and touches of such leads.

        A lead that is linked already keeps its account: an open one follows its
        customer by itself, a closed one is history.

        :param bool everything: all customers, or those of ``kam_scope``
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
                evidence.leads(SQL() if everything else LEADS_IN_SCOPE),
            )
        )
        execute(
            """
            UPDATE kam_touch t SET account_id = l.kam_account_id
              FROM crm_lead l
             WHERE t.account_id IS NULL AND t.lead_id = l.id
               AND l.kam_account_id IS NOT NULL
               -- a meeting is one touch of an account, on however many of its leads
               AND NOT EXISTS (SELECT FROM kam_touch twin
                                 LEFT JOIN crm_lead beside ON beside.id = twin.lead_id
                                WHERE twin.event_id = t.event_id
                                  AND (twin.account_id = l.kam_account_id
                                       OR twin.account_id IS NULL AND twin.id < t.id
                                          AND beside.kam_account_id = l.kam_account_id))
            """
        )

    def _refresh_find_changes(self, as_of, everything):
        """Work out the figures of the accounts; keep those that differ in ``kam_refresh``.

        The log of an account is rebuilt where its level differs or the hash of what the
        log follows from: dated purchases, first touch, opening balance and settings.

        :param date as_of: the day whose state is wanted
        :param bool everything: all accounts, or those of ``kam_scope``
        """
        stored, standing = self._get_columns_sql("a"), self._get_columns_sql("standing")
        if everything:
            wanted = SQL("(%s) IS DISTINCT FROM (%s)", stored, standing)
            touch_in_scope = SQL("TRUE")
        else:
            wanted = SQL("a.id IN (%s)", ACCOUNTS_IN_SCOPE)
            touch_in_scope = SQL("t.account_id IN (%s)", ACCOUNTS_IN_SCOPE)
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE kam_refresh ON COMMIT DROP AS
                WITH settings AS MATERIALIZED (%(settings)s),
                touched AS (
                    SELECT t.account_id, min(t.date)::date AS first_date,
                           max(t.date)::date AS last_date
                      FROM kam_touch t
                     WHERE t.date < %(as_of)s::date + 1
                       AND %(touch_in_scope)s
                     GROUP BY t.account_id
                ),
                opened AS (
                    SELECT o.account_id, sum(o.purchases)::int AS purchases,
                           min(o.date) AS first_date, max(o.date) AS last_date,
                           sum(o.purchases) FILTER (WHERE o.date > s.window_start)::int
                               AS window_count,
                           sum(3::bigint * hashint8((o.date - DATE '2000-01-01')::bigint << 32
                                            | o.purchases)) AS hash
                      FROM (%(openings)s) o
                      JOIN kam_account a ON a.id = o.account_id
                      JOIN settings s ON s.company_id = a.company_id
                     WHERE o.date <= s.as_of
                     GROUP BY o.account_id
                )
                SELECT a.id AS account_id, a.company_id, a.partner_id, a.manager_id,
                       p.create_date::date AS customer_since,
                       s.as_of, s.months, s.minimum, s.basis,
                       NOT %(everything)s
                       OR (a.level, a.evidence_hash) IS DISTINCT FROM
                          (standing.level, standing.evidence_hash) AS rebuild,
                       %(standing)s
                  FROM kam_account a
                  JOIN res_partner p ON p.id = a.partner_id
                  JOIN settings s ON s.company_id = a.company_id
                  LEFT JOIN kam_evidence e
                    ON e.company_id = a.company_id AND e.partner_id = a.partner_id
                  LEFT JOIN touched ON touched.account_id = a.id
                  LEFT JOIN opened ON opened.account_id = a.id
                 CROSS JOIN LATERAL (%(purchases)s) bought
                 CROSS JOIN LATERAL (%(figures)s) standing
                 WHERE %(wanted)s
                """,
                settings=evidence.settings(as_of),
                openings=evidence.openings(),
                as_of=as_of,
                everything=everything,
                touch_in_scope=touch_in_scope,
                purchases=self._get_purchases_sql(),
                figures=self._get_figures_sql(),
                standing=standing,
                wanted=wanted,
            )
        )
        self.env.cr.execute("ANALYZE kam_refresh")

    def _get_columns_sql(self, alias):
        """Return the computed columns of a table as a comma separated list."""
        return SQL(", ").join(SQL.identifier(alias, name) for name in COMPUTED_FIELDS)

    def _get_purchases_sql(self):
        """Return the SQL of what one account bought: documents and opening balance.

        Reads ``e`` (kam_evidence) and ``opened``. Columns: n, first_date, last_date,
        window_count, days_between (mean days between two purchases).
        """
        return SQL(
            """
            SELECT *, (last_date - first_date)::numeric / NULLIF(n - 1, 0) AS days_between
              FROM (
                SELECT COALESCE(e.purchases, 0) + COALESCE(opened.purchases, 0) AS n,
                       LEAST(e.first_date, opened.first_date) AS first_date,
                       GREATEST(e.last_date, opened.last_date) AS last_date,
                       COALESCE(e.window_count, 0) + COALESCE(opened.window_count, 0)
                           AS window_count
              ) purchase
            """
        )

    def _get_figures_sql(self):
        """Return the SQL of the computed columns of one account, named as its fields.

        Reads ``bought``, ``e``, ``touched``, ``opened`` and ``s`` (settings). The rule of
        levels is DESIGN's; a customer is a safe source of revenue (R6) who is active,
        whose revenue has not fallen, and whose last purchase lies no further back than
        one and a half times his usual interval (at least 30 days).
        """
        return SQL(
            """
            SELECT CASE WHEN bought.n = 0 AND touched.first_date IS NULL THEN 'potential'
                        WHEN bought.n = 0 THEN 'engaged'
                        WHEN bought.last_date <= s.window_start THEN 'dormant'
                        WHEN bought.n < s.minimum THEN 'new'
                        ELSE 'active' END AS level,
                   touched.first_date AS first_touch_date,
                   touched.last_date AS last_touch_date,
                   bought.n AS purchase_count,
                   bought.first_date AS first_purchase_date,
                   bought.last_date AS last_purchase_date,
                   bought.last_date + round(NULLIF(bought.days_between, 0))::int
                       AS expected_purchase_date,
                   bought.window_count AS window_purchase_count,
                   money.revenue, money.revenue_previous,
                   round(COALESCE(e.window_gross / NULLIF(e.window_count, 0), 0)
                         / s.rounding) * s.rounding AS average_purchase,
                   CASE WHEN bought.n = 0 THEN NULL
                        WHEN bought.n = 1 THEN 'one_off'
                        WHEN bought.n >= s.minimum
                             AND money.revenue_previous > 0
                             AND money.revenue >= money.revenue_previous
                             AND bought.last_date > s.window_start
                             AND s.as_of - bought.last_date
                                 <= GREATEST(1.5 * bought.days_between, 30)
                        THEN 'safe' ELSE 'repeat' END AS buyer_pattern,
                   hashint8(COALESCE(e.hash, 0) + COALESCE(opened.hash, 0)::bigint + s.hash
                            + 5 * COALESCE(hashint4(touched.first_date
                                                    - DATE '2000-01-01'), 0)::bigint)
                       AS evidence_hash
              FROM (SELECT round(COALESCE(e.revenue, 0) / s.rounding) * s.rounding
                               AS revenue,
                           round(COALESCE(e.revenue_previous, 0) / s.rounding) * s.rounding
                               AS revenue_previous) money
            """
        )

    def _refresh_write(self):
        """Write the figures of ``kam_refresh`` into the accounts that differ."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_account a
                   SET (%(names)s, level_date) = ROW(%(standing)s, step.date)
                  FROM kam_refresh r
                  LEFT JOIN LATERAL (
                    SELECT max(t.date) AS date FROM kam_level_transition t
                     WHERE t.account_id = r.account_id
                  ) step ON TRUE
                 WHERE a.id = r.account_id
                   AND (%(stored)s, a.level_date)
                       IS DISTINCT FROM (%(standing)s, step.date)
                """,
                names=SQL(", ").join(map(SQL.identifier, COMPUTED_FIELDS)),
                standing=self._get_columns_sql("r"),
                stored=self._get_columns_sql("a"),
            )
        )
