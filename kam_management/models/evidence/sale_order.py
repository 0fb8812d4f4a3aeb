from odoo import api, fields, models
from odoo.tools import SQL


class SaleOrder(models.Model):
    """An order remembers whose it was when it was confirmed."""

    _name = "sale.order"
    _inherit = ["sale.order", "kam.guard"]

    kam_commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer When Confirmed",
        compute="_compute_kam_commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="set null",
        help="The commercial entity this order was made for. It stays when the contact"
        " moves to another company later.",
    )

    @api.depends("partner_id.commercial_partner_id", "state")
    def _compute_kam_commercial_partner_id(self):
        """Take today's commercial entity until the order is confirmed, then keep it."""
        for order in self:
            kept = order.state in ("sale", "cancel") and order.kam_commercial_partner_id
            order.kam_commercial_partner_id = (
                kept or order.partner_id.commercial_partner_id
            )

    def write(self, vals):
        if "state" in vals and "partner_id" not in vals:
            # what is still to follow the contact follows before it is kept
            self.mapped("kam_commercial_partner_id")
        result = super().write(vals)
        if "partner_id" in vals:
            # sudo: nobody types it in, it follows from the contact
            for order in self.sudo():
                order.kam_commercial_partner_id = order.partner_id.commercial_partner_id
        return result


def fill_customers(cr):
    """Give orders written past Odoo their customer: that of their contact today.

    :param cr: database cursor
    """
    cr.execute(
        SQL(
            """
            UPDATE sale_order o SET kam_commercial_partner_id = p.commercial_partner_id
              FROM res_partner p
             WHERE p.id = o.partner_id AND o.kam_commercial_partner_id IS NULL
            """
        )
    )


def fill_billing(cr):
    """Note of all customer invoices whether they bill orders alone, as the field says.

    :param cr: database cursor
    """
    cr.execute(
        SQL(
            """
            UPDATE account_move m SET kam_bills_orders = found.all_linked
              FROM (
                SELECT l.move_id, bool_and(EXISTS (
                           SELECT FROM sale_order_line_invoice_rel link
                            WHERE link.invoice_line_id = l.id)) AS all_linked
                  FROM account_move_line l
                  JOIN account_move bill ON bill.id = l.move_id
                 WHERE l.display_type = 'product'
                   AND bill.move_type IN ('out_invoice', 'out_refund')
                   AND bill.kam_bills_orders IS NULL
                 GROUP BY l.move_id
              ) found
             WHERE m.id = found.move_id
            """
        )
    )
