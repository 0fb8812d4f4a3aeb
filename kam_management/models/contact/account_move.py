from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def unlink(self):
        self.env["kam.touch"]._outlive_records(self)
        return super().unlink()
