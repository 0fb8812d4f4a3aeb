from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..models.common import clock


class KamPlanNew(models.TransientModel):
    """Two clicks to a plan: a template and a period are suggested."""

    _name = "kam.plan.new"
    _description = "New Service Plan"
    _inherit = ["kam.guard"]
    _check_company_auto = True

    # no check_company: the company follows the account, and would empty the choice
    account_id = fields.Many2one("kam.account", required=True)
    company_id = fields.Many2one(related="account_id.company_id")
    template_id = fields.Many2one(
        "kam.plan.template",
        compute="_compute_suggestion",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Suggested by industry and level of the customer.",
    )
    template_description = fields.Text(related="template_id.description")
    date_start = fields.Date(
        "From",
        compute="_compute_suggestion",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    date_end = fields.Date(
        "To",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    last_plan_id = fields.Many2one("kam.plan", compute="_compute_last_plan_id")
    plan_id = fields.Many2one("kam.plan", readonly=True)

    @api.depends("account_id")
    def _compute_last_plan_id(self):
        for wizard in self:
            wizard.last_plan_id = wizard.account_id.plan_ids.sorted("date_end")[-1:]

    @api.depends("account_id")
    def _compute_suggestion(self):
        """Suggest a template, and the fiscal year to plan or the time after the last plan.

        When a year has less than two months left, the next one is planned.
        """
        soon = clock.here(self) + relativedelta(months=2)
        Template = self.env["kam.plan.template"]
        for wizard in self:
            account = wizard.account_id
            wizard.template_id = account and Template._get_suggested(account) or None
            last_day = wizard.last_plan_id.date_end or date.min
            # sudo: of the settings of a company one works for, the fiscal year alone
            company = (wizard.company_id or self.env.company).sudo()
            year = company.compute_fiscalyear_dates(soon)
            wizard.date_start = max(year["date_from"], last_day + timedelta(days=1))

    @api.depends("date_start")
    def _compute_date_end(self):
        for wizard in self:
            start = wizard.date_start
            wizard.date_end = start and start + relativedelta(years=1, days=-1)

    def action_create_plan(self):
        """Make the plan and open it; a second click opens the same.

        :return: action on ``kam.plan``
        """
        self.ensure_one()
        if not self.plan_id:
            # a second click that comes in meanwhile is turned away
            self.lock_for_update()
            self.plan_id = self._create_plan()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kam.plan",
            "res_id": self.plan_id.id,
            "views": [(False, "form")],
        }

    def _create_plan(self):
        """Return a draft for the account and period, with the template applied."""
        plan = self.env["kam.plan"].create(
            {
                "account_id": self.account_id.id,
                "template_id": self.template_id.id,
                "date_start": self.date_start,
                "date_end": self.date_end,
            }
        )
        if plan.template_id:
            plan.action_apply_template()
        return plan
