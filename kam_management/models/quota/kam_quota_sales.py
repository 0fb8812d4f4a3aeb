from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from ..account import evidence
from ..account.rule import after

# Whose account it was on that day
LED = SQL(
    """LEFT JOIN kam_account_term t ON t.account_id = a.id
        AND COALESCE(t.date_start, '-infinity') <= sale.date
        AND COALESCE(t.date_end, 'infinity') >= sale.date"""
)


class KamQuota(models.Model):
    """Facts: what was sold, credited to who led the customer on that day."""

    _inherit = "kam.quota"

    def _get_revenue_sql(self, frame):
        """Purchases as each company's basis says, less credit notes, untaxed."""
        return SQL(
            """
            SELECT sale.company_id, sale.date, t.user_id, a.id AS account_id,
                   sale.res_model, sale.id AS res_id, sale.amount AS value, 1 AS weight
              FROM (%(sales)s) sale
              LEFT JOIN kam_account a ON a.company_id = sale.company_id
               AND a.partner_id = sale.partner_id
              %(led)s
            """,
            sales=SQL(" UNION ALL ").join(
                query
                for rule in frame.rules
                for query in self._get_sales_sql(frame, rule)
            ),
            led=LED,
        )

    def _get_sales_sql(self, frame, rule):
        """Return the SQL of the purchases and of the credit notes of a rule's companies.

        What counts is asked where the engine asks, see ``evidence``.
        """
        invoices = rule.basis == "invoice"
        for model, query in (
            ("account.move" if invoices else "sale.order", evidence.purchases),
            ("account.move", evidence.credit_notes),
        ):
            yield SQL(
                """
                SELECT company_id, partner_id, date::date AS date, %s::text AS res_model,
                       id, round(amount, %s) AS amount
                  FROM (%s) found WHERE date >= %s
                """,
                model,
                rule.digits,
                # credit notes are looked for within two windows
                query(replace(rule, months=frame.months), scoped=False),
                frame.start,
            )

    def _get_category_revenue_sql(self, frame):
        """Lines of orders or invoices, less credit notes, untaxed."""
        return self._get_category_sql(frame, SQL("sale.amount"))

    def _get_category_units_sql(self, frame):
        """Quantities in the products' own units, less what was credited."""
        return self._get_category_sql(frame, SQL("sale.units"))

    def _get_category_sql(self, frame, value):
        queries = []
        for rule in frame.rules:
            invoices = rule.basis == "invoice"
            types = ("out_invoice", "out_refund") if invoices else ("out_refund",)
            queries.append(self._get_invoiced_sql(frame, rule, types))
            if not invoices:
                queries.append(self._get_ordered_sql(frame, rule))
        buyer = SQL("NULL")
        if frame.with_buyer:
            buyer = SQL(
                """(SELECT step.to_level FROM kam_level_transition step
                     WHERE step.account_id = a.id AND step.date <= sale.date
                     ORDER BY step.date DESC LIMIT 1)"""
            )
        return SQL(
            """
            SELECT sale.company_id, sale.date, t.user_id, a.id AS account_id,
                   sale.res_model, sale.id AS res_id, %(value)s AS value, 1 AS weight,
                   sale.categ_id, %(buyer)s AS buyer
              FROM (%(sales)s) sale
              LEFT JOIN kam_account a ON a.company_id = sale.company_id
               AND a.partner_id = sale.partner_id
              %(led)s
            """,
            value=value,
            buyer=buyer,
            sales=SQL(" UNION ALL ").join(queries),
            led=LED,
        )

    def _get_ordered_sql(self, frame, rule):
        """Return the SQL of the lines of confirmed orders in the wanted categories."""
        return SQL(
            """
            SELECT o.company_id, o.kam_commercial_partner_id AS partner_id,
                   o.date_order::date AS date, 'sale.order' AS res_model, o.id,
                   round(l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1),
                         %(digits)s) AS amount,
                   l.product_uom_qty * %(factor)s AS units, tmpl.categ_id
              FROM sale_order o
              JOIN sale_order_line l ON l.order_id = o.id
              %(product)s
             WHERE o.state = 'sale' AND o.amount_untaxed > 0
               AND o.date_order >= %(start)s AND o.date_order < %(end)s
               AND o.company_id IN %(companies)s AND tmpl.categ_id IN %(categories)s
            """,
            digits=rule.digits,
            factor=FACTOR,
            product=PRODUCT,
            start=frame.start,
            end=after(frame.end),
            companies=rule.company_ids,
            categories=frame.categ_ids,
        )

    def _get_invoiced_sql(self, frame, rule, types):
        """Return the SQL of the lines of posted documents in the wanted categories.

        An invoice worth nothing is no purchase.
        """
        return SQL(
            """
            SELECT m.company_id, p.commercial_partner_id AS partner_id,
                   m.invoice_date AS date, 'account.move' AS res_model, m.id,
                   round(-l.balance, %(digits)s) AS amount,
                   CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                   * l.quantity * %(factor)s AS units, tmpl.categ_id
              FROM account_move m
              JOIN res_partner p ON p.id = m.commercial_partner_id
              JOIN account_move_line l ON l.move_id = m.id
              %(product)s
             WHERE m.state = 'posted' AND m.move_type IN %(types)s
               AND (m.move_type = 'out_refund' OR m.amount_untaxed_signed > 0)
               AND m.invoice_date BETWEEN %(start)s AND %(end)s
               AND m.company_id IN %(companies)s AND l.display_type = 'product'
               AND tmpl.categ_id IN %(categories)s
            """,
            digits=rule.digits,
            factor=FACTOR,
            product=PRODUCT,
            types=types,
            start=frame.start,
            end=frame.end,
            companies=rule.company_ids,
            categories=frame.categ_ids,
        )


PRODUCT = SQL(
    """JOIN product_product product ON product.id = l.product_id
       JOIN product_template tmpl ON tmpl.id = product.product_tmpl_id
       LEFT JOIN uom_uom sold ON sold.id = l.product_uom_id
       LEFT JOIN uom_uom own ON own.id = tmpl.uom_id"""
)
# from the unit sold in to the product's own
FACTOR = SQL("COALESCE(sold.factor / NULLIF(own.factor, 0), 1)::numeric")
