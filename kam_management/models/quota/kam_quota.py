from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common import clock, formats
from ..measure.periods import PERIODS as WHOLE_PERIODS

SCOPES = [("manager", "Manager"), ("team", "Sales Team"), ("company", "Company")]
PERIODS = [*WHOLE_PERIODS, ("free", "Other Period")]
STATES = [("draft", "Draft"), ("running", "Running"), ("closed", "Closed")]
# What says whose a quota is, by its scope.
OWNERS = {"manager": "user_id", "team": "team_id", "company": None}
# Beyond these a date is a slip of the finger.
LONGEST = timedelta(days=731)


class KamQuota(models.Model):
    """What a manager, a sales team or the company is to reach in a period."""

    _name = "kam.quota"
    _description = "Quota"
    _inherit = ["mail.thread", "mail.activity.mixin", "kam.guard", "kam.import"]
    _order = "date_start desc, scope, team_id, user_id, id desc"
    _check_company_auto = True
    _import_key = (
        "company_id",
        "scope",
        "user_id",
        "team_id",
        "period",
        "date_start",
    )
    _import_archived = False
    _import_former = ("user_id",)

    # Whose
    name = fields.Char(compute="_compute_name", store=True)
    scope = fields.Selection(SCOPES, "Quota For", required=True, default="manager")
    user_id = fields.Many2one(
        "res.users",
        "Key Account Manager",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('share', '=', False)]",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)

    # When
    period = fields.Selection(PERIODS, required=True, default="month")
    date_start = fields.Date(
        "From",
        default=clock.here,
        required=True,
        index=True,
        help="Any day of a month, quarter or year stands for the whole of it.",
    )
    date_end = fields.Date("Until", required=True, help="The last day.")
    state = fields.Selection(
        STATES,
        "Status",
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        copy=False,
    )

    # What
    line_ids = fields.One2many("kam.quota.line", "quota_id", "Targets", copy=True)
    decision_ids = fields.One2many("kam.quota.decision", "quota_id", "Decisions")

    # How far
    measured_at = fields.Datetime("Figures As Of", readonly=True, copy=False)
    balance = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="How balanced the three counts are (active customers, new customers,"
        " engaged potentials), in percent: the worst against the best, each compared"
        " with what is expected by today.",
    )
    closed_at = fields.Datetime("Closed On", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    owner_problem = fields.Char(
        compute="_compute_owner_problem",
        help="Why this quota has no working owner.",
    )

    _check_period = models.Constraint(
        "CHECK(date_start <= date_end)", "A period ends on its first day or later."
    )

    @api.depends(
        "scope", "user_id", "team_id", "company_id", "period", "date_start", "date_end"
    )
    def _compute_name(self):
        """Call a quota by its owner and its time, such as “Anna, March 2026”.

        It is stored for all: in the language of the company, whoever saves it.
        """
        for quota in self:
            # sudo: whoever may see the quota may see whose it is
            owner = quota.sudo()._get_owner().display_name or ""
            # sudo: the language of the company is no secret
            lang = quota.company_id.sudo().partner_id.lang
            time = quota.with_context(lang=lang)._get_period_label()
            quota.name = ", ".join(filter(None, [owner, time]))

    @api.depends("scope", "user_id.active", "user_id.group_ids", "state")
    def _compute_owner_problem(self):
        for quota in self:
            quota.owner_problem = quota._get_owner_problem() or False

    @api.onchange("period", "date_start", "company_id")
    def _onchange_period(self):
        """Choosing a day chooses the whole month, quarter or year."""
        if self.date_start and self.period and self.company_id:
            dates = self.company_id._get_kam_period(self.period, self.date_start)
            if dates:
                self.date_start, self.date_end = dates

    @api.onchange("scope")
    def _onchange_scope(self):
        for scope, name in OWNERS.items():
            if name and scope != self.scope:
                self[name] = False

    @api.constrains("scope", "user_id", "team_id")
    def _check_owner(self):
        """Want the manager or the team that the scope speaks of, and nobody else."""
        for quota in self:
            for scope, name in OWNERS.items():
                if name and bool(quota[name]) != (scope == quota.scope):
                    raise ValidationError(
                        self.env._(
                            "A quota for a manager needs a manager, one for a team"
                            " needs a team, and one for the company needs neither."
                        )
                    )

    @api.constrains("user_id")
    def _check_manager(self):
        """Refuse quotas for people who cannot work for them.

        In a past period they may have.
        """
        for quota in self:
            problem = quota._get_owner_problem()
            if problem and not quota.is_over:
                raise ValidationError(problem)

    @api.constrains("period", "date_start", "date_end", "company_id")
    def _check_period_whole(self):
        """Want whole months, quarters and years, so that quotas can be compared."""
        for quota in self:
            dates = quota.company_id._get_kam_period(quota.period, quota.date_start)
            if dates and dates != (quota.date_start, quota.date_end):
                raise ValidationError(
                    self.env._(
                        "This period goes from %(start)s until %(end)s. For other days"
                        " choose “Other Period”.",
                        start=formats.day(self.env, dates[0]),
                        end=formats.day(self.env, dates[1]),
                    )
                )

    @api.constrains("date_start", "date_end")
    def _check_length(self):
        """Refuse a quota for longer than anybody plans: all its days are looked at."""
        for quota in self:
            if quota.date_end - quota.date_start > LONGEST:
                raise ValidationError(
                    self.env._("A quota covers two years at most. Check the dates.")
                )

    @api.model
    def _complete_period(self, vals, defaults):
        """Return values with the days of the period in which ``date_start`` lies."""
        given = {**defaults, **vals}
        period = given.get("period")
        day = fields.Date.to_date(given.get("date_start"))
        company = self.env["res.company"].browse(given.get("company_id"))
        dates = day and "date_end" not in vals and company._get_kam_period(period, day)
        if not dates:
            return vals
        return {**vals, "date_start": dates[0], "date_end": dates[1]}

    def _get_owner(self):
        """Return the manager, team or company this quota is for."""
        self.ensure_one()
        name = OWNERS.get(self.scope)
        return self[name] if name else self.company_id

    def _map_targets(self):
        """Return {(indicator, id of the category or False, buyer): target}."""
        self.ensure_one()
        return {
            (line.indicator, line.categ_id.id, line.buyer): line.target
            for line in self.line_ids
        }

    def _get_owner_problem(self):
        """Return why the manager cannot work for his quota, nothing when he can."""
        self.ensure_one()
        # sudo: what of a colleague decides whether he can work
        user = self.sudo().user_id
        if self.scope != "manager" or not user or self.state == "closed":
            return ""
        if not user.active:
            return self.env._(
                "%(user)s has been archived. Assign the customers to a colleague, and"
                " give the colleague a quota.",
                user=user.name,
            )
        if not user.has_group("kam_management.group_kam_user"):
            return self.env._(
                "%(user)s is not a key account manager. Give the right “Key Account"
                " Manager” in the settings of the user, or choose somebody else.",
                user=user.name,
            )
        return ""

    def _get_period_label(self):
        """Return the time of this quota in words, such as “March 2026” or “Q1 2026”."""
        self.ensure_one()
        if not self.date_start or not self.date_end:
            return ""
        return self.company_id._get_kam_period_label(
            self.period, self.date_start, self.date_end
        )
