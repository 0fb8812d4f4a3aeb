from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from ..evidence.sources import Source

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
    """What each customer bought: summed up once, for all steps that ask."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), Step(10, "_step_sales")]

    @api.model
    def _step_sales(self, run):
        """Sum up what was sold, in ``sales``: one row per company and customer.

        Columns: company_id, partner_id, purchases, first_date, last_date, window_count,
        days (with a purchase), average (purchase of the window), revenue,
        revenue_previous (of the two windows), hash (of the dated purchases, and who made
        them).
        """
        queries = [self._get_sums_sql(rule, run.partners) for rule in run.rules]
        run.keep("sales", queries, ("company_id", "partner_id"))

    @api.model
    def _get_sums_sql(self, rule, partners=None):
        """Return the SQL of what each customer of a rule's companies bought.

        :param SQL partners: see ``Look``
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
            sales=self.env["kam.evidence"]._get_sales_sql([rule.look(None, partners)]),
        )


class KamEvidence(models.AbstractModel):
    """What was bought before Odoo, as the opening balances say."""

    _inherit = "kam.evidence"

    @api.model
    def _get_sources(self, look):
        return [*super()._get_sources(look), Source(self._get_openings_sql(look))]

    @api.model
    def _get_openings_sql(self, look):
        """Return the SQL of the opening balances as dated purchases.

        One purchase is on the first date, the others on the last; what they brought is
        on the last date, and a window earlier what the window before brought. (For
        rhythms they are spread over the days between, see ``UNDATED_DAYS``.)
        """
        return SQL(
            """
            SELECT a.company_id, a.partner_id, opening.date, 'kam.account' AS res_model,
                   a.id AS res_id, NULL::int AS user_id, opening.purchases,
                   COALESCE(opening.amount, 0) AS amount
              FROM kam_account a
              JOIN res_company c ON c.id = a.company_id
             CROSS JOIN LATERAL (
                VALUES (a.opening_first_date, (a.opening_count > 1)::int, 0),
                       (a.opening_last_date, GREATEST(a.opening_count - 1, 1),
                        a.opening_revenue),
                       ((a.opening_last_date
                         - make_interval(months => c.kam_window_months))::date, 0,
                        a.opening_revenue_previous)
             ) opening (date, purchases, amount)
             WHERE a.opening_count > 0 AND a.company_id IN %(companies)s
               AND (opening.purchases > 0 OR opening.amount <> 0)
               AND %(days)s AND %(customers)s
            """,
            companies=look.company_ids,
            days=look.at(SQL("opening.date")),
            customers=look.of(SQL("a.partner_id")),
        )
