from odoo import api, fields, models
from odoo.exceptions import UserError


class KamQuotaClosing(models.TransientModel):
    """Why many past periods are closed without a decision about each deviation."""

    _name = "kam.quota.closing"
    _description = "Close Past Periods"
    _inherit = ["kam.guard"]

    quota_ids = fields.Many2many("kam.quota", required=True)
    reason = fields.Text(required=True)
    open_count = fields.Integer(
        "Decisions to Be Dropped", compute="_compute_open_count"
    )

    @api.depends("quota_ids.decision_ids.state")
    def _compute_open_count(self):
        for dialog in self:
            decisions = dialog.quota_ids.decision_ids
            dialog.open_count = len(decisions.filtered(lambda one: one.state == "open"))

    def action_apply(self):
        """Close the quotas and write the reason into their logs.

        :raise AccessError: when the user is no head of sales
        :raise UserError: without a reason, or when a period is not over
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(
                self.env._(
                    "Enter a reason for closing these periods without decisions."
                )
            )
        self.quota_ids._close_past(self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
