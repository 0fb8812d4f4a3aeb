from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def unlink(self):
        # sudo: the customer was contacted, whatever becomes of the quotation
        touches = self.env["kam.touch"].sudo().with_context(active_test=False)
        touches.search(
            [
                ("message_id.model", "=", self._name),
                ("message_id.res_id", "in", self.ids),
            ]
        ).message_id = False
        return super().unlink()
