import re

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common import clock, formats
from ..common.names import list_names
from ..common.turns import take_turns
from ..contact.kam_cadence import MAX_TOUCH_DAYS

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("running", "Running"),
    ("closed", "Closed"),
]
STRATEGIES = [
    ("retain", "Retain"),
    ("expand", "Expand sales"),
    ("relations", "Build personal relations"),
]

# What decides which rhythm of touches is in force: a revised plan holds from its first
# day on.
RHYTHM_FIELDS = {"touch_days", "state", "date_start", "account_id", "active"}


class KamPlan(models.Model):
    """The service plan: what we do for one customer in one year, and what it brings him.

    Five steps lead through it: his situation, his needs, our services that match them,
    the delivery, and the evaluation of how far both sides' goals are reached.
    """

    _name = "kam.plan"
    _description = "Service Plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "kam.guard", "kam.merge"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    # What for, and when
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    # company_id follows it: to check that would leave none to choose on a new record
    account_id = fields.Many2one(
        "kam.account",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    date_start = fields.Date(
        "From",
        required=True,
        default=lambda self: clock.today().replace(month=1, day=1),
        tracking=True,
    )
    date_end = fields.Date(
        "To",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    state = fields.Selection(
        STATES,
        "Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
        index=True,
    )

    # Who
    user_id = fields.Many2one(
        "res.users",
        "Plan Owner",
        compute="_compute_users",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False)]",
        help="The key account manager responsible for this plan.",
    )
    accountable_id = fields.Many2one(
        "res.users",
        compute="_compute_users",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        tracking=True,
        domain="[('share', '=', False)]",
        help="The head of sales who approves the plan and is accountable for its"
        " result.",
        string="Head of Sales",
    )
    member_ids = fields.One2many("kam.plan.member", "plan_id", "Team", copy=True)

    # How
    strategy = fields.Selection(
        STRATEGIES,
        "Leading Strategy",
        tracking=True,
        help="Retain: keep what we have. Expand sales: sell more of what they could"
        " buy from us. Build personal relations: know those who decide, and be known"
        " by them.",
    )
    strategy_note = fields.Text(
        "Strategy in Words",
        help="How the strategy is carried out, and what complements it.",
    )
    touch_days = fields.Integer(
        "Contact Frequency",
        aggregator=None,
        help="Days between two touches while the plan runs, where it needs them more"
        " often than the settings ask for. 0: as in the settings.",
    )
    goal_ids = fields.One2many("kam.plan.goal", "plan_id", "Goals", copy=True)

    _check_dates = models.Constraint(
        "CHECK(date_start <= date_end)",
        "Service plan: the end of the period is before its start. Check the dates.",
    )
    _check_years = models.Constraint(
        "CHECK(date_start >= '1970-01-01' AND date_end <= '2200-12-31'"
        " AND date_end - date_start < 3660)",
        "Service plan: the period is longer than ten years. Check the dates.",
    )
    _check_touch_days = models.Constraint(
        f"CHECK(touch_days BETWEEN 0 AND {MAX_TOUCH_DAYS})",
        f"Contact frequency: enter a number of days up to {MAX_TOUCH_DAYS}, or 0 to"
        " follow the settings.",
    )

    @api.depends("account_id", "date_start")
    def _compute_name(self):
        """Name a plan after its customer and year, unless it has another name."""
        for plan in self:
            follows = not plan.name or re.search(r" \d{4}$", plan.name)
            if plan.account_id and plan.date_start and follows:
                plan.name = f"{plan.partner_id.name} {plan.date_start.year}"

    @api.depends("date_start")
    def _compute_date_end(self):
        """Let a plan last a year from its beginning on."""
        for plan in self.filtered("date_start"):
            plan.date_end = plan.date_start + relativedelta(years=1, days=-1)

    @api.depends("account_id")
    def _compute_users(self):
        """Take over who leads the account and who is accountable for it."""
        for plan in self:
            plan.user_id = plan.user_id or plan.account_id.manager_id
            plan.accountable_id = plan.accountable_id or plan.account_id.accountable_id

    @api.constrains("account_id", "date_start", "date_end", "active")
    def _check_overlap(self):
        """Refuse a second plan for the same customer in the same time.

        Accounts that are merged bring their plans along, overlapping or not.
        """
        take_turns(self.account_id)
        # sudo: a plan one may not see is in the way all the same
        plans = self.filtered("active").sudo()
        others = plans.search([("account_id", "in", plans.account_id.ids)])
        by_account = others.grouped("account_id")
        for plan in plans:
            for other in by_account[plan.account_id] - plan:
                if other.date_start > plan.date_end or other.date_end < plan.date_start:
                    continue
                raise ValidationError(
                    self.env._(
                        "%(customer)s has a plan for this time already: “%(plan)s”"
                        " (%(span)s). Change the period, or go on with that plan.",
                        customer=plan.account_id.display_name,
                        plan=list_names(other),
                        span=formats.span(self.env, other.date_start, other.date_end),
                    )
                )

    def write(self, vals):
        if not {"active", "message_main_attachment_id"}.issuperset(vals):
            self._check_open()
        result = super().write(vals)
        if not RHYTHM_FIELDS.isdisjoint(vals):
            # sudo: the rhythm of the account follows, whoever changed the plan
            self.sudo().account_id._enqueue()
        return result

    def unlink(self):
        # a plan that is revised may be in force; sudo: see above
        self.sudo().account_id._enqueue()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        """Keep what was agreed upon: it is what the next plan is measured by."""
        if not self.env.su and any(p.state not in ("draft", "submitted") for p in self):
            raise ValidationError(
                self.env._(
                    "An approved plan cannot be deleted. Archive or close it instead."
                )
            )

    def copy_data(self, default=None):
        """Let a copy begin when the plan ends, as a draft of the time after it.

        Who has left the team of the account meanwhile is not in the next one.
        """
        default = dict(default or {})
        vals_list = super().copy_data(default)
        for plan, vals in zip(self, vals_list, strict=True):
            if "date_start" not in default and "account_id" not in default:
                vals["date_start"] = plan.date_end + relativedelta(days=1)
                vals.pop("date_end", None)
            if "name" not in default:
                vals.pop("name", None)
            team = plan.account_id.team_user_ids.ids
            vals["member_ids"] = [
                command
                for command in vals.get("member_ids", [])
                if command[2]["user_id"] in team
            ]
        return vals_list

    @api.model
    def _get_found_hint(self):
        return self.env._("Use the buttons of the plan.")

    def _check_open(self):
        """Leave closed plans as they are.

        :raise ValidationError: when one of these plans is closed
        """
        closed = self.filtered(lambda plan: plan.state == "closed")
        if closed and not self.env.su:
            raise ValidationError(
                self.env._(
                    "%(plans)s: the plan is closed. A head of sales can reopen it.",
                    plans=", ".join(closed.mapped("name")),
                )
            )
