from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..common import formats
from .periods import month_of, quarter_of, year_label
from .working_days import get_working_days

# Beyond these a date is a slip of the finger.
YEARS = 1970, 2200
# There is work within so many days.
NEAR = timedelta(days=31)


class ResCompany(models.Model):
    """The calendar of a company: its periods, and the days on which it works."""

    _inherit = "res.company"

    def _get_kam_working_days(self, start, end, user=None):
        """Return the days on which the company works, in order, both ends included.

        By its working hours and public holidays; without working hours, and where they
        name no day at all, Monday to Friday.

        :param user: a colleague whose own working hours and absences count, if they have
            working hours in this company
        """
        self.ensure_one()
        # sudo: when the company works is no secret, nor whether a colleague does
        calendar, of_whom = self.sudo().resource_calendar_id, []
        own = (
            (user or self.env["res.users"])
            .sudo()
            .resource_ids.filtered(
                lambda one: one.calendar_id and one.company_id in (self, self.browse())
            )[:1]
        )
        if own:
            calendar = own.calendar_id
            of_whom = [("resource_id", "in", [False, own.id])]
        leaves = [("time_type", "=", "leave"), ("company_id", "in", [False, self.id])]
        return get_working_days(calendar, start, end, leaves + of_whom)

    def _get_kam_working_day(self, day, before=False, user=None):
        """Return a day on which there is work, else the nearest one after it.

        :param bool before: else the nearest one before it
        :param user: see ``_get_kam_working_days``
        """
        start, end = (day - NEAR, day) if before else (day, day + NEAR)
        days = self._get_kam_working_days(start, end, user)
        return days[-1 if before else 0] if days else day

    def _get_kam_period(self, period, day):
        """Return the first and the last day of the period in which a day lies.

        Quarters and years are those of the company's fiscal year.

        :param str period: month, quarter or year; another one has no bounds
        :return: pair of dates, or None
        :raise ValidationError: for a year that can only be a slip
        """
        self.ensure_one()
        if not YEARS[0] <= day.year <= YEARS[1]:
            raise ValidationError(
                self.env._("Check the year of %s.", fields.Date.to_string(day))
            )
        if period == "month":
            return month_of(day)
        if period not in ("quarter", "year"):
            return None
        year = self._get_kam_year(day)
        return year if period == "year" else quarter_of(*year, day)[1:]

    def _get_kam_periods(self, period, start, end):
        """Return the whole periods of a kind that begin within some days, as pairs."""
        periods = []
        dates = self._get_kam_period(period, start)
        while dates and dates[0] <= end:
            if dates[0] >= start:
                periods.append(dates)
            dates = self._get_kam_period(period, dates[1] + timedelta(days=1))
        return periods

    def _get_kam_period_label(self, period, start, end):
        """Return a time in words, such as “March 2026”, “Q1 2026” or “2026/27”."""
        self.ensure_one()
        if period == "month":
            return format_date(self.env, start, date_format="MMMM yyyy")
        if period not in ("quarter", "year"):
            return formats.span(self.env, start, end)
        year = self._get_kam_year(start)
        if period == "year":
            return year_label(*year)
        return f"Q{quarter_of(*year, start)[0]} {year_label(*year)}"

    def _get_kam_year(self, day):
        """Return the first and the last day of the fiscal year of a day."""
        # sudo: the fiscal year of a company the caller plans for is no secret
        year = self.sudo().compute_fiscalyear_dates(day)
        return year["date_from"], year["date_to"]
