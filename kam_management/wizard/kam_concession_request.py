from odoo import api, fields, models

from ..models.offer.kam_concession import REASONS


class KamConcessionRequest(models.TransientModel):
    """Why a quotation is to concede more than its salesperson may: said, then asked."""

    _name = "kam.concession.request"
    _description = "Request Approval"
    _inherit = ["kam.guard"]

    order_id = fields.Many2one(
        "sale.order", "Quotation", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="order_id.company_id.currency_id")
    amount = fields.Monetary("Conceded", compute="_compute_conceded")
    percent = fields.Float("Conceded (%)", digits=(5, 1), compute="_compute_conceded")
    reason = fields.Selection(REASONS, required=True)
    in_return = fields.Char(
        "Got in Return", help="What the customer has given or promised for it."
    )
    note = fields.Text()

    @api.depends("order_id")
    def _compute_conceded(self):
        for dialog in self:
            order = dialog.order_id
            order.check_access("read")
            # sudo: what is conceded, whether one may see what was sent before or not
            conceded = order.sudo()._get_kam_conceded() if order else (0, 0)
            dialog.amount, dialog.percent = conceded

    def action_ask(self):
        """Ask the head of sales who is accountable, with the reason.

        :return: action that tells who is asked
        :raise UserError: when nothing is to be approved
        """
        self.ensure_one()
        order = self.order_id
        order._kam_check_to_approve()
        # sudo: the button asks, whoever may see approvals
        approval = order.sudo()._kam_ask_approval(
            reason=self.reason, in_return=self.in_return, note=self.note
        )
        heads = ", ".join(approval.activity_ids.user_id.mapped("name"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Approval requested from %s.", heads),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
