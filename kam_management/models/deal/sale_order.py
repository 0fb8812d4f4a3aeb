from odoo import models


class SaleOrder(models.Model):
    """An order of a deal that was won says when the deal comes again, until cancelled."""

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

    def _action_cancel(self):
        confirmed = self.filtered(lambda order: order.state == "sale")
        # sudo: follows from what was sold, whoever cancels it
        deals = confirmed.sudo().opportunity_id
        result = super()._action_cancel()
        deals._withdraw_kam_relevance()
        return result
