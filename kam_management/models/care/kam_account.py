from odoo import api, fields, models

from ..common import clock


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
        today = clock.today()
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

    def _tell_complaints(self, open_count, late_count, open_since):
        """Return how many are not solved, and since when; all None for none."""
        count = (open_count or 0) + (late_count or 0)
        if not count:
            return self.env._("no open complaints"), None
        words = self.env._("%(count)s open", count=count)
        if late_count:
            words = self.env._(
                "%(count)s open, %(late)s late", count=count, late=late_count
            )
        return words, self._format_since(open_since)

    def _filter_with_history(self):
        """Keep accounts with complaints too: somebody has typed them in."""
        return super()._filter_with_history() | self.filtered("complaint_ids")

    def _get_activity_records(self):
        return {
            **super()._get_activity_records(),
            "kam.complaint": lambda complaint: complaint.account_id,
        }

    def _find_work(self, user):
        still_open = [("state", "=", "open")]
        return [
            *super()._find_work(user),
            *self._search_work(self.env["kam.complaint"], user, still_open),
        ]
