from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..common import clock


class KamPlan(models.Model):
    """How a plan starts: from a template, or from the plan of the year before."""

    _inherit = "kam.plan"

    template_id = fields.Many2one(
        "kam.plan.template",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Fills in the strategy, goals and first actions.",
    )
    previous_plan_id = fields.Many2one(
        "kam.plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The plan this one continues.",
    )

    def action_apply_template(self):
        """Add to drafts what their template has and they have not.

        What is written already stays: applied twice, it changes nothing more.

        :raise UserError: when there is no template, or the plan is no draft
        """
        self._check_step("draft")
        for plan in self:
            template = plan.template_id
            if not template:
                raise UserError(self.env._("Choose a template first, then apply it."))
            plan._check_company(["template_id"])
            plan.write(plan._prepare_template_values(template))
            plan._schedule_template_actions(template)
        # targets are set against what is there today
        self.action_refresh_goals()

    def action_next_plan(self):
        """Open the plan for the time after this one; make it where there is none.

        Team, open needs and expectations, barriers, funnel and goals come along, each
        as its model says; every goal starts from where this year has brought it.

        :return: action on ``kam.plan``
        :raise UserError: when the plan was not approved yet
        """
        self.ensure_one()
        self._check_step("approved", "running", "closed")
        plan = self._get_next_plan() or self._create_next_plan()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": plan.id,
            "views": [(False, "form")],
        }

    def _get_next_plan(self):
        """Return the plan that continues this one, or begins the day after it."""
        start = self.date_end + relativedelta(days=1)
        return self.search(
            [
                ("account_id", "=", self.account_id.id),
                "|",
                ("previous_plan_id", "=", self.id),
                ("date_start", "=", start),
            ],
            limit=1,
        )

    def _create_next_plan(self):
        """Return a draft for the period after this one, as long as this one."""
        start = self.date_end + relativedelta(days=1)
        length = relativedelta(start, self.date_start)
        plan = self.copy(
            {
                "date_start": start,
                "date_end": start + length - relativedelta(days=1),
            }
        )
        # sudo: which plan it continues is found here, and typed in by nobody
        plan.sudo().previous_plan_id = self
        plan.action_refresh_goals()
        return plan

    def _prepare_template_values(self, template):
        """Return what a template adds to this plan."""
        known = {(goal.side, goal.name) for goal in self.goal_ids}
        goals = [
            fields.Command.create(goal._prepare_goal_values())
            for goal in template.goal_ids
            if (goal.side, goal.name) not in known
        ]
        values = {"goal_ids": goals} if goals else {}
        for name in ("strategy", "strategy_note", "touch_days"):
            if template[name] and not self[name]:
                values[name] = template[name]
        return values

    def _schedule_template_actions(self, template):
        """Schedule the first actions, from the plan's first day or from today."""
        # done ones are archived: they are not planned a second time
        planned = self.with_context(active_test=False).activity_ids
        known = {(action.activity_type_id, action.summary) for action in planned}
        first_day = max(self.date_start, clock.here(self))
        for step in template.activity_plan_id.template_ids:
            if (step.activity_type_id, step.summary) in known:
                continue
            user = step._determine_responsible(self.user_id, self)["responsible"]
            self.activity_schedule(
                activity_type_id=step.activity_type_id.id,
                automated=False,
                summary=step.summary,
                note=step.note,
                user_id=(user or self.user_id or self.env.user).id,
                date_deadline=step._get_date_deadline(first_day),
            )


class KamPlanGoal(models.Model):
    _inherit = "kam.plan.goal"

    def copy_data(self, default=None):
        """Keep this year's target, unless it is reached: then hold what there is."""
        vals_list = super().copy_data(default)
        for goal, vals in zip(self, vals_list, strict=True):
            start, target = vals.get("baseline", 0), vals.get("target", 0)
            if goal.indicator or not start:
                continue
            worse = start < target if goal.direction == "down" else target < start
            if worse and not vals.get("target_reason"):
                vals["target"] = start
        return vals_list
