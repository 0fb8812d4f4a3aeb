from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from .kam_account_metrics import SHARE_DIGITS
from .kam_engine_accounts import NOW
from .kam_engine_figures import FIGURES, columns

# Where it stands what customers were compared by last
COMPARED = "kam_management.compared"
# The figures that follow from those of all customers
RANK_FIELDS = ("segment", "share", "group_partner_id", "group_share")


class KamEngine(models.AbstractModel):
    """What of all revenue each customer and its group are.

    Customers are compared with each other, so a refresh of some leaves segment and
    shares as they are; the night compares all of them anew.
    """

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step(20, "_step_segments"),
            Step(85, "_step_note_compared"),
        ]

    @api.model
    def _compare(self):
        """Compare the customers by the figures that stand in their accounts.

        Whose segment is another one now is named to the queue: rhythms hang on it.
        """
        super()._compare()
        self.env.flush_all()
        self._wait_for_turn()
        if self._is_compared():
            return
        run = self._prepare_run()
        run.look_up("sales", self._get_stored_sales_sql())
        self._step_segments(run)
        run.keep("moved", [self._get_moved_sql(run)])
        run.execute(
            SQL(
                """
                UPDATE kam_account a
                   SET (%(names)s, write_uid, write_date) = ROW(%(new)s, %(user)s, %(now)s)
                  FROM %(moved)s m WHERE a.id = m.id
                """,
                names=SQL(", ").join(map(SQL.identifier, RANK_FIELDS)),
                new=columns("m", RANK_FIELDS),
                user=self.env.uid,
                now=NOW,
                moved=run.table("moved"),
            )
        )
        query = SQL("(SELECT * FROM %s WHERE is_other) moved", run.table("moved"))
        self.env["kam.account.event"]._append_found(query)
        run.finish()
        self.env["kam.account"].invalidate_model(RANK_FIELDS, flush=False)

    @api.model
    def _get_stored_sales_sql(self):
        """Return the SQL of what customers bought, as it stands in their accounts."""
        return SQL(
            "SELECT company_id, partner_id, purchase_count AS purchases, revenue"
            " FROM kam_account"
        )

    @api.model
    def _step_note_compared(self, run):
        """Note what the customers were compared by, after a refresh of all."""
        if not run.scoped:
            self._is_compared()

    @api.model
    def _is_compared(self):
        """Return whether nothing moved since they were compared last; note how it is.

        Customers below a company that moves are news, see ``res.partner``.
        """
        [[standing]] = self.env.execute_query(
            SQL(
                """
                SELECT sum(hash_numeric_extended(revenue, id)
                           # hashint8extended(COALESCE(group_partner_id, 0), id)
                           # (purchase_count > 0)::int)
                  FROM kam_account
                 WHERE revenue <> 0 OR segment IS NOT NULL
                    -- who brings nothing shows what their group does
                    OR group_partner_id <> partner_id
                """
            )
        )
        return self._note(COMPARED, standing) == str(standing)

    @api.model
    def _get_moved_sql(self, run):
        """Return the SQL of the accounts that stand elsewhere among all now.

        Columns: id, company_id, partner_id, those of ``RANK_FIELDS``, is_other: the
        segment is another one.
        """
        return SQL(
            """
            SELECT a.id, a.company_id, a.partner_id, %(new)s,
                   a.segment IS DISTINCT FROM ranks.segment AS is_other
              FROM kam_account a
              LEFT JOIN %(segment)s segment
                ON segment.company_id = a.company_id AND segment.partner_id = a.partner_id
              LEFT JOIN %(ancestor)s ancestor ON ancestor.partner_id = a.partner_id
              LEFT JOIN %(kin)s kin ON kin.company_id = a.company_id
               AND kin.root_id = COALESCE(ancestor.root_id, a.partner_id)
             CROSS JOIN LATERAL (SELECT a.purchase_count AS purchases) sales
             CROSS JOIN LATERAL (SELECT %(figures)s OFFSET 0) ranks
             WHERE (%(stored)s) IS DISTINCT FROM (%(new)s)
            """,
            new=columns("ranks", RANK_FIELDS),
            stored=columns("a", RANK_FIELDS),
            figures=SQL(", ").join(
                SQL("%s AS %s", SQL(FIGURES[name]), SQL.identifier(name))
                for name in RANK_FIELDS
            ),
            **{name: run.table(name) for name in ("segment", "ancestor", "kin")},
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
