from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

# So small a part of a unit is the rounding of a unit of measure.
TOLERANCE = 0.00001
MOST_YEARS = 30


class Progress(NamedTuple):
    """How far an order is."""

    delivered: float = 0.0  # units of all lines together
    is_delivered: bool = False  # all that was ordered
    is_invoiced: bool = False  # all that there is to invoice
    is_paid: bool = False  # and all invoices are


class KamEvidence(models.AbstractModel):
    """How far orders are: delivered, invoiced and paid, with and without stock."""

    _inherit = "kam.evidence"

    @api.model
    def _find_changed_orders(self, since, now):
        """Return the quotations and orders something happened to.

        They, their lines or invoices were written, or so many years have passed since the
        order. Odoo notes when it writes by itself as well, such as a quantity delivered.

        :param datetime since: changed from then on; a transaction notes when it began
        :param datetime now: until when years may pass
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM sale_order WHERE write_date >= %(since)s
                UNION
                SELECT order_id FROM sale_order_line WHERE write_date >= %(since)s
                UNION
                SELECT line.order_id FROM account_move move
                  JOIN account_move_line billed ON billed.move_id = move.id
                  JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = billed.id
                  JOIN sale_order_line line ON line.id = rel.order_line_id
                 WHERE move.write_date >= %(since)s
                UNION
                SELECT o.id FROM generate_series(1, %(years)s) year
                  JOIN sale_order o
                    ON o.date_order > %(since)s - year * INTERVAL '1 year'
                   AND o.date_order <= %(now)s - year * INTERVAL '1 year'
                 WHERE o.state = 'sale'
                """,
                since=since,
                now=now,
                years=MOST_YEARS,
            )
        )
        return self.env["sale.order"].browse(sorted(order_id for (order_id,) in rows))

    @api.model
    def _get_order_progress(self, orders):
        """Return {order id: ``Progress``}.

        Services that nobody notes as delivered hold up no goods; where there are services
        alone, each is to be noted. What was returned is not delivered.
        """
        if not orders:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id, COALESCE(line.delivered, 0), COALESCE(line.is_done, FALSE),
                       o.invoice_status IN ('invoiced', 'upselling'),
                       o.invoice_status IN ('invoiced', 'upselling')
                           AND COALESCE(bill.is_paid, FALSE)
                  FROM sale_order o
                  LEFT JOIN (%(lines)s) line ON line.order_id = o.id
                  LEFT JOIN (%(invoices)s) bill ON bill.order_id = o.id
                 WHERE o.id = ANY(%(ids)s)
                """,
                lines=self._get_delivered_sql(orders),
                invoices=self._get_paid_sql(orders),
                ids=orders.ids,
            )
        )
        return {order_id: Progress(*progress) for order_id, *progress in rows}

    @api.model
    def _get_delivered_sql(self, orders):
        """Return the SQL of order_id, delivered and is_done, of lines with a product."""
        return SQL(
            """
            SELECT order_id, sum(GREATEST(qty_delivered, 0)) AS delivered,
                   bool_and(qty_delivered >= product_uom_qty - %(tolerance)s)
                       FILTER (WHERE NOT (is_unnoted AND has_goods)) AS is_done
              FROM (
                SELECT line.order_id, line.qty_delivered, line.product_uom_qty,
                       template.type = 'service' AND line.qty_delivered = 0
                           AND line.qty_delivered_method = 'manual' AS is_unnoted,
                       bool_or(template.type <> 'service')
                           OVER (PARTITION BY line.order_id) AS has_goods
                  FROM sale_order_line line
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE line.order_id = ANY(%(ids)s) AND line.product_uom_qty > 0
                   AND NOT COALESCE(line.is_downpayment, FALSE)
              ) line
             GROUP BY order_id
            """,
            tolerance=TOLERANCE,
            ids=orders.ids,
        )

    @api.model
    def _get_paid_sql(self, orders):
        """Return the SQL of order_id and is_paid: whether all posted invoices are."""
        return SQL(
            """
            SELECT line.order_id, bool_and(
                       move.payment_state IN ('paid', 'in_payment', 'reversed')) AS is_paid
              FROM sale_order_line line
              JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = line.id
              JOIN account_move_line billed ON billed.id = rel.invoice_line_id
              JOIN account_move move ON move.id = billed.move_id
             WHERE line.order_id = ANY(%s)
               AND move.move_type = 'out_invoice' AND move.state = 'posted'
             GROUP BY line.order_id
            """,
            orders.ids,
        )
