from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..contact.kam_cadence import MAX_TOUCH_DAYS
from ..measure.indicator import GOAL
from .kam_plan import STRATEGIES
from .kam_plan_goal import DIRECTIONS, SIDES

# What a customer of each level mostly needs; an active one is judged by his purchases.
LEVEL_STRATEGIES = {
    "potential": "relations",
    "engaged": "relations",
    "new": "expand",
    "dormant": "relations",
}


class KamPlanTemplate(models.Model):
    """What plans of one kind start with: a strategy, its goals and the first actions."""

    _name = "kam.plan.template"
    _description = "Service Plan Template"
    _inherit = ["kam.guard"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave it empty for a template of all companies.",
    )
    description = fields.Text(
        "When to Use It", translate=True, help="Shown when choosing a template."
    )
    industry_id = fields.Many2one(
        "res.partner.industry",
        index="btree_not_null",
        ondelete="set null",
        help="Suggested for customers of this industry. Leave it empty for all"
        " industries.",
    )
    strategy = fields.Selection(STRATEGIES, "Leading Strategy", required=True)
    strategy_note = fields.Text("Strategy in Words", translate=True)
    touch_days = fields.Integer(
        "Contact Frequency",
        help="Days between two touches while a plan runs. 0: as in the settings.",
    )
    activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        "First Actions",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('res_model', '=', 'kam.plan')]",
        help="Scheduled when a plan is created from this template.",
    )
    goal_ids = fields.One2many(
        "kam.plan.template.goal", "template_id", "Goals", copy=True
    )

    _check_touch_days = models.Constraint(
        f"CHECK(touch_days BETWEEN 0 AND {MAX_TOUCH_DAYS})",
        f"Contact frequency: enter a number of days up to {MAX_TOUCH_DAYS}, or 0 to"
        " follow the settings.",
    )

    @api.constrains("goal_ids")
    def _check_goals(self):
        """Want goals in a template: without one a plan says not what for."""
        for template in self:
            if not template.goal_ids:
                raise ValidationError(
                    self.env._(
                        "“%(template)s” has no goals. Add at least one, as a plan is"
                        " measured by its goals.",
                        template=template.name,
                    )
                )

    @api.constrains("activity_plan_id")
    def _check_activity_plan(self):
        for template in self:
            plan = template.activity_plan_id
            if plan and plan.res_model != "kam.plan":
                raise ValidationError(
                    self.env._(
                        "“%(plan)s” is not a sequence for service plans. Choose one"
                        " that is.",
                        plan=plan.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        # without goals in the values the constraint is not asked
        templates._check_goals()
        return templates

    @api.model
    def _get_suggested(self, account):
        """Return the template that suits an account best.

        Those of the customer's industry go before those for all, then those of the
        strategy his level calls for, then the first of the list.

        :param account: a ``kam.account``
        """
        # sudo: of the account that the user sees
        industry = account.partner_id.sudo().industry_id
        strategy = self._get_strategy(account)
        templates = self.search(
            [
                ("company_id", "in", [False, account.company_id.id]),
                ("industry_id", "in", [False, industry.id]),
            ]
        )
        return templates.sorted(
            lambda template: (not template.industry_id, template.strategy != strategy)
        )[:1]

    @api.model
    def _get_strategy(self, account):
        """Return the strategy an account's level calls for.

        A safe source of revenue can buy more; other active customers are to be kept.
        """
        if account.level == "active":
            return "expand" if account.buyer_pattern == "safe" else "retain"
        return LEVEL_STRATEGIES[account.level]


class KamPlanTemplateGoal(models.Model):
    """A goal that plans made from a template start with."""

    _name = "kam.plan.template.goal"
    _description = "Service Plan Template Goal"
    _inherit = ["kam.guard"]
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "kam.plan.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    indicator = fields.Selection(
        lambda self: self.env["kam.measure"]._select_indicators(GOAL),
        help="What Odoo measures automatically. Empty: a goal in your own words.",
    )
    name = fields.Char("Goal", required=True, translate=True)
    side = fields.Selection(SIDES, "Goal Owner", required=True, default="ours")
    unit = fields.Char(
        translate=True,
        help="Such as %, days or pieces. Indicators have their own unit.",
    )
    direction = fields.Selection(
        DIRECTIONS,
        default="up",
        required=True,
        help="Indicators have their own direction.",
    )

    @api.constrains("indicator", "unit")
    def _check_unit(self):
        """Refuse goals that do not say what is counted, as plans do."""
        for goal in self:
            if not goal.indicator and not (goal.unit or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(goal)s” has no unit. Enter what is counted: %%, days,"
                        " pieces ...; or choose an indicator.",
                        goal=goal.name,
                    )
                )

    def _prepare_goal_values(self):
        """Return the values of the goal of a plan, without its target."""
        self.ensure_one()
        values = {"name": self.name, "side": self.side, "indicator": self.indicator}
        if not self.indicator:
            values.update(unit=self.unit, direction=self.direction)
        return values
