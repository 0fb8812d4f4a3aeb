from odoo import models


class SaleOrder(models.Model):
    """An order confirmed after its deal was won says when the deal comes again."""

    _inherit = "sale.order"

    def _action_confirm(self):
        result = super()._action_confirm()
        if self.opportunity_id:
            # sudo: follows from what was sold, whoever confirms it
            deals = self.sudo().opportunity_id
            deals.filtered(
                lambda lead: lead.won_status == "won"
            )._propose_kam_relevance()
        return result
