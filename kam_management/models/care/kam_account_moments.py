from odoo import api, fields, models

from ..common import clock


class KamAccount(models.Model):
    """The key moments of this customer."""

    _inherit = "kam.account"

    moment_ids = fields.One2many(
        "kam.moment", "account_id", "Key Moments", readonly=True
    )
    moment_count = fields.Integer("Open Key Moments", compute="_compute_moment_count")
    late_moment_count = fields.Integer(
        "Late Key Moments", compute="_compute_moment_count"
    )

    @api.depends("moment_ids.state", "moment_ids.date_due")
    def _compute_moment_count(self):
        """Count what is open and what is late, in one query for all accounts."""
        today = clock.today()
        due_dates = dict(
            self.env["kam.moment"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "open")],
                ["account_id"],
                ["date_due:array_agg"],
            )
        )
        for account in self:
            due = due_dates.get(account._origin, ())
            account.moment_count = len(due)
            account.late_moment_count = sum(day < today for day in due)

    def action_view_moments(self):
        """Open the key moments of this account, the open ones first."""
        action = self._prepare_records_action("kam_management.kam_moment_action")
        action["domain"] = [("account_id", "=", self.id)]
        return action

    def _take_over_from(self, leaver):
        """Hand the open moments of a leaver on, with their activities."""
        result = super()._take_over_from(leaver)
        for account in self:
            # sudo: whoever changes the manager hands the moments on
            moments = account.sudo().moment_ids.filtered(
                lambda moment: moment.state == "open" and moment.user_id == leaver
            )
            moments.user_id = account.manager_id
        return result
