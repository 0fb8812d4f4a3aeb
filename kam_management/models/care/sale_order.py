from odoo import fields, models

KAM_GROUP = "kam_management.group_kam_user"


class SaleOrder(models.Model):
    """An order shows the key moments that it began, and takes them with it."""

    _inherit = "sale.order"

    kam_moment_ids = fields.One2many(
        "kam.moment",
        "order_id",
        "Key Moments",
        readonly=True,
        copy=False,
        groups=KAM_GROUP,
    )

    def unlink(self):
        # sudo: the order decides, whoever's moments they are
        self.env["kam.moment"].sudo().search([("order_id", "in", self.ids)]).unlink()
        return super().unlink()

    def action_kam_moments(self):
        """Open the key moments of this order."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kam_management.kam_moment_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}
