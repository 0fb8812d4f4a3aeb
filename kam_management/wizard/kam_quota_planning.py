from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..models.common import clock, formats
from ..models.measure.periods import PERIODS

# Managers, teams and the company that are told of one by one.
MOST_SHOWN = 20


class KamQuotaPlanning(models.TransientModel):
    """Plans quotas for many people and periods at once; how is in the other file."""

    _name = "kam.quota.planning"
    _description = "Plan Quotas"
    _inherit = ["kam.guard"]

    @api.model
    def _default_date(self):
        """The first month after this one for which no manager has a quota."""
        today = clock.here(self)
        planned = self.env["kam.quota"].search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("scope", "=", "manager"),
                ("period", "=", "month"),
                ("date_start", ">", today),
            ],
            ["date_start"],
        )
        taken = set(planned.mapped("date_start"))
        month = today + relativedelta(months=1, day=1)
        while month in taken:
            month += relativedelta(months=1)
        return month

    @api.model
    def _default_line_ids(self):
        """The three counts, revenue and touches."""
        keys = ("kept", "won", "engaged", "revenue", "touches")
        return [
            fields.Command.create({"indicator": key, "sequence": number})
            for number, key in enumerate(keys)
        ]

    # Whose
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Managers",
        compute="_compute_user_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="By default everyone who has customers of the company, or a quota now.",
    )
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    with_company = fields.Boolean("The Company")

    # When
    period = fields.Selection(PERIODS, required=True, default="month")
    span = fields.Selection(
        [("one", "One period"), ("year", "All periods of the fiscal year")],
        "Scope",
        required=True,
        default="one",
    )
    date = fields.Date(
        "Day in the Period",
        required=True,
        default=lambda self: self._default_date(),
        help="Any day of the period, or of the year.",
    )
    time_label = fields.Char("Planned Period", compute="_compute_time_label")

    # How
    way = fields.Selection(
        [
            ("copy", "Copy targets of another period"),
            ("facts", "Propose from last year's actuals"),
            ("typed", "Enter targets"),
        ],
        "Method",
        required=True,
        default="facts",
    )
    facts_label = fields.Char("Actuals Of", compute="_compute_facts_label")
    source_date = fields.Date(
        "Source Period",
        compute="_compute_source_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Any day of the period, or of the year, to copy targets from.",
    )
    of_today = fields.Boolean(
        "Based on Today's Assignments",
        default=True,
        help="Last year's actuals of the customers assigned to the manager today. If"
        " off, what was credited to the manager last year.",
    )
    change = fields.Float(
        "Change (%)", help="Change on last year's actuals, such as 5 or -3."
    )
    season = fields.Selection(
        [
            ("facts", "As the company's last year"),
            ("workdays", "By working days"),
            ("even", "Evenly"),
        ],
        "Seasonality",
        required=True,
        default="facts",
        help="How a year's target is spread over its periods. Levels, such as active"
        " customers kept, are the same in each.",
    )
    sum_up = fields.Boolean(
        "Sum Up for Teams and Company",
        default=True,
        help="The targets of teams and company are the sums of their managers'"
        " targets.",
    )
    line_ids = fields.One2many(
        "kam.quota.planning.line",
        "planning_id",
        "Indicators",
        default=lambda self: self._default_line_ids(),
    )

    @api.depends("company_id")
    def _compute_user_ids(self):
        group = self.env.ref("kam_management.group_kam_user")
        for wizard in self:
            rows = self.env["kam.account"]._read_group(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("manager_id.all_group_ids", "in", group.ids),
                ],
                ["manager_id"],
            )
            busy = self.env["kam.quota"].search(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("state", "=", "running"),
                    ("scope", "=", "manager"),
                ]
            )
            users = busy.user_id.concat(*(user for [user] in rows))
            wizard.user_ids = users.filtered("active").ids

    @api.depends("date", "period", "span")
    def _compute_source_date(self):
        """Suggest the period before, for a year the year before."""
        for wizard in self:
            times = wizard._get_times()
            wizard.source_date = times and times[0][0] - timedelta(days=1)

    @api.depends("date", "period", "span", "company_id")
    def _compute_time_label(self):
        for wizard in self:
            times = wizard._get_times()
            wizard.time_label = times and self.env._(
                "%(span)s, quotas for each: %(count)s",
                span=formats.span(self.env, times[0][0], times[-1][1]),
                count=len(times),
            )

    @api.depends("date", "period", "span", "company_id", "way")
    def _compute_facts_label(self):
        """Say whose facts the proposal is made of, when it is not one year alone."""
        for wizard in self:
            times = wizard._get_times() if wizard.way == "facts" else []
            before = sorted(map(wizard._get_year_before, times))
            wizard.facts_label = before and formats.span(
                self.env, before[0][0], before[-1][1]
            )

    @api.constrains("change")
    def _check_change(self):
        for wizard in self:
            if not -100 <= wizard.change <= 1000:
                raise ValidationError(
                    self.env._(
                        "Change: enter -100 % at least and 1000 % at most; 5 is five"
                        " percent more."
                    )
                )

    def action_create_quotas(self):
        """Make the quotas as drafts, and show them; those there already are left alone.

        :return: action on ``kam.quota``, after a word about those left out
        :raise UserError: when there is nothing to plan
        """
        self._check_head()
        self.ensure_one()
        entries = self._get_planned()
        new = [entry for entry in entries if not entry["skip"]]
        skipped = [
            f"{entry['name']}: {entry['skip']}" for entry in entries if entry["skip"]
        ]
        if not new:
            raise UserError(
                self.env._(
                    "Nothing to plan: choose other managers, another period or another"
                    " method. %(skipped)s",
                    skipped="\n".join(skipped[:MOST_SHOWN]),
                )
            )
        quotas = self.env["kam.quota"].create(
            [self._prepare_quota(entry) for entry in new]
        )
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Planned Quotas"),
            "res_model": "kam.quota",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", quotas.ids)],
        }
        if not skipped:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Left out: %s", len(skipped)),
                "message": "; ".join(skipped[:MOST_SHOWN]),
                "next": action,
            },
        }

    def _check_head(self):
        """Let the head of sales plan, and nobody else.

        :raise AccessError: for anybody else
        """
        self.check_access("write")
        self.env["kam.quota"].check_access("create")

    def _get_times(self):
        """Return the periods to plan, as pairs of dates."""
        if not (self.date and self.period and self.company_id):
            return []
        if self.span == "one":
            return [self.company_id._get_kam_period(self.period, self.date)]
        year = self.company_id._get_kam_period("year", self.date)
        return self.company_id._get_kam_periods(self.period, *year)

    def _get_owners(self):
        """Return [(scope, record)] of whom quotas are planned for."""
        owners = [("manager", user) for user in self.user_ids]
        owners += [("team", team) for team in self.team_ids]
        if self.with_company:
            owners.append(("company", self.company_id))
        return owners

    def _prepare_quota(self, entry):
        """Return the values of a quota to create."""
        scope, owner = entry["scope"], entry["owner"]
        return {
            "scope": scope,
            "company_id": self.company_id.id,
            "user_id": owner.id if scope == "manager" else False,
            "team_id": owner.id if scope == "team" else False,
            "period": self.period,
            "date_start": entry["time"][0],
            "date_end": entry["time"][1],
            "line_ids": [
                fields.Command.create(
                    {
                        "sequence": number,
                        "indicator": indicator,
                        "categ_id": categ,
                        "buyer": buyer,
                        "target": target,
                    }
                )
                for number, ((indicator, categ, buyer), target) in enumerate(
                    entry["targets"].items()
                )
            ],
        }
