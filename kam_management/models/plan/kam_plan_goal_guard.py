from odoo import api, models
from odoo.exceptions import UserError

from ..common import clock

# What was agreed upon when the plan was approved.
AGREED_FIELDS = {
    "plan_id",
    "name",
    "side",
    "org_level",
    "indicator",
    "unit",
    "direction",
    "is_cumulative",
    "baseline",
    "target",
    "target_reason",
    "customer_goal_id",
}


class KamPlanGoal(models.Model):
    """What of a goal was agreed upon, and which figures are typed in."""

    _inherit = "kam.plan.goal"

    @api.model_create_multi
    def create(self, vals_list):
        goals = super().create(vals_list)
        for goal, vals in zip(goals, vals_list, strict=True):
            goal._date_actual(vals)
        goals._check_plan_in_draft()
        if not self.env.su:
            goals.filtered("actual")._check_actual_typed()
            goals.filtered("baseline")._check_baseline_typed()
        return goals

    def write(self, vals):
        if not AGREED_FIELDS.isdisjoint(vals):
            self._check_plan_in_draft()
        if "actual" in vals and not self.env.su:
            self._check_actual_typed()
        changed = self.filtered(
            lambda g: g.indicator != vals.get("indicator", g.indicator)
        )
        result = super().write(vals)
        self._date_actual(vals)
        changed._start_anew(vals)
        if "plan_id" in vals:
            self._check_plan_in_draft()
        if "baseline" in vals and not self.env.su:
            self._check_baseline_typed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_plan_in_draft()

    def _date_actual(self, typed):
        """Note the day on which an actual was typed in: today.

        :param dict typed: values that were written
        """
        if typed.get("actual") and "actual_date" not in typed:
            # sudo: nobody types in as of when a figure is
            self.sudo().actual_date = clock.today()

    @api.model
    def _get_found_hint(self):
        return self.env._(
            "Enter the target, and the actual figure of goals without an indicator."
        )

    def _check_actual_typed(self):
        """Refuse to type in what is measured.

        :raise UserError: naming the goals
        """
        if measured := self.filtered("indicator"):
            raise UserError(
                self.env._(
                    "%(goals)s: measured automatically. Use “Update Figures” to see"
                    " the figure of today.",
                    goals=", ".join(measured.mapped("name")),
                )
            )

    def _start_anew(self, typed):
        """Forget the figures of goals that are measured by something else from now on.

        :param dict typed: values that were written, which stay
        """
        # sudo: nobody types in when a baseline was taken
        goals = self.sudo()
        goals.baseline_date = False
        if "baseline" not in typed:
            goals.baseline = 0
        if "actual" not in typed:
            goals.write({"actual": 0, "actual_date": False})

    def _check_baseline_typed(self):
        """Refuse to type in what measured goals start from.

        :raise UserError: naming the goals
        """
        if measured := self.filtered("indicator"):
            raise UserError(
                self.env._(
                    "%(goals)s: the baseline is taken automatically when the plan is"
                    " submitted. Leave it empty.",
                    goals=", ".join(measured.mapped("name")),
                )
            )

    def _check_plan_in_draft(self):
        """Keep the goals a plan was approved, or is to be approved, with.

        :raise UserError: saying how goals are changed
        """
        agreed = self.plan_id.filtered(
            lambda plan: plan.state not in ("draft", "closed")
        )
        if agreed and not self.env.su:
            raise UserError(
                self.env._(
                    "The goals of “%(plan)s” are fixed while it is submitted, approved or"
                    " running. Give it back to draft, or start a new version of the plan"
                    " and say why.",
                    plan=", ".join(agreed.mapped("name")),
                )
            )
