from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

from ..account.rule import after

QUARTERS = 12


class KamPlan(models.Model):
    """What the customer bought, by category, branch and quarter.

    Only from records the user may read: the lines are looked up under his own rights.
    """

    _inherit = "kam.plan"

    def _get_revenue_periods(self):
        """Return the days around which revenue is compared, as a dict.

        ``window``: the last day before the window, ``previous``: before the one before
        it, ``quarters``: first days of the quarters, the running one last.
        """
        today = fields.Date.context_today(self)
        months = self.company_id.kam_window_months
        running = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        return {
            "today": today,
            "window": today - relativedelta(months=months),
            "previous": today - relativedelta(months=2 * months),
            "quarters": [
                running - relativedelta(months=3 * back)
                for back in reversed(range(QUARTERS))
            ],
        }

    def _get_revenue(self, periods):
        """Return what the customer and his branches bought, in two queries.

        By orders or invoices, as the company's setting says; untaxed, in its currency,
        credit notes deducted.

        :param dict periods: see ``_get_revenue_periods``
        :return: list of dicts with ``partner_id``, ``categ_id``, ``quarter`` (its first
            day), ``period`` ("now", "before" or None) and ``amount``
        """
        self.ensure_one()
        since = min(periods["previous"] + timedelta(days=1), periods["quarters"][0])
        partners = self._get_branches().ids
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT partner_id, categ_id, quarter, period, SUM(amount)::float AS amount
                  FROM (
                    SELECT line.partner_id, product.categ_id,
                           date_trunc('quarter', line.date)::date AS quarter,
                           CASE WHEN line.date > %(window)s THEN 'now'
                                WHEN line.date > %(previous)s THEN 'before' END AS period,
                           line.amount
                      FROM (%(sold)s UNION ALL %(invoiced)s) line
                      LEFT JOIN product_product p ON p.id = line.product_id
                      LEFT JOIN product_template product ON product.id = p.product_tmpl_id
                  ) sale
                 GROUP BY partner_id, categ_id, quarter, period
                """,
                window=periods["window"],
                previous=periods["previous"],
                sold=self._get_sold_sql(partners, since),
                invoiced=self._get_invoiced_sql(partners, since),
            )
        )

    def _get_branches(self):
        """Return the customer and the companies below him."""
        return self.env["res.partner"].search(
            [
                ("id", "child_of", self.partner_id.id),
                "|",
                ("id", "=", self.partner_id.id),
                ("is_company", "=", True),
            ]
        )

    def _get_sold_sql(self, partners, since):
        """Return the SQL of the order lines: partner_id, product_id, date, amount."""
        Line = self.env["sale.order.line"]
        if self.company_id.kam_purchase_basis == "invoice":
            partners = []
        lines = Line._search(
            [
                ("order_id.kam_commercial_partner_id", "in", partners),
                ("order_id.company_id", "=", self.company_id.id),
                ("order_id.state", "=", "sale"),
                ("order_id.amount_untaxed", ">", 0),
                ("order_id.date_order", ">=", since),
                ("display_type", "=", False),
            ]
        )
        Line.flush_model(["order_id", "product_id", "price_subtotal"])
        self.env["sale.order"].flush_model(
            ["kam_commercial_partner_id", "date_order", "currency_rate"]
        )
        return SQL(
            """
            SELECT o.kam_commercial_partner_id AS partner_id, l.product_id,
                   o.date_order::date AS date,
                   l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount
              FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
             WHERE l.id IN %s AND o.date_order < %s
            """,
            lines.subselect(),
            after(fields.Date.context_today(self)),
        )

    def _get_invoiced_sql(self, partners, since):
        """Return the SQL of invoice lines, by orders those of credit notes alone."""
        Line = self.env["account.move.line"]
        types = ["out_refund"]
        if self.company_id.kam_purchase_basis == "invoice":
            types.append("out_invoice")
        lines = Line._search(
            [
                ("move_id.commercial_partner_id", "in", partners),
                ("move_id.move_type", "in", types),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("display_type", "=", "product"),
                ("move_id.invoice_date", ">=", since),
            ]
        )
        Line.flush_model(["move_id", "product_id", "balance"])
        self.env["account.move"].flush_model(["commercial_partner_id", "invoice_date"])
        return SQL(
            """
            SELECT m.commercial_partner_id AS partner_id, l.product_id,
                   m.invoice_date AS date, -l.balance AS amount
              FROM account_move_line l JOIN account_move m ON m.id = l.move_id
             WHERE l.id IN %s AND m.invoice_date <= %s
            """,
            lines.subselect(),
            fields.Date.context_today(self),
        )
