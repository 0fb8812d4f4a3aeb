from odoo import api, fields, models

from ..context import MERGING


class KamAccount(models.Model):
    """What this customer is not content with."""

    _inherit = "kam.account"

    complaint_ids = fields.One2many("kam.complaint", "account_id", "Complaints")
    complaint_count = fields.Integer(
        "Open Complaints", compute="_compute_complaint_count"
    )
    late_complaint_count = fields.Integer(
        "Late Complaints", compute="_compute_complaint_count"
    )

    @api.depends("complaint_ids.state", "complaint_ids.date_due")
    def _compute_complaint_count(self):
        """Count what is open and what is late, in one query for all accounts."""
        today = fields.Date.context_today(self)
        due_dates = dict(
            self.env["kam.complaint"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "open")],
                ["account_id"],
                ["date_due:array_agg"],
            )
        )
        for account in self:
            due = due_dates.get(account._origin, ())
            account.complaint_count = len(due)
            account.late_complaint_count = sum(day < today for day in due)

    def action_view_complaints(self):
        """Open the complaints of this account, the open ones first."""
        action = self._prepare_records_action("kam_management.kam_complaint_action")
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {"default_account_id": self.id}
        return action

    def action_new_complaint(self):
        """Open an empty complaint of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Complaint"),
            "res_model": "kam.complaint",
            "views": [(False, "form")],
            "context": {"default_account_id": self.id},
        }

    def _filter_with_history(self):
        """Keep accounts with complaints too: somebody has typed them in."""
        return super()._filter_with_history() | self.filtered("complaint_ids")

    def _merge_relations(self, survivor):
        """Bring the complaints along, solved ones too."""
        complaints = self.with_context(kam_merge=MERGING).complaint_ids
        complaints.write({"account_id": survivor.id})
        return super()._merge_relations(survivor)
