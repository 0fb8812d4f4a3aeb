from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..common import clock
from ..common.names import list_names


class KamPlan(models.Model):
    """How the plan is carried out: Odoo's own activities, meetings and leads."""

    _inherit = "kam.plan"

    action_ids = fields.One2many(
        "mail.activity",
        "kam_plan_id",
        "Actions",
        context={"active_test": False},
        help="All activities of this plan, on any record, open and done.",
    )
    late_action_count = fields.Integer(
        "Late Actions",
        compute="_compute_late_action_count",
        search="_search_late_action_count",
    )
    meeting_ids = fields.Many2many(
        "calendar.event", string="Meetings", compute="_compute_meeting_ids"
    )
    lead_ids = fields.One2many(
        "crm.lead",
        "kam_plan_id",
        "Leads",
        context={"active_test": False},
        readonly=True,
    )

    @api.depends("action_ids.date_deadline", "action_ids.active")
    def _compute_late_action_count(self):
        """Count what should be done by now, whoever it is for, in one query for all."""
        # sudo: how far the plan is behind is no secret to who sees the plan
        counts = dict(
            self.env["mail.activity"]
            .sudo()
            ._read_group(
                self._get_late_domain() & Domain("kam_plan_id", "in", self.ids),
                ["kam_plan_id"],
                ["__count"],
            )
        )
        for plan in self:
            plan.late_action_count = counts.get(plan._origin.sudo(), 0)

    def _search_late_action_count(self, operator, value):
        """Find plans with late actions, or without any."""
        if operator not in (">", "in") or (operator == "in" and set(value) != {0}):
            return NotImplemented
        late = Domain("action_ids", "any!", self._get_late_domain())
        if operator == ">":
            return late if value == 0 else NotImplemented
        return ~late

    def _compute_meeting_ids(self):
        """Find the meetings scheduled from the plans, in one query for all."""
        meetings = self.env["calendar.event"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        by_plan = meetings.grouped("res_id")
        for plan in self:
            plan.meeting_ids = by_plan.get(plan._origin.id)

    def action_plan_action(self):
        """Open Odoo's dialog that schedules an activity, with the goals to choose."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Action"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_id": self.id,
                "active_ids": self.ids,
            },
        }

    def action_plan_meeting(self):
        """Open the calendar to schedule a meeting that belongs to the plan."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "calendar.action_calendar_event"
        )
        partners = self.partner_id | self.user_id.partner_id | self.env.user.partner_id
        action["context"] = {
            "default_res_model": self._name,
            "default_res_id": self.id,
            "default_name": self.name,
            "default_partner_ids": partners.ids,
        }
        return action

    @api.model
    def _get_late_domain(self):
        """Return the domain of the activities that should be done by now."""
        today = clock.here(self)
        return Domain("active", "=", True) & Domain("date_deadline", "<", today)

    def _check_may_join(self):
        """Let only who works on these plans add actions and leads, or take them away.

        :raise AccessError: when one is a plan of other accounts
        :raise ValidationError: when one is closed
        """
        if self and not self.env.su and not self.has_access("write"):
            raise AccessError(
                self.env._(
                    "You cannot change this plan. Ask a member of the account team."
                )
            )
        self._check_open()

    def _get_open_actions(self):
        """Return what is still to be done for these plans, on whatever record."""
        # sudo: an action of a colleague is open all the same
        plans = self.sudo()
        return plans.action_ids.filtered("active") | plans.activity_ids

    def _check_closable(self):
        """Refuse to close a plan with open actions, wherever they hang.

        :raise UserError: saying which
        """
        self.ensure_one()
        if actions := self._get_open_actions():
            raise UserError(
                self.env._(
                    "“%(plan)s” has open actions: %(actions)s. Mark them done, cancel"
                    " them or move them to the next plan, then close it.",
                    plan=self.name,
                    actions=list_names(actions),
                )
            )
        return super()._check_closable()
