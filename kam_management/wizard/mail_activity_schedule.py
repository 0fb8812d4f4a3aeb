from odoo import api, fields, models


class MailActivitySchedule(models.TransientModel):
    _name = "mail.activity.schedule"
    _inherit = ["mail.activity.schedule", "kam.contact.question"]

    kam_account_id = fields.Many2one(
        "kam.account",
        compute="_compute_kam_account_id",
        groups="kam_management.group_kam_user",
    )
    kam_plan_id = fields.Many2one(
        "kam.plan",
        "Service Plan",
        compute="_compute_kam_plan_id",
        store=True,
        readonly=False,
        domain="[('account_id', '=', kam_account_id), ('state', '!=', 'closed')]",
        groups="kam_management.group_kam_user",
        help="The plan this action belongs to.",
    )
    kam_goal_id = fields.Many2one(
        "kam.plan.goal",
        "Goal",
        copy=False,
        domain="[('plan_id', '=', kam_plan_id)]",
        groups="kam_management.group_kam_user",
        help="The goal of the plan this action works for.",
    )
    kam_barrier_id = fields.Many2one(
        "kam.plan.barrier",
        "Switching Barrier",
        compute="_compute_kam_barrier_id",
        store=True,
        readonly=False,
        domain="[('plan_id', '=', kam_plan_id)]",
        groups="kam_management.group_kam_user",
        help="The switching barrier of the plan that this action strengthens.",
    )

    @api.depends("res_model", "res_ids", "activity_type_id", "plan_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_kam_silence(self):
        return super()._compute_kam_silence()

    @api.depends("res_model", "res_ids")
    def _compute_kam_account_id(self):
        """Find the one customer whose record the activity is scheduled on."""
        paths = {"kam.plan": "account_id", "crm.lead": "kam_account_id"}
        for wizard in self:
            account = self.env["kam.account"]
            if wizard.res_model == "kam.account":
                account = wizard._get_applied_on_records()
            elif path := paths.get(wizard.res_model):
                account = wizard._get_applied_on_records().mapped(path)
            # several customers have no plan in common
            wizard.kam_account_id = account if len(account) == 1 else False

    @api.depends("res_model", "res_ids")
    def _compute_kam_plan_id(self):
        """Take the plan the activity is scheduled on, or that of the lead."""
        for wizard in self:
            plan = self.env["kam.plan"]
            if wizard.res_model == "kam.plan":
                plan = wizard._get_applied_on_records()
            elif wizard.res_model == "crm.lead":
                plan = wizard._get_applied_on_records().kam_plan_id
            plan = plan._filtered_access("read")
            wizard.kam_plan_id = plan if len(plan) == 1 else False

    @api.depends("kam_plan_id")
    def _compute_kam_barrier_id(self):
        """Take the barrier the dialog was opened for.

        A default of this name would reach the activity before its plan does.
        """
        Barrier = self.env["kam.plan.barrier"]
        barrier = Barrier.browse(self.env.context.get("kam_barrier_id")).exists()
        for wizard in self:
            mine = barrier.plan_id == wizard.kam_plan_id
            wizard.kam_barrier_id = barrier if mine else False

    def action_schedule_plan(self):
        self._check_kam_silence()
        return super().action_schedule_plan()

    def action_schedule_activities(self):
        self._check_kam_silence()
        return super().action_schedule_activities()

    def _action_schedule_activities(self):
        """Let what is scheduled be an action of the plan, for the chosen goal."""
        activities = super()._action_schedule_activities()
        if self.env.user.has_group("kam_management.group_kam_user"):
            links = {
                "kam_plan_id": self.kam_plan_id.id,
                "kam_goal_id": self.kam_goal_id.id,
                "kam_barrier_id": self.kam_barrier_id.id,
            }
            if links := {name: link for name, link in links.items() if link}:
                activities.write(links)
        return activities

    def _get_kam_records(self):
        contact = self.plan_id or self.activity_type_id.kam_channel
        if not (contact and self.res_model and self.res_ids):
            return None
        return self._get_applied_on_records()
