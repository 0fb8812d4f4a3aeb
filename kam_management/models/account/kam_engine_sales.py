from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from ..evidence.receivables import get_invoiced

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
    """What each customer bought."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step(10, "_step_sales"),
            Step(15, "_step_invoiced"),
        ]

    @api.model
    def _get_concerned(self, turn):
        """Add who bought on a day that came, or left one of the windows."""
        concerned = super()._get_concerned(turn)
        if looks := turn.get_looks():
            sales = self.env["kam.evidence"]._get_sales_sql(looks)
            query = "SELECT company_id, partner_id FROM (%s) sale"
            concerned = [*concerned, SQL(query, sales)]
        return concerned

    @api.model
    def _step_sales(self, run):
        """Sum up what was sold, in ``sales``: one row per company and customer.

        Columns: company_id, partner_id, purchases, first_date, last_date, window_count,
        days (with a purchase), average (purchase of the window), revenue,
        revenue_previous (of the two windows), hash (of the dated purchases, and who made
        them). The sales of some customers, or of all when the log is to be written for
        the first time, are kept, in ``sale``, for who asks next.
        """
        if run.scoped or run.begins("kam_account"):
            self._keep_sales(run)
        sums = [
            self._get_sums_sql(rule, self._get_sales_of_run_sql(run, rule))
            for rule in run.rules
        ]
        run.keep("sales", sums, ("company_id", "partner_id"))

    @api.model
    def _step_invoiced(self, run):
        """Note in ``invoiced`` who has invoices, in a refresh of all: two steps ask."""
        if not run.scoped:
            run.keep("invoiced", [get_invoiced()], ("company_id", "partner_id"))

    @api.model
    def _keep_sales(self, run):
        """Keep what was sold to the customers in question, in ``sale``, by document.

        In the order in which it is summed up, and followed day by day.
        """
        sales = [self._get_sales_sql(rule, run.partners) for rule in run.rules]
        query = "SELECT * FROM (%s) sale ORDER BY partner_id, company_id, date"
        query = SQL(query, SQL(" UNION ALL ").join(sales))
        run.keep("sale", [query], ("company_id", "partner_id"))

    @api.model
    def _get_sales_of_run_sql(self, run, rule, partners=None):
        """Return the SQL of what was sold to the customers in question, by document.

        :param SQL partners: of a refresh of all, see ``Look``
        """
        if "sale" in run.tables:
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
             GROUP BY partner_id, company_id -- sorts by what differs most
            """,
            window=rule.window_start,
            previous=rule.previous_start,
            digits=rule.digits,
            undated=UNDATED_DAYS,
            # openings say what a window brought, not what a purchase did
            priced=SQL("purchases > 0 AND amount > 0 AND res_model <> 'kam.account'"),
            sales=sales,
        )
