from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What makes an activity an action of a plan.
PLAN_FIELDS = {"kam_plan_id", "kam_goal_id", "kam_barrier_id", "kam_with_customer"}


class MailActivity(models.Model):
    """An activity may carry out a service plan, on whatever record it hangs."""

    _inherit = "mail.activity"

    kam_plan_id = fields.Many2one(
        "kam.plan",
        "Service Plan",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups="kam_management.group_kam_user",
        help="The plan this action belongs to.",
    )
    kam_goal_id = fields.Many2one(
        "kam.plan.goal",
        "Goal",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('plan_id', '=', kam_plan_id)]",
        groups="kam_management.group_kam_user",
        help="The goal of the plan this action works for.",
    )
    kam_barrier_id = fields.Many2one(
        "kam.plan.barrier",
        "Switching Barrier",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        domain="[('plan_id', '=', kam_plan_id)]",
        groups="kam_management.group_kam_user",
        help="The switching barrier of the plan that this action strengthens.",
    )

    @api.constrains("kam_plan_id", "kam_goal_id", "kam_barrier_id")
    def _check_kam_plan_parts(self):
        # sudo: compares links, whoever may follow them
        for activity in self.sudo():
            for part in activity.kam_goal_id, activity.kam_barrier_id:
                if part and part.plan_id != activity.kam_plan_id:
                    raise ValidationError(
                        self.env._(
                            "“%(part)s” belongs to another plan. Choose one of the plan"
                            " the action is for.",
                            part=part.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        # sudo: the plan decides who may add to it
        activities.sudo().kam_plan_id.with_env(self.env)._check_may_join()
        activities._join_kam_plan()
        return activities

    def write(self, vals):
        if not PLAN_FIELDS.isdisjoint(vals):
            # sudo: the plan decides who may take its actions away, or promise them
            self.sudo().kam_plan_id.with_env(self.env)._check_may_join()
        self.env["kam.plan"].browse(vals.get("kam_plan_id") or ())._check_may_join()
        return super().write(vals)

    @api.model
    def _get_checked_fields(self):
        """Leave the plan to itself, see ``_check_may_join``."""
        return super()._get_checked_fields() | {"kam_plan_id"}

    def _join_kam_plan(self):
        """Let what is planned on a plan, or on a lead of a plan, be an action of it.

        A request for approval is no action: it is about the plan itself.
        """
        approval = self.env["ir.model.data"]._xmlid_to_res_id(
            "kam_management.mail_activity_type_approve"
        )
        # sudo: follows the record the activity is on, whoever plans it
        free = self.sudo().filtered(
            lambda activity: (
                not activity.kam_plan_id and activity.activity_type_id.id != approval
            )
        )
        by_model = free.grouped("res_model")
        for activity in by_model.get("kam.plan", ()):
            activity.kam_plan_id = activity.res_id
            activity.kam_plan_id.with_env(self.env)._check_open()
        on_leads = by_model.get("crm.lead", free.browse())
        leads = self.env["crm.lead"].sudo().browse(set(on_leads.mapped("res_id")))
        plans = {
            lead.id: lead.kam_plan_id
            for lead in leads.exists()
            if lead.kam_plan_id.state != "closed"
        }
        for activity in on_leads:
            if plan := plans.get(activity.res_id):
                activity.kam_plan_id = plan


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    @api.model
    def _get_kam_plan_models(self):
        return {
            **super()._get_kam_plan_models(),
            "kam.plan": lambda plan: plan.account_id,
        }


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    # a service plan shows its meetings
    _kam_plan_idx = models.Index("(res_id) WHERE res_model = 'kam.plan'")
