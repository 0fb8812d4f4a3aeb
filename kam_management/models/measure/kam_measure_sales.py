from odoo import models
from odoo.tools import SQL

from ..account.kam_account_term import led


class KamMeasure(models.AbstractModel):
    """Facts: what was sold, credited to who led the customer on that day."""

    _inherit = "kam.measure"

    def _get_revenue_sql(self, frame):
        """Sales as each company counts them, untaxed."""
        return self._get_sales_facts_sql(frame, SQL("sale.amount"), SQL("1"))

    def _get_transaction_sql(self, frame):
        """Purchases that are worth something, untaxed."""
        return self._get_sales_facts_sql(
            frame,
            SQL("sale.amount"),
            SQL("sale.purchases"),
            SQL("sale.purchases > 0 AND sale.amount > 0"),
        )

    def _get_sales_facts_sql(self, frame, value, weight, condition=None):
        sales = self.env["kam.evidence"]._get_sales_sql(frame.looks)
        return SQL(
            """
            SELECT sale.company_id, sale.date, %(credited)s AS user_id,
                   a.id AS account_id, sale.res_model, sale.res_id,
                   %(value)s AS value, %(weight)s AS weight
              FROM (%(sales)s) sale
              %(account)s
             WHERE %(condition)s
            """,
            credited=CREDITED,
            value=value,
            weight=weight,
            sales=sales,
            account=ACCOUNT,
            condition=condition or SQL("TRUE"),
        )

    def _get_margin_sql(self, frame):
        """Sales less the standard price of what was sold, by document."""
        return SQL(
            """
            SELECT sale.company_id, sale.date, min(%(credited)s) AS user_id,
                   a.id AS account_id, sale.res_model, sale.res_id,
                   sum(sale.amount - sale.cost) AS value, 1 AS weight
              FROM (%(lines)s) sale
              %(account)s
             GROUP BY sale.company_id, sale.date, a.id, sale.res_model, sale.res_id
            """,
            credited=CREDITED,
            lines=self.env["kam.evidence"]._get_sale_lines_sql(frame.looks),
            account=ACCOUNT,
        )

    def _get_category_revenue_sql(self, frame):
        """Lines of what was sold in the wanted categories, untaxed."""
        return self._get_category_sql(frame, SQL("sale.amount"))

    def _get_category_units_sql(self, frame):
        """Quantities in the products' own units, less what was taken back."""
        return self._get_category_sql(frame, SQL("sale.units"))

    def _get_category_sql(self, frame, value):
        buyer = SQL("NULL")
        if frame.with_buyer:
            buyer = SQL(
                """(SELECT step.to_level FROM kam_level_transition step
                     WHERE step.account_id = a.id AND step.date <= sale.date
                     ORDER BY step.date DESC LIMIT 1)"""
            )
        products = SQL(
            """SELECT wanted.id FROM product_product wanted
                 JOIN product_template of ON of.id = wanted.product_tmpl_id
                WHERE of.categ_id IN %s""",
            frame.categ_ids,
        )
        looks = [look._replace(products=products) for look in frame.looks]
        return SQL(
            """
            SELECT sale.company_id, sale.date, %(credited)s AS user_id,
                   a.id AS account_id, sale.res_model, sale.res_id, %(value)s AS value,
                   1 AS weight, sale.categ_id, %(buyer)s AS buyer
              FROM (%(sales)s) sale
              %(account)s
             WHERE sale.categ_id IN %(categories)s
            """,
            credited=CREDITED,
            value=value,
            buyer=buyer,
            sales=self.env["kam.evidence"]._get_sale_lines_sql(looks),
            account=ACCOUNT,
            categories=frame.categ_ids,
        )

    def _get_retention_sql(self, frame):
        """Categories bought in the time before as long as the period: again, or not.

        Of each period, in percent: 100 for a category that is bought again, else 0.
        """
        lines = self.env["kam.evidence"]._get_sale_lines_sql(
            [look._replace(since=frame.before) for look in frame.looks]
        )
        return SQL(
            """
            SELECT sale.company_id, p.date_until AS date, NULL::int AS user_id,
                   a.id AS account_id, 'product.category' AS res_model,
                   sale.categ_id AS res_id, p.id AS period_id,
                   100.0 * bool_or(sale.date >= p.date_start)::int AS value, 1 AS weight
              FROM (%(lines)s) sale
              JOIN kam_account a
                ON a.company_id = sale.company_id AND a.partner_id = sale.partner_id
              JOIN kam_period p ON p.company_id = sale.company_id
               AND sale.date >= p.date_start - (p.date_until - p.date_start + 1)
               AND sale.date <= p.date_until
             WHERE sale.categ_id IS NOT NULL AND sale.units > 0 AND %(scope)s
             GROUP BY sale.company_id, p.id, p.date_until, a.id, sale.categ_id
            HAVING bool_or(sale.date < p.date_start)
            """,
            lines=lines,
            scope=frame.of_accounts(SQL("a.id")),
        )


# The account of a sale, and who led it on that day
ACCOUNT = SQL(
    """LEFT JOIN kam_account a ON a.company_id = sale.company_id
        AND a.partner_id = sale.partner_id
       LEFT JOIN kam_account_term term ON %s""",
    led(SQL("a.id"), SQL("sale.date")),
)
# Where nobody led the account, a sale is credited to who made it.
CREDITED = SQL("COALESCE(term.user_id, sale.user_id)")
