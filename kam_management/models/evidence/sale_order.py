from odoo import api, fields, models
from odoo.tools import SQL


class SaleOrder(models.Model):
    """An order remembers whose it was when it was confirmed."""

    _name = "sale.order"
    _inherit = ["sale.order", "kam.guard"]

    kam_commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer at Confirmation",
        compute="_compute_kam_commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="set null",
        exportable=False,
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
    :return: list of (company id, partner id) whom these orders are of
    """
    cr.execute(
        SQL(
            """
            UPDATE sale_order o SET kam_commercial_partner_id = p.commercial_partner_id
              FROM res_partner p
             WHERE p.id = o.partner_id AND o.kam_commercial_partner_id IS NULL
            RETURNING o.company_id, o.kam_commercial_partner_id
            """
        )
    )
    return cr.fetchall()
