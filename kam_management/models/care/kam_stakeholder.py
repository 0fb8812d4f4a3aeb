from odoo import models


class KamStakeholder(models.Model):
    """Who recommended us may leave: nobody is sent to them any more."""

    _inherit = "kam.stakeholder"

    def _leave(self, date, successor=None):
        result = super()._leave(date, successor)
        # sudo: of the person who left, whoever notes it
        references = self.env["kam.reference"].sudo()
        references.search(
            [
                ("account_id", "=", self.account_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "in", ("asked", "given")),
            ]
        )._handle_advocate_left(self.partner_id)
        return result
