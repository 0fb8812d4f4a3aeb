from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def unlink(self):
        self.env["kam.touch"]._outlive_records(self)
        return super().unlink()
