from odoo import api, fields, models
from odoo.fields import Domain


class MailActivity(models.Model):
    """My Day names each thing once: what has a card of its own is no activity there."""

    _inherit = "mail.activity"

    kam_has_card = fields.Boolean(
        compute="_compute_kam_has_card",
        search="_search_kam_has_card",
        groups="kam_management.group_kam_user",
        help="Another card of My Day shows what this activity of yours reminds of.",
    )

    @api.depends_context("uid")
    @api.depends("user_id", "res_model", "res_id", "activity_type_id", "automated")
    def _compute_kam_has_card(self):
        shown = self.search(
            [("id", "in", self._origin.ids), ("kam_has_card", "=", True)]
        )
        for activity in self:
            activity.kam_has_card = activity._origin in shown

    def _search_kam_has_card(self, operator, value):
        """Find reminders of touches to the user's customers, and of his complaints.

        A reminder somebody passed on to a colleague has no other card with him.
        """
        if operator != "in" or True not in value:
            return NotImplemented
        accounts = self.env["kam.account"]._search([("manager_id", "=", self.env.uid)])
        complaints = self.env["kam.complaint"]._search(
            [("state", "=", "open"), ("user_id", "=", self.env.uid)]
        )
        find = self.env["ir.model.data"]._xmlid_to_res_id
        touch = find("kam_management.mail_activity_data_touch", False)
        complaint = find("kam_management.mail_activity_type_complaint", False)
        return Domain("user_id", "=", self.env.uid) & (
            Domain("activity_type_id", "=", touch)
            & Domain("automated", "=", True)
            & Domain("res_model", "=", "kam.account")
            & Domain("res_id", "in", accounts)
            | Domain("activity_type_id", "=", complaint)
            & Domain("automated", "=", True)
            & Domain("res_model", "=", "kam.complaint")
            & Domain("res_id", "in", complaints)
        )
