from odoo import fields, models
from odoo.tools import SQL

SEGMENTS = [("a", "A"), ("b", "B"), ("c", "C")]
# Decimal places of stored shares: a hundredth of a percent. More would have every
# account written every night.
SHARE_DIGITS = 4


def get_ranked_sql(revenue, limits):
    """Return the SQL of segment and share of customers, compared with each other (R28).

    A customer is in the class in which the share of those before him lies;
    customers with the same revenue share the place of the first of them.
    Columns: those of ``revenue``, exact (share), share (rounded), segment.

    :param SQL revenue: a query with the columns company_id and revenue, which is positive
    :param tuple limits: percent of revenue up to which a customer is A, and B
    """
    first, second = (limit / 100 for limit in limits)
    return SQL(
        """
        SELECT ranked.*, ranked.revenue / total AS exact,
               round(ranked.revenue / total, %(digits)s) AS share,
               CASE WHEN before IS NULL OR before < %(first)s * total THEN 'a'
                    WHEN before < %(second)s * total THEN 'b' ELSE 'c' END AS segment
          FROM (
            SELECT revenue.*, sum(revenue) OVER everybody AS total,
                   sum(revenue) OVER before_him AS before
              FROM (%(revenue)s) revenue
            WINDOW everybody AS (PARTITION BY company_id),
                   -- those with the same revenue are one group
                   before_him AS (PARTITION BY company_id ORDER BY revenue DESC
                                  GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
          ) ranked
        """,
        revenue=revenue,
        digits=SHARE_DIGITS,
        first=first,
        second=second,
    )


class KamAccount(models.Model):
    """Segments: what each customer, and the group he belongs to, is of all revenue.

    Customers are compared with each other, so only a refresh of all of them can tell;
    a refresh of some leaves segment and shares as they are until the night.
    """

    _inherit = "kam.account"

    segment = fields.Selection(
        SEGMENTS,
        readonly=True,
        index="btree_not_null",
        help="Customers in the order of their revenue: A while the customers before"
        " bring less than 80 % of all revenue, B while they bring less than 95 %, C the"
        " rest (the settings may say otherwise). Customers with the same revenue are in"
        " the same segment; who has bought, but not within the window, is C; who never"
        " bought has none.",
    )
    share = fields.Float(
        "Share of Revenue",
        digits=(5, SHARE_DIGITS),
        readonly=True,
        help="Part of the revenue of all customers with this company, of the window.",
    )
    group_partner_id = fields.Many2one(
        "res.partner",
        "Customer Group",
        readonly=True,
        index="btree_not_null",
        help="The topmost company this customer belongs to; it may be himself.",
    )
    group_share = fields.Float(
        "Group's Share of Revenue",
        digits=(5, SHARE_DIGITS),
        readonly=True,
        aggregator=None,
        help="Part of the revenue that all customers of the same group bring together.",
    )

    def _refresh_collect_segments(self, rules, scoped):
        """Compare the customers with each other, in ``kam_segment`` and ``kam_group``.

        - ``kam_ancestor``: partner_id, root_id of customers that have a parent;
        - ``kam_segment``: company_id, partner_id, revenue, segment, share of customers
          with revenue;
        - ``kam_group``: company_id, root_id, share of groups of several customers.

        :param list rules: list of ``Rule``
        :param bool scoped: only customers of ``kam_scope``: then they stay as they are
        """
        self._create_temp_table("kam_ancestor", [self._get_ancestors_sql(scoped)])
        if scoped:
            segments, groups = [self._get_stored_segments_sql()], self._get_stored_sql()
        else:
            segments = [self._get_segments_sql(rule) for rule in rules]
            groups = self._get_groups_sql()
        self._create_temp_table("kam_segment", segments)
        self._create_temp_table("kam_group", [groups])
        self.env.cr.execute("ANALYZE kam_ancestor (partner_id)")
        self.env.cr.execute("ANALYZE kam_segment (company_id, partner_id)")
        self.env.cr.execute("ANALYZE kam_group (company_id, root_id)")

    def _get_ancestors_sql(self, scoped):
        """Return the SQL of the topmost parent of each customer that has a parent."""
        scope = SQL("p.id IN (SELECT entity_id FROM kam_scope)")
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
            scope if scoped else SQL("TRUE"),
        )

    def _get_segments_sql(self, rule):
        """Return the SQL of segment and share of the customers with revenue (R28)."""
        return get_ranked_sql(self._get_positive_revenue_sql(rule), rule.segments)

    def _get_positive_revenue_sql(self, rule):
        """Return the SQL of the customers of a rule that brought revenue in the window.

        Columns: company_id, partner_id, root_id (topmost parent), revenue.
        """
        return SQL(
            """
            SELECT e.company_id, e.partner_id,
                   COALESCE(kin.root_id, e.partner_id) AS root_id,
                   net.revenue
              FROM kam_evidence e
              LEFT JOIN kam_credit c
                ON c.company_id = e.company_id AND c.partner_id = e.partner_id
              LEFT JOIN kam_ancestor kin ON kin.partner_id = e.partner_id
             CROSS JOIN LATERAL (
                SELECT COALESCE(e.revenue, 0) + COALESCE(c.revenue, 0) AS revenue
              ) net
             WHERE net.revenue > 0 AND e.company_id IN %s
            """,
            rule.company_ids,
        )

    def _get_groups_sql(self):
        """Return the SQL of the share of each group of several: the sum of its customers'."""
        return SQL(
            """
            SELECT company_id, root_id, round(sum(exact), %s) AS share FROM kam_segment
             WHERE root_id IN (SELECT root_id FROM kam_ancestor)
             GROUP BY company_id, root_id
            """,
            SHARE_DIGITS,
        )

    def _get_stored_segments_sql(self):
        """Return the SQL of the segments as they stand, of customers of ``kam_scope``."""
        return SQL(
            """
            SELECT a.company_id, a.partner_id, a.segment, a.share FROM kam_account a
             WHERE a.segment IS NOT NULL AND %s
            """,
            self._get_accounts_sql(scoped=True),
        )

    def _get_stored_sql(self):
        """Return the SQL of the groups' shares as they stand, of ``kam_scope``."""
        return SQL(
            """
            SELECT a.company_id, a.group_partner_id AS root_id,
                   max(a.group_share) AS share
              FROM kam_account a WHERE a.group_partner_id IS NOT NULL AND %s
             GROUP BY a.company_id, a.group_partner_id
            """,
            self._get_accounts_sql(scoped=True),
        )
