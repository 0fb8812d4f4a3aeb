from odoo import fields, models
from odoo.exceptions import UserError


class KamQuotaReopen(models.TransientModel):
    """Why a closed period is opened again."""

    _name = "kam.quota.reopen"
    _description = "Reopen a Quota"
    _inherit = ["kam.guard"]

    quota_ids = fields.Many2many("kam.quota", required=True)
    reason = fields.Text(required=True)

    def action_apply(self):
        """Reopen the quotas and write the reason into their logs.

        :raise AccessError: when the user is no head of sales
        :raise UserError: without a reason
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter a reason for reopening the period."))
        self.quota_ids._reopen(self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
