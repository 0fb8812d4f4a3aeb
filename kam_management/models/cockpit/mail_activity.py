from odoo import api, fields, models
from odoo.fields import Domain

from ..care.kam_complaint_clock import CLOCKS
from ..deal.mail_activity import BID_TYPE


class MailActivity(models.Model):
    """My Day names each thing once: what has a card of its own is no activity there."""

    _inherit = "mail.activity"

    kam_has_card = fields.Boolean(
        compute="_compute_kam_has_card",
        search="_search_kam_has_card",
        groups="kam_management.group_kam_user",
        help="Shown on another card of My Day.",
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
        """Find reminders of what other cards show: whom to touch, complaints, decisions.

        A reminder somebody passed on to a colleague has no other card with him.
        """
        if operator != "in" or True not in value:
            return NotImplemented
        me = self.env.uid
        complaints = self.env["kam.cockpit"]._get_complaints_domain()
        shown = [
            ("mail_activity_data_touch", "kam.account", [("manager_id", "=", me)]),
            (
                "mail_activity_type_complaint",
                "kam.complaint",
                [("state", "=", "open"), ("user_id", "=", me)],
            ),
            (
                "mail_activity_type_carry_out",
                "kam.quota.decision",
                [("state", "=", "decided"), ("owner_id", "=", me)],
            ),
            *(
                (f"mail_activity_type_complaint_{clock}", "kam.complaint", complaints)
                for clock in CLOCKS
            ),
            *self._get_kam_matters(),
        ]
        find = self.env["ir.model.data"]._xmlid_to_res_id
        reminders = Domain.OR(
            Domain("activity_type_id", "=", find(f"kam_management.{kind}", False))
            & Domain("res_model", "=", model)
            & Domain("res_id", "in", self.env[model]._search(domain))
            for kind, model, domain in shown
        )
        by_app = Domain("automated", "=", True) & reminders
        return Domain("user_id", "=", me) & (by_app | self._get_kam_bids())

    @api.model
    def _get_kam_bids(self):
        """Return the milestones for what a head of sales decides about tenders."""
        cockpit = self.env["kam.cockpit"]
        if not cockpit._is_head():
            return Domain.FALSE
        matter = cockpit._get_matters()["kam.tender"]
        kind = self.env["ir.model.data"]._xmlid_to_res_id(BID_TYPE, False)
        return Domain("activity_type_id", "=", kind) & Domain(
            "kam_tender_id", "in", self.env["kam.tender"]._search(matter.domain)
        )

    @api.model
    def _get_kam_matters(self):
        """Return the reminders of what a head of sales decides on My Day, as above."""
        if not self.env["kam.cockpit"]._is_head():
            return []
        matters = self.env["kam.cockpit"]._get_matters()
        return [
            (matter.reminder, model, matter.domain) for model, matter in matters.items()
        ]
