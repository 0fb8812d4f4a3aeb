from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from .kam_account_metrics import SHARE_DIGITS

# Of an opening the first and the last day are known, and how many purchases there were:
# each of those between is taken for a day of its own, of the days there are between.
UNDATED_DAYS = SQL(
    """GREATEST(LEAST(
        sum(purchases) FILTER (WHERE %(opened)s) - 2,
        max(date) FILTER (WHERE %(opened)s) - min(date) FILTER (WHERE %(opened)s) - 1
    ), 0)::int""",
    opened=SQL("purchases > 0 AND res_model = 'kam.account'"),
)


class KamEngine(models.AbstractModel):
    """What each customer bought, and what of all revenue it and its group are.

    Customers are compared with each other, so only a refresh of all of them can tell;
    a refresh of some leaves segment and shares as they are until the night.
    """

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step(10, "_step_sales"),
            Step(20, "_step_segments"),
        ]

    @api.model
    def _step_sales(self, run):
        """Sum up what was sold, in ``sales``: one row per company and customer.

        Columns: company_id, partner_id, purchases, first_date, last_date, window_count,
        days (with a purchase), average (purchase of the window), revenue,
        revenue_previous (of the two windows), hash (of the dated purchases, and who made
        them). The sales of some customers are kept, in ``sale``, for who asks next.
        """
        if run.scoped:
            sales = [self._get_sales_sql(rule, run.partners) for rule in run.rules]
            run.keep("sale", sales, ("company_id", "partner_id"))
        sums = [
            self._get_sums_sql(rule, self._get_sales_of_run_sql(run, rule))
            for rule in run.rules
        ]
        run.keep("sales", sums, ("company_id", "partner_id"))

    @api.model
    def _get_sales_of_run_sql(self, run, rule, partners=None):
        """Return the SQL of what was sold to the customers in question, by document.

        :param SQL partners: of a refresh of all, see ``Look``
        """
        if run.scoped:
            query = "SELECT * FROM %s WHERE company_id IN %s"
            return SQL(query, run.table("sale"), rule.company_ids)
        return self._get_sales_sql(rule, partners)

    @api.model
    def _get_sales_sql(self, rule, partners=None):
        return self.env["kam.evidence"]._get_sales_sql([rule.look(None, partners)])

    @api.model
    def _get_sums_sql(self, rule, sales):
        """Return the SQL of what each customer of a rule's companies bought.

        :param SQL sales: what was sold, see ``kam.evidence``
        """
        return SQL(
            """
            SELECT company_id, partner_id,
                   COALESCE(sum(purchases), 0)::int AS purchases,
                   min(date) FILTER (WHERE purchases > 0) AS first_date,
                   max(date) FILTER (WHERE purchases > 0) AS last_date,
                   COALESCE(sum(purchases) FILTER (WHERE date > %(window)s), 0)::int
                       AS window_count,
                   count(DISTINCT date) FILTER (WHERE purchases > 0) + %(undated)s AS days,
                   round(sum(amount) FILTER (WHERE date > %(window)s AND %(priced)s)
                         / sum(purchases) FILTER (WHERE date > %(window)s AND %(priced)s),
                         %(digits)s) AS average,
                   COALESCE(sum(amount) FILTER (WHERE date > %(window)s), 0) AS revenue,
                   COALESCE(sum(amount) FILTER (
                       WHERE date <= %(window)s AND date > %(previous)s), 0)
                       AS revenue_previous,
                   COALESCE(sum(purchases::bigint * (
                                hashint8(res_id::bigint << 32 # (date - DATE '2000-01-01'))
                                # COALESCE(hashint4(user_id), 0)))
                            FILTER (WHERE purchases > 0), 0)::bigint AS hash
              FROM (%(sales)s) sale
             GROUP BY company_id, partner_id
            """,
            window=rule.window_start,
            previous=rule.previous_start,
            digits=rule.digits,
            undated=UNDATED_DAYS,
            # openings say what a window brought, not what a purchase did
            priced=SQL("purchases > 0 AND amount > 0 AND res_model <> 'kam.account'"),
            sales=sales,
        )

    @api.model
    def _step_segments(self, run):
        """Compare the customers with each other.

        - ``ancestor``: partner_id, root_id of customers that have a parent;
        - ``segment``: company_id, partner_id, segment, share of customers with revenue,
          and of a refresh of all: revenue, root_id;
        - ``kin``: company_id, root_id, share of groups of several customers.
        """
        if run.scoped:
            run.look_up("ancestor", self._get_ancestors_sql(run))
            run.look_up("segment", self._get_stored_segments_sql(run))
            run.look_up("kin", _get_stored_kin_sql(run))
        else:
            segments = [self._get_segments_sql(run, rule) for rule in run.rules]
            run.keep("ancestor", [self._get_ancestors_sql(run)], ("partner_id",))
            run.keep("segment", segments, ("company_id", "partner_id"))
            run.keep("kin", [_get_kin_sql(run)], ("company_id", "root_id"))

    @api.model
    def _get_ancestors_sql(self, run):
        """Return the SQL of the topmost parent of each customer that has a parent."""
        scope = SQL("TRUE")
        if run.scoped:
            scope = SQL("p.id IN (SELECT partner_id FROM %s)", run.table("scope"))
        return SQL(
            """
            WITH RECURSIVE lineage (partner_id, ancestor_id) AS (
                SELECT p.id, p.parent_id FROM res_partner p
                 WHERE p.parent_id IS NOT NULL AND p.id = p.commercial_partner_id
                   AND %s
                 UNION
                SELECT l.partner_id, p.parent_id FROM lineage l
                  JOIN res_partner p ON p.id = l.ancestor_id
                 WHERE p.parent_id IS NOT NULL
            )
            SELECT l.partner_id, l.ancestor_id AS root_id FROM lineage l
              JOIN res_partner p ON p.id = l.ancestor_id AND p.parent_id IS NULL
            """,
            scope,
        )

    @api.model
    def _get_segments_sql(self, run, rule):
        """Return the SQL of segment and share of the customers of a rule with revenue."""
        return get_ranked_sql(
            SQL(
                """
                SELECT s.company_id, s.partner_id,
                       COALESCE(kin.root_id, s.partner_id) AS root_id, s.revenue,
                       s.purchases AS purchase_count
                  FROM %s s
                  LEFT JOIN %s kin ON kin.partner_id = s.partner_id
                 WHERE s.revenue <> 0 AND s.company_id IN %s
                """,
                run.table("sales"),
                run.table("ancestor"),
                rule.company_ids,
            ),
            rule.segments,
        )

    @api.model
    def _get_stored_segments_sql(self, run):
        """Return the SQL of the segments as they stand, of the customers in question."""
        return SQL(
            """
            SELECT a.company_id, a.partner_id, a.segment, a.share FROM kam_account a
             WHERE (a.segment IS NOT NULL OR a.share <> 0) AND %s
            """,
            run.of_accounts(),
        )


