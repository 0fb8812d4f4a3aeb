from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .periods import month_of, quarter_of, year_label

# What says whose a quota is, by its scope.
OWNERS = {"manager": "user_id", "team": "team_id", "company": None}
# Beyond these a date is a slip of the finger.
LONGEST = timedelta(days=731)
YEARS = 1970, 2200


class KamQuota(models.Model):
    """Whose a quota is and for when: one of each kind of period at a time."""

    _inherit = "kam.quota"

    date_start = fields.Date(
        default=fields.Date.context_today,
        help="Any day of a month, quarter or year stands for the whole of it.",
    )
    owner_problem = fields.Char(
        compute="_compute_owner_problem",
        help="Why nobody can work for this quota any more.",
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
            dates = self._get_period(self.company_id, self.period, self.date_start)
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
                            "A quota for a manager names the manager, one for a team"
                            " names the team, one for the company neither."
                        )
                    )

    @api.constrains("user_id")
    def _check_manager(self):
        """Refuse quotas for people who cannot work for them."""
        for quota in self:
            if problem := quota._get_owner_problem():
                raise ValidationError(problem)

    @api.constrains("period", "date_start", "date_end", "company_id")
    def _check_period_whole(self):
        """Want whole months, quarters and years, so that quotas can be compared."""
        for quota in self:
            dates = self._get_period(quota.company_id, quota.period, quota.date_start)
            if dates and dates != (quota.date_start, quota.date_end):
                raise ValidationError(
                    self.env._(
                        "This period goes from %(start)s until %(end)s. For other days"
                        " choose “Other Period”.",
                        start=format_date(self.env, dates[0]),
                        end=format_date(self.env, dates[1]),
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
        dates = (
            day and "date_end" not in vals and self._get_period(company, period, day)
        )
        if not dates:
            return vals
        return {**vals, "date_start": dates[0], "date_end": dates[1]}

    @api.model
    def _get_period(self, company, period, day):
        """Return the first and the last day of the period in which a day lies.

        Quarters and years are those of the company's fiscal year.

        :return: pair of dates, or None for a free period
        :raise ValidationError: for a year that can only be a slip
        """
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise ValidationError(
                self.env._("Check the year of %s.", fields.Date.to_string(day))
            )
        if period == "month":
            return month_of(day)
        if period not in ("quarter", "year"):
            return None
        # sudo: the fiscal year of a company the caller plans for is no secret
        year = company.sudo().compute_fiscalyear_dates(day)
        year = year["date_from"], year["date_to"]
        return year if period == "year" else quarter_of(*year, day)[1:]

    @api.model
    def _get_periods(self, company, period, start, end):
        """Return the whole periods of a kind that begin within some days, as pairs."""
        periods = []
        dates = self._get_period(company, period, start)
        while dates and dates[0] <= end:
            if dates[0] >= start:
                periods.append(dates)
            dates = self._get_period(company, period, dates[1] + timedelta(days=1))
        return periods

    def _get_owner(self):
        """Return the manager, team or company this quota is for."""
        self.ensure_one()
        name = OWNERS.get(self.scope)
        return self[name] if name else self.company_id

    def _get_owner_problem(self):
        """Return why the manager cannot work for his quota, nothing when he can."""
        self.ensure_one()
        # sudo: what of a colleague decides whether he can work
        user = self.sudo().user_id
        if self.scope != "manager" or not user or self.state == "closed":
            return ""
        if not user.active:
            return self.env._(
                "%(user)s has been archived. Give the customers to a colleague, and the"
                " colleague a quota.",
                user=user.name,
            )
        if not user.has_group("kam_management.group_kam_user"):
            return self.env._(
                "%(user)s is no key account manager. Give the right “Key Account"
                " Manager” in the settings of the user, or choose somebody else.",
                user=user.name,
            )
        return ""

    def _get_period_label(self):
        """Return the time of this quota in words, such as “March 2026” or “Q1 2026”."""
        self.ensure_one()
        start, end = self.date_start, self.date_end
        if not start or not end:
            return ""
        if self.period == "month":
            return format_date(self.env, start, date_format="MMMM yyyy")
        if self.period == "free":
            return f"{format_date(self.env, start)} – {format_date(self.env, end)}"
        # sudo: see _get_period
        year = self.sudo().company_id.compute_fiscalyear_dates(start)
        year = year["date_from"], year["date_to"]
        if self.period == "year":
            return year_label(*year)
        return f"Q{quarter_of(*year, start)[0]} {year_label(*year)}"
