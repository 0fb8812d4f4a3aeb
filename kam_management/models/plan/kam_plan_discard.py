from copy import deepcopy
from datetime import date

from odoo import fields, models
from odoo.exceptions import UserError

from .kam_plan_goal_guard import AGREED_FIELDS

# What an approved plan says beside its goals, and who has approved it.
PLAN_FIELDS = (
    "date_start",
    "date_end",
    "strategy",
    "strategy_note",
    "submit_user_id",
    "submit_date",
    "approve_user_id",
    "approve_date",
)
GOAL_FIELDS = (
    *sorted(AGREED_FIELDS - {"plan_id"}),
    "sequence",
    "baseline_date",
    "actual",
    "actual_date",
)


def _as_json(record, names):
    """Return the values of some fields of a record, as ``write`` takes them."""
    return {
        name: str(value) if isinstance(value, date) else value
        for name in names
        for value in [record._fields[name].convert_to_write(record[name], record)]
    }


class KamPlanVersion(models.Model):
    _inherit = "kam.plan.version"

    agreed = fields.Json(
        readonly=True,
        help="The approved content, so that the plan can go back to it.",
    )


class KamPlan(models.Model):
    """A new version may be given up: the plan goes on as it was approved."""

    _inherit = "kam.plan"

    def action_discard_version(self):
        """Give up the new version and go on with the one that was approved.

        A goal that was deleted meanwhile comes back without the actions it had.

        :raise UserError: when the plan was never approved, or is no draft
        """
        self._check_step("draft")
        for plan in self:
            # sudo: what was approved comes back as it was; nobody types anything
            version = plan.sudo().version_ids[:1]
            if not version.agreed:
                raise UserError(
                    self.env._(
                        "“%(plan)s” has not been approved yet, so there is no version"
                        " to go back to. Delete the plan, or continue with it.",
                        plan=plan.name,
                    )
                )
            plan.sudo()._restore(version)
            plan.message_post(
                body=self.env._(
                    "Version %(number)s discarded: back to version %(before)s",
                    number=plan.version + 1,
                    before=plan.version,
                )
            )
        self._start_due()
        self._measure_goals()

    def _prepare_agreed(self):
        """Return what is agreed upon as JSON, see ``kam.plan.version.agreed``."""
        self.ensure_one()
        return {
            "plan": _as_json(self, PLAN_FIELDS),
            "goals": [[goal.id, _as_json(goal, GOAL_FIELDS)] for goal in self.goal_ids],
        }

    def _restore(self, version):
        """Make the plan what it was in a version, and the version the present one."""
        self.ensure_one()
        kept = self.goal_ids.browse()
        for goal_id, values in deepcopy(version.agreed["goals"]):
            served = self.env["kam.customer.goal"].browse(
                values["customer_goal_id"] or ()
            )
            values["customer_goal_id"] = served.exists().id
            goal = self.goal_ids.filtered(lambda g, goal_id=goal_id: g.id == goal_id)
            goal = goal or self._bring_back_goal(values)
            # what a goal starts from is forgotten where its indicator changes
            goal.write({"indicator": values["indicator"]})
            goal.write(values)
            kept |= goal
        (self.goal_ids - kept).unlink()
        number = version.number
        self._set_state("approved", version=number, **version.agreed["plan"])
        version.unlink()

    def _bring_back_goal(self, values):
        """Return a goal that was deleted, made again and known to what recorded it."""
        goal = self.env["kam.plan.goal"].create({"plan_id": self.id, **values})
        for lines in (self.review_ids.line_ids, self.version_ids.line_ids):
            lost = lines.filtered(lambda line: not line.goal_id)
            lost.filtered(lambda line: line.name == goal.name).goal_id = goal
        return goal