def get_ranked_sql(revenue, limits):
    """Return the SQL of segment and share of customers, compared with each other (R28).

    A customer is in the class in which the share of those before it lies, of what all
    with positive revenue bring; customers with the same revenue share the place of the
    first of them. Who never bought is in none, whatever they paid in advance. Shares are
    of the net revenue of all, those below zero included.
    Columns: those of ``revenue``, net (of the company), share (rounded), segment.

    :param SQL revenue: a query with the columns company_id, revenue and purchase_count
    :param tuple limits: percent of revenue up to which a customer is A, and B
    """
    first, second = (limit / 100 for limit in limits)
    return SQL(
        """
        SELECT ranked.*,
               CASE WHEN net > 0 THEN round(revenue / net, %(digits)s) ELSE 0 END AS share,
               CASE WHEN purchase_count = 0 THEN NULL
                    WHEN revenue <= 0 THEN 'c'
                    WHEN before IS NULL OR before < %(first)s * gross THEN 'a'
                    WHEN before < %(second)s * gross THEN 'b' ELSE 'c' END AS segment
          FROM (
            SELECT revenue.*, sum(revenue) OVER everybody AS net,
                   sum(GREATEST(revenue, 0)) OVER everybody AS gross,
                   sum(revenue) OVER before_them AS before
              FROM (%(revenue)s) revenue
            WINDOW everybody AS (PARTITION BY company_id),
                   -- those with the same revenue are one group
                   before_them AS (PARTITION BY company_id ORDER BY revenue DESC
                                   GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
          ) ranked
        """,
        revenue=revenue,
        digits=SHARE_DIGITS,
        first=first,
        second=second,
    )


def _get_kin_sql(run):
    """Return the SQL of the share of each group of several: that of its sum."""
    return SQL(
        """
        SELECT company_id, root_id,
               CASE WHEN max(net) > 0 THEN round(sum(revenue) / max(net), %(digits)s)
                    ELSE 0 END AS share
          FROM %(segment)s
         WHERE root_id IN (SELECT root_id FROM %(ancestor)s)
         GROUP BY company_id, root_id
        """,
        digits=SHARE_DIGITS,
        segment=run.table("segment"),
        ancestor=run.table("ancestor"),
    )


def _get_stored_kin_sql(run):
    """Return the SQL of the groups' shares as they stand, of those in question."""
    return SQL(
        """
        SELECT a.company_id, a.group_partner_id AS root_id, max(a.group_share) AS share
          FROM kam_account a WHERE a.group_partner_id IS NOT NULL AND %s
         GROUP BY a.company_id, a.group_partner_id
        """,
        run.of_accounts(),
    )
