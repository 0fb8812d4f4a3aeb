from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common import clock
from ..common.kam_merge import is_merging
from .kam_complaint_level import get_day, plan_hours


class KamComplaint(models.Model):
    """By when a complaint is to be solved, whether it is late, and when it was solved."""

    _inherit = "kam.complaint"

    date_due = fields.Date(
        "Due",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Proposed from the service levels, else from the settings, in working time"
        " after it was received.",
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    date_solved = fields.Date(
        "Solved On",
        compute="_compute_date_solved",
        store=True,
        readonly=False,
        copy=False,
    )

    @api.depends("date", "kind", "account_id")
    def _compute_date_due(self):
        levels = self.env["kam.complaint.level"]._find_levels(self)
        for complaint in self:
            if complaint.date_due and complaint._keeps_deadlines():
                complaint.date_due = complaint.date_due
                continue
            complaint.date_due = complaint.date and self._get_date_due(
                complaint.account_id.company_id or self.env.company,
                complaint._get_day_received(),
                complaint.date,
                levels[complaint].hours_solution,
            )

    def _keeps_deadlines(self):
        """Return whether deadlines stay, whatever changes: it is solved, or moves to the
        account that its own has become one with.
        """
        return self.state == "solved" or is_merging(self.env)

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        today = clock.today()
        for complaint in self:
            due = complaint.date_due
            complaint.is_late = bool(complaint.state == "open" and due and due < today)

    def _search_is_late(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        today = clock.today()
        return [("state", "=", "open"), ("date_due", "<", today)]

    @api.depends("state")
    def _compute_date_solved(self):
        today = clock.today()
        for complaint in self:
            solved = complaint.state == "solved"
            complaint.date_solved = solved and (complaint.date_solved or today)

    @api.constrains("date", "date_due", "date_solved")
    def _check_dates(self):
        """Refuse what was received tomorrow, due before or solved before."""
        for complaint in self:
            # a day typed in is read off the own wall, others are of UTC
            moment = complaint.date or fields.Datetime.now()
            received = min(moment.date(), complaint._get_day_received())
            if complaint.date and complaint.date > fields.Datetime.now():
                message = self.env._(
                    "“%(name)s” cannot be received in the future. Enter the day the"
                    " customer reported it.",
                    name=complaint.name,
                )
            elif complaint.date_due < received:
                message = self.env._(
                    "“%(name)s” cannot be due before it was received. Enter a later day.",
                    name=complaint.name,
                )
            elif complaint.date_solved and complaint.date_solved < received:
                message = self.env._(
                    "“%(name)s” cannot be solved before it was received. Enter a later"
                    " day.",
                    name=complaint.name,
                )
            else:
                continue
            raise ValidationError(message)

    @api.model
    def _get_date_due(self, company, day, moment=None, hours=0):
        """Return the day by which a complaint should be solved.

        So many working hours later as its service level says; else so many working days
        as the company's settings say, by its working hours; time of any kind for a
        company that keeps none.

        :param company: ``res.company``
        :param date day: when it was received
        :param datetime moment: the same, naive and in UTC
        :param float hours: of its service level; 0: it has none
        """
        if hours and moment:
            return max(get_day(company, plan_hours(company, hours, moment)), day)
        # sudo: the working hours of a company are no secret
        company = company.sudo()
        calendar, days = company.resource_calendar_id, company.kam_complaint_days
        if days and calendar and not calendar.flexible_hours:
            # the first working day is the one after, where the company works
            start = datetime.combine(day, time()) + timedelta(days=1)
            start = timezone(calendar.tz or "UTC").localize(start)
            if end := calendar.plan_days(days, start, compute_leaves=True):
                return end.date()
        return day + timedelta(days=days)

    def _get_day_received(self):
        """Return the day it was received, where the user is."""
        # a form, or an import, can have emptied it: then it is refused as missing
        date = self.date or fields.Datetime.now()
        return fields.Datetime.context_timestamp(self, date).date()
