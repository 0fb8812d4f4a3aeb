from odoo import models


class SaleOrder(models.Model):
    """A quotation that waits for an answer is talked about."""

    _inherit = "sale.order"

    def action_kam_log_touch(self):
        """Open the Talk dialog for the customer of this quotation or order."""
        self.ensure_one()
        return self.env["kam.touch"]._prepare_talk_action(order_id=self.id)

    def unlink(self):
        self.env["kam.touch"]._outlive_records(self)
        return super().unlink()
