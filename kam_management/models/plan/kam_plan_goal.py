from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common import clock, formats
from ..measure import judgement
from ..measure.indicator import GOAL
from ..stakeholder.kam_stakeholder import ORG_LEVELS

SIDES = [("ours", "Us"), ("customer", "Customer")]
DIRECTIONS = [("up", "More is better"), ("down", "Less is better")]
STANDINGS = [("reached", "Reached"), ("on_track", "On track"), ("behind", "Behind")]


class KamPlanGoal(models.Model):
    """What a plan is to reach, for us or for the customer: from where, to where.

    A goal with an indicator is measured by the app; a free one is typed in.
    """

    _name = "kam.plan.goal"
    _description = "Goal of a Service Plan"
    _inherit = ["kam.plan.line"]

    # What
    indicator = fields.Selection(
        lambda self: self.env["kam.measure"]._select_indicators(GOAL),
        help="What Odoo measures automatically. Empty: a goal in your own words, with"
        " figures entered by hand. Margin: order lines less the standard price of the"
        " products. Cost to serve: resources of touches, and their hours at the cost"
        " in the settings. Share of wallet: our revenue in percent of the customer's"
        " total spend in the same time. Retention: categories bought before and bought"
        " again. Coverage: decision maker, sponsor and users met lately.",
    )
    name = fields.Char(
        "Goal",
        compute="_compute_from_indicator",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    side = fields.Selection(SIDES, "Goal Owner", required=True, default="ours")
    org_level = fields.Selection(
        ORG_LEVELS,
        "Organisation Level",
        compute="_compute_org_level",
        store=True,
        readonly=False,
        precompute=True,
        help="The level of the customer's organisation that has this goal.",
    )
    customer_goal_id = fields.Many2one(
        "kam.customer.goal",
        "Customer's Goal",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
        help="The goal of the customer that this one serves.",
    )
    unit = fields.Char(
        compute="_compute_from_indicator",
        store=True,
        readonly=False,
        precompute=True,
        help="Such as EUR, %, days or pieces.",
    )
    direction = fields.Selection(
        DIRECTIONS,
        compute="_compute_from_indicator",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    is_cumulative = fields.Boolean(
        "Cumulative",
        compute="_compute_from_indicator",
        store=True,
        readonly=False,
        precompute=True,
        help="Counted from zero over the period, like revenue. Otherwise it is a level"
        " that moves from the baseline to the target.",
    )

    # From where, to where
    baseline = fields.Float(
        aggregator=None,
        copy=False,
        help="The starting point. Odoo takes it when the plan is submitted: the same"
        " figure for the preceding period of the same length.",
    )
    baseline_date = fields.Date(readonly=True, copy=False)
    target = fields.Float(aggregator=None)
    target_reason = fields.Char(
        "Reason for Lower Target",
        help="Why a target below the baseline is acceptable.",
    )

    # How far
    actual = fields.Float(aggregator=None, copy=False)
    actual_date = fields.Date("As of", readonly=True, copy=False)
    expected = fields.Float(
        "Expected by Today",
        compute="_compute_progress",
        store=True,
        aggregator=None,
        help="Where the figure would be today with even progress.",
    )
    progress = fields.Float(
        compute="_compute_progress",
        store=True,
        aggregator="avg",
        help="How much of the way to the target is completed.",
    )
    standing = fields.Selection(
        STANDINGS, "Status", compute="_compute_progress", store=True
    )

    # Of the plan, for analysis
    user_id = fields.Many2one(related="plan_id.user_id", string="Plan Owner")
    plan_state = fields.Selection(related="plan_id.state", string="Plan Status")

    _check_figures = models.Constraint(
        # NaN is greater than any number
        "CHECK(baseline > -1e15 AND baseline < 1e15 AND target > -1e15 AND target < 1e15"
        " AND actual > -1e15 AND actual < 1e15)",
        "Goal: enter baseline, target and actual as numbers.",
    )

    @api.depends("indicator")
    def _compute_from_indicator(self):
        """Take name, unit and direction from the indicator; leave free goals alone."""
        indicators = self.env["kam.measure"]._get_indicators()
        labels = {indicator.label for indicator in indicators.values()}
        for goal in self:
            indicator = indicators.get(goal.indicator)
            if indicator:
                if not goal.name or goal.name in labels:
                    goal.name = indicator.label
                currency = goal.currency_id or self.env.company.currency_id
                goal.unit = indicator.unit or currency.name
                goal.direction = indicator.direction
                goal.is_cumulative = indicator.adds_up
            else:
                goal.name = goal.name
                goal.unit = goal.unit
                goal.direction = goal.direction or "up"
                goal.is_cumulative = goal.is_cumulative

    @api.depends("customer_goal_id")
    def _compute_org_level(self):
        for goal in self:
            goal.org_level = goal.customer_goal_id.org_level or goal.org_level

    @api.depends(
        "baseline",
        "target",
        "actual",
        "actual_date",
        "direction",
        "is_cumulative",
        "plan_id.state",
        "plan_id.date_start",
        "plan_id.date_end",
    )
    def _compute_progress(self):
        """Compare with the target and with an even course.

        Drafts stand nowhere yet, nor does what has no figure.
        """
        today = clock.today()
        days = self.plan_id._map_working_days()
        for goal in self:
            plan = goal.plan_id
            if not (plan.date_start and plan.date_end):
                goal.update({"expected": 0, "progress": 0, "standing": False})
                continue
            period = plan.date_start, plan.date_end
            share = judgement.share_of(days[plan.company_id], *period, today)
            down = goal.direction == "down"
            # where less is better, a baseline of 0 was not taken
            baseline = None if down and not goal.baseline else goal.baseline
            goal.expected = judgement.expected(
                goal.target, share, goal.is_cumulative, baseline
            )
            way = share, goal.is_cumulative, down
            known = bool(goal.actual_date)
            goal.progress = known and judgement.progress(
                goal.baseline, goal.target, goal.actual, *way
            )
            runs = plan.state in ("approved", "running", "closed") and share
            goal.standing = bool(known and runs) and judgement.goal_standing(
                goal.target, goal.actual, goal.expected, *way
            )

    @api.constrains("name", "unit")
    def _check_unit(self):
        """Refuse goals that do not say what is counted."""
        for goal in self:
            if not (goal.unit or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(goal)s” has no unit. Enter what is counted: EUR, %%, days,"
                        " pieces ...",
                        goal=goal.name,
                    )
                )

    @api.constrains("baseline", "target", "target_reason", "direction", "indicator")
    def _check_free_target(self):
        """Check typed targets at once; measured ones when the plan is submitted."""
        self.filtered(lambda goal: not goal.indicator)._check_target()

    @api.constrains("customer_goal_id", "plan_id")
    def _check_customer_goal(self):
        for goal in self.filtered("customer_goal_id"):
            if goal.customer_goal_id.account_id != goal.plan_id.account_id:
                raise ValidationError(
                    self.env._(
                        "“%(goal)s” is a goal of another customer. Choose one of the"
                        " customer the plan is for.",
                        goal=goal.customer_goal_id.name,
                    )
                )

    def copy_data(self, default=None):
        """Start next year's free goals where this year's have arrived."""
        vals_list = super().copy_data(default)
        for goal, vals in zip(self, vals_list, strict=True):
            if not goal.indicator:
                vals.setdefault("baseline", goal.actual)
        return vals_list

    def _check_target(self):
        """Refuse targets worse than what there is, unless somebody says why.

        A baseline of 0 where less is better was not typed in yet.

        :raise ValidationError: naming each goal, its target and its baseline
        """
        if lines := self._describe_worse_targets():
            lines.append(
                self.env._(
                    "Choose a better target, or enter a reason for the lower one."
                )
            )
            raise ValidationError("\n".join(lines))

    def _describe_worse_targets(self):
        """Return a sentence for each goal whose target is worse than its baseline."""
        return [
            self.env._(
                "“%(goal)s”: the target of %(target)s is worse than the baseline of"
                " %(baseline)s %(unit)s.",
                goal=goal.name,
                target=formats.number(self.env, goal.target),
                baseline=formats.number(self.env, goal.baseline),
                unit=goal.unit or "",
            )
            for goal in self
            if goal._is_target_worse()
        ]

    def _is_target_missing(self):
        """Return whether there is nothing to reach; no complaint at all is a target."""
        self.ensure_one()
        has_reason = (self.target_reason or "").strip()
        return not self.target and self.direction == "up" and not has_reason

    def _is_target_worse(self):
        """Return whether the target is worse than what there is, and nobody says why."""
        self.ensure_one()
        if (self.target_reason or "").strip():
            return False
        if self.direction == "down":
            return 0 < self.baseline < self.target
        return self.target < self.baseline
