from odoo import fields, models
from odoo.tools import SQL

from ..res_company import HEALTH_PARTS
from ..stakeholder.kam_account_coverage import COVERED_ROLES

# From this health on an account is in good health, or fair; less is poor.
GOOD, FAIR = 70, 40
# What the engine writes.
HEALTH_FIELDS = ("health", "health_band", "health_previous", "health_trend")


class KamAccount(models.Model):
    """Health (R31): how well a customer is, from 0 to 100, as six visible parts say.

    The nightly refresh brings all accounts up to date, the queue those with news.
    """

    _inherit = "kam.account"

    health = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="From 0 to 100: the weighted mean of six parts, as the settings weigh them."
        " What is not known does not count; who never bought has none.",
    )
    health_band = fields.Selection(
        [("good", "Good"), ("fair", "Fair"), ("poor", "Poor")],
        readonly=True,
        help=f"Good from {GOOD} on, fair from {FAIR} on, else poor.",
    )
    health_previous = fields.Integer(
        "Health Before",
        readonly=True,
        aggregator="avg",
        help="At the end of last month.",
    )
    health_trend = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Points of health won or lost since the end of last month.",
    )

    def _get_computed_fields(self):
        return {*super()._get_computed_fields(), *HEALTH_FIELDS}

    def _refresh_health(self, day, scoped):
        """Write the health of the accounts where it differs.

        The first refresh of all accounts in a month keeps the health of before.

        :param date day: the day whose state is wanted
        :param bool scoped: only accounts of ``kam_scope``
        """
        stored = SQL(", ").join(SQL.identifier("a", name) for name in HEALTH_FIELDS)
        self.env.cr.execute(
            SQL(
                """
                UPDATE kam_account a SET (%(names)s) = ROW(%(standing)s)
                  FROM (%(health)s) h
                 WHERE a.id = h.account_id
                   AND (%(stored)s) IS DISTINCT FROM (%(standing)s)
                """,
                names=SQL(", ").join(map(SQL.identifier, HEALTH_FIELDS)),
                stored=stored,
                standing=self._get_standing_health_sql(
                    [] if scoped else self._turn_month(day)
                ),
                health=self._get_health_sql(self._get_health_scope(scoped), day),
            )
        )

    def _get_health_scope(self, scoped):
        """Return the SQL that follows an account's id where it is in question.

        Few are named by their ids: then the planner knows, wherever it is asked.

        :param bool scoped: only accounts of ``kam_scope``
        """
        if not scoped:
            return SQL("IS NOT NULL")
        accounts = self._get_accounts_sql(scoped)
        rows = self.env.execute_query(
            SQL("SELECT a.id FROM kam_account a WHERE %s", accounts)
        )
        return SQL("IN %s", tuple(account for (account,) in rows) or (0,))

    def _turn_month(self, day):
        """Note the month of a day as begun; return the ids of companies it is new to."""
        self.env.cr.execute(
            """
            UPDATE res_company SET kam_health_month = %(month)s
             WHERE kam_health_month IS NULL OR kam_health_month < %(month)s
            RETURNING id
            """,
            {"month": day.replace(day=1)},
        )
        return [company for (company,) in self.env.cr.fetchall()]

    def _get_standing_health_sql(self, turned):
        """Return the SQL of ``HEALTH_FIELDS`` of account ``a``, from its row ``h``.

        :param list turned: ids of companies for which a month has just begun
        """
        previous = SQL(
            "CASE WHEN a.company_id = ANY(%s) THEN a.health ELSE a.health_previous END",
            turned,
        )
        return SQL(
            """
            h.health,
            CASE WHEN h.health >= %(good)s THEN 'good' WHEN h.health >= %(fair)s THEN 'fair'
                 WHEN h.health IS NOT NULL THEN 'poor' END,
            %(previous)s, h.health - (%(previous)s)""",
            good=GOOD,
            fair=FAIR,
            previous=previous,
        )

    def _get_health_sql(self, in_scope, day):
        """Return the SQL of the health of accounts that have bought, and of its parts.

        Columns: account_id, health; the scores, named as ``HEALTH_PARTS``, from 0 to
        100, NULL where not known; met (covered roles), score and answer_date (of the
        surveys), open_count, late_count and open_since (of complaints), overdue and
        overdue_since (of invoices). Purchases and touches are as the account has them.

        - revenue: 100 where that of the window is kept or grown, 0 at half or less and
          for who fell asleep, however long ago;
        - touches: 100 while the last talk is within the rhythm, 0 at twice or never;
        - coverage: part of the decisive roles met lately;
        - satisfaction: surveys answered within the window, 1 is 0 and 5 is 100;
        - complaints: 25 less for an open one, 50 for a late one;
        - invoices: 100 with nothing overdue, 0 at a month's average revenue.

        :param SQL in_scope: what follows an account's id where the account counts
        :param date day: the day whose state is wanted; coverage and what remains to be
            paid are those of today
        """
        return SQL(
            """
            WITH coverage AS (%(coverage)s),
            survey AS (%(surveys)s),
            complaint AS (%(complaints)s),
            invoice AS (%(invoices)s)
            SELECT a.id AS account_id, score.*, coverage.met, survey.score,
                   survey.answer_date, COALESCE(complaint.open_count, 0) AS open_count,
                   COALESCE(complaint.late_count, 0) AS late_count, complaint.open_since,
                   COALESCE(invoice.overdue, 0) AS overdue, invoice.overdue_since,
                   CASE WHEN a.purchase_count > 0
                        THEN round((%(total)s)::numeric / NULLIF(%(weight)s, 0))::int
                        END AS health
              FROM kam_account a
              JOIN res_company c ON c.id = a.company_id
              LEFT JOIN coverage ON coverage.account_id = a.id
              LEFT JOIN survey ON survey.account_id = a.id
              LEFT JOIN complaint ON complaint.account_id = a.id
              LEFT JOIN invoice
                ON invoice.company_id = a.company_id AND invoice.partner_id = a.partner_id
             CROSS JOIN LATERAL (%(scores)s) score
             WHERE a.id %(in_scope)s AND (a.purchase_count > 0 OR a.health IS NOT NULL)
            """,
            in_scope=in_scope,
            coverage=self._get_coverage_sql(in_scope),
            surveys=self._get_satisfaction_sql(in_scope, day),
            complaints=self._get_unsolved_sql(in_scope, day),
            invoices=self._get_overdue_sql(in_scope, day),
            scores=self._get_scores_sql(day),
            total=self._get_health_sum_sql(
                lambda score, weight: SQL("COALESCE(%s * %s, 0)", score, weight)
            ),
            weight=self._get_health_sum_sql(
                lambda score, weight: SQL(
                    "CASE WHEN %s IS NULL THEN 0 ELSE %s END", score, weight
                )
            ),
        )

    def _get_health_sum_sql(self, term):
        """Return the SQL of the sum of a term over all parts.

        :param term: function that makes the SQL of one part of its score and weight
        """
        return SQL(" + ").join(
            term(
                SQL.identifier("score", part),
                SQL.identifier("c", f"kam_health_weight_{part}"),
            )
            for part in HEALTH_PARTS
        )

    def _get_scores_sql(self, day):
        """Return the SQL of the scores of one account, see ``_get_health_sql``."""
        return SQL(
            """
            SELECT CASE WHEN a.level = 'dormant' THEN 0
                        WHEN a.revenue_previous > 0 THEN round(LEAST(GREATEST(
                        200 * a.revenue / a.revenue_previous - 100, 0), 100))::int
                        END AS revenue,
                   CASE WHEN a.rhythm_days > 0 THEN COALESCE(round(LEAST(GREATEST(
                        200 - 100.0 * (%(day)s - a.last_reached_date) / a.rhythm_days,
                        0), 100))::int, 0)
                        END AS touches,
                   round(100.0 * cardinality(coverage.met) / %(roles)s)::int AS coverage,
                   round(25 * (survey.score - 1))::int AS satisfaction,
                   GREATEST(100 - 25 * COALESCE(complaint.open_count, 0)
                            - 50 * COALESCE(complaint.late_count, 0), 0)::int AS complaints,
                   CASE WHEN COALESCE(invoice.overdue, 0) <= 0 THEN 100
                        WHEN a.revenue <= 0 THEN 0
                        ELSE round(GREATEST(100 - 100 * invoice.overdue
                            * c.kam_window_months / a.revenue, 0))::int
                        END AS invoices
            OFFSET 0 -- work each score out once, not wherever it is used
            """,
            day=day,
            roles=len(COVERED_ROLES),
        )

    def _get_satisfaction_sql(self, in_scope, day):
        """Return the SQL of the surveys answered within the window.

        Columns: account_id, score (1 to 5), answer_date (of the last).
        """
        return SQL(
            """
            SELECT s.account_id, avg(s.score)::numeric AS score,
                   max(s.answer_date) AS answer_date
              FROM kam_survey s
              JOIN res_company c ON c.id = s.company_id
             WHERE s.state = 'answered' AND s.account_id %(in_scope)s
               AND s.answer_date <= %(day)s
               AND s.answer_date > %(day)s - make_interval(months => c.kam_window_months)
             GROUP BY s.account_id
            """,
            in_scope=in_scope,
            day=day,
        )

    def _get_unsolved_sql(self, in_scope, day):
        """Return the SQL of the complaints and misunderstandings not solved by a day.

        Columns: account_id, open_count (in time), late_count, open_since.
        """
        return SQL(
            """
            SELECT k.account_id, count(*) FILTER (WHERE k.date_due >= %(day)s) AS open_count,
                   count(*) FILTER (WHERE k.date_due < %(day)s) AS late_count,
                   min(k.date)::date AS open_since
              FROM kam_complaint k
             WHERE k.kind <> 'wish' AND k.date::date <= %(day)s
               AND (k.date_solved IS NULL OR k.date_solved > %(day)s)
               AND k.account_id %(in_scope)s
             GROUP BY k.account_id
            """,
            in_scope=in_scope,
            day=day,
        )

    def _get_overdue_sql(self, in_scope, day):
        """Return the SQL of the customer invoices past due.

        Columns: company_id, partner_id, overdue (company currency), overdue_since.
        """
        return SQL(
            """
            SELECT m.company_id, m.commercial_partner_id AS partner_id,
                   sum(m.amount_residual_signed) AS overdue,
                   min(m.invoice_date_due) AS overdue_since
              FROM account_move m
             WHERE m.move_type = 'out_invoice' AND m.state = 'posted'
               AND m.payment_state IN ('not_paid', 'partial')
               AND m.invoice_date_due < %(day)s
               AND (m.company_id, m.commercial_partner_id) IN (
                    SELECT a.company_id, a.partner_id FROM kam_account a
                     WHERE a.id %(in_scope)s)
             GROUP BY m.company_id, m.commercial_partner_id
            """,
            in_scope=in_scope,
            day=day,
        )
