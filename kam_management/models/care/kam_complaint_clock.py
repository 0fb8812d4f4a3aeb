from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.sql import column_exists, create_column, table_exists

from ..common import formats
from ..common.jobs import do_each
from ..common.kam_merge import is_merging
from .kam_complaint_level import count_hours, plan_hours

# The head hears of it when so much of the time has passed.
WARNED_AT = 0.75
# Which clock: field of the warning, field that notes it, type of the activity.
CLOCKS = {
    "answer": (
        "answer_warning",
        "answer_escalated",
        "kam_management.mail_activity_type_complaint_answer",
    ),
    "solution": (
        "solution_warning",
        "solution_escalated",
        "kam_management.mail_activity_type_complaint_solution",
    ),
}


class KamComplaint(models.Model):
    """The two clocks of a complaint: first answer, solution.

    Before one of them runs out, the head of sales who is accountable hears of it, once.
    """

    _inherit = "kam.complaint"

    answer_due = fields.Datetime(
        "First Answer Due",
        compute="_compute_answer_due",
        store=True,
        precompute=True,
        help="By the service level, in working hours after it was received.",
    )
    answer_warning = fields.Datetime(
        compute="_compute_answer_due", store=True, precompute=True
    )
    solution_warning = fields.Datetime(compute="_compute_solution_warning", store=True)
    answer_escalated = fields.Datetime(
        "First Answer Escalated", readonly=True, copy=False
    )
    solution_escalated = fields.Datetime(readonly=True, copy=False)
    is_answer_late = fields.Boolean(
        "First Answer Late", compute="_compute_is_answer_late"
    )

    def _auto_init(self):
        """Start no clock of complaints that were there before clocks were."""
        cr, table = self.env.cr, self._table
        for name in ("answer_due", "answer_warning", "solution_warning"):
            if table_exists(cr, table) and not column_exists(cr, table, name):
                create_column(cr, table, name, "timestamp")
        return super()._auto_init()

    @api.depends("date", "kind", "account_id")
    def _compute_answer_due(self):
        levels = self.env["kam.complaint.level"]._find_levels(self)
        for complaint in self:
            if complaint.date_answered or is_merging(self.env):
                complaint.answer_due = complaint.answer_due
                complaint.answer_warning = complaint.answer_warning
                continue
            hours = levels[complaint].hours_answer if complaint.date else 0
            company = complaint.account_id.company_id or self.env.company
            complaint.answer_due = hours and plan_hours(company, hours, complaint.date)
            complaint.answer_warning = hours and plan_hours(
                company, hours * WARNED_AT, complaint.date
            )

    @api.depends("date", "date_due", "kind", "account_id")
    def _compute_solution_warning(self):
        """Warn in working time: of the hours of the service level, where the day is the
        one they end on, else of those up to the end of the day.
        """
        levels = self.env["kam.complaint.level"]._find_levels(self)
        for complaint in self:
            start, day = complaint.date, complaint.date_due
            if not start or not day:
                complaint.solution_warning = False
                continue
            company = complaint.account_id.company_id or self.env.company
            hours = levels[complaint].hours_solution
            if not hours or day != self._get_date_due(company, day, start, hours):
                hours = count_hours(company, start, day)
            complaint.solution_warning = plan_hours(company, hours * WARNED_AT, start)

    @api.depends("state", "date_answered", "answer_due")
    def _compute_is_answer_late(self):
        now = fields.Datetime.now()
        for complaint in self:
            due = complaint.answer_due
            complaint.is_answer_late = bool(
                complaint.state == "open"
                and not complaint.date_answered
                and due
                and due < now
            )

    @api.model
    def _get_unanswered_domain(self, until=None):
        """Return the domain of complaints whose first answer is late.

        :param datetime until: those due before that; None: before now
        """
        return (
            Domain("state", "=", "open")
            & Domain("date_answered", "=", False)
            & Domain("answer_due", "<", until or fields.Datetime.now())
        )

    def _get_next_due(self):
        """Return the day of what comes next: the first answer, else the solution."""
        if self.date_answered or not self.answer_due:
            return self.date_due
        return fields.Datetime.context_timestamp(self, self.answer_due).date()

    @api.model
    def _cron_escalate(self):
        """Tell heads of sales which complaints are about to be late, one by one."""
        # sudo: a job of the app, for all companies
        complaints = self.sudo().search(
            Domain.OR(self._get_escalation_domain(name) for name in CLOCKS),
            order="date_due, id",
        )
        do_each(
            self.env,
            list(complaints),
            lambda complaint: complaint._escalate(),
            "Complaint not escalated: %s",
        )

    @api.model
    def _get_escalation_domain(self, name):
        """Return the domain of complaints of which a clock is about to run out.

        :param str name: of the clock
        """
        warning, escalated, _activity = CLOCKS[name]
        domain = Domain("state", "=", "open") & Domain(escalated, "=", False)
        if name == "answer":
            domain &= Domain("date_answered", "=", False)
        return domain & Domain(warning, "<=", fields.Datetime.now())

    def _escalate(self):
        """Give the head an activity for each clock that is about to run out."""
        self.ensure_one()
        for name, (_warning, escalated, activity) in CLOCKS.items():
            if not self.filtered_domain(self._get_escalation_domain(name)):
                continue
            self[escalated] = fields.Datetime.now()
            if head := self.account_id._get_head():
                told = self.with_context(lang=head.lang)
                told.activity_schedule(
                    activity,
                    date_deadline=told._get_next_due(),
                    summary=told._tell_clock(name),
                    user_id=head.id,
                )

    def _tell_clock(self, name):
        """Return in one line which clock of this complaint is about to run out."""
        if name == "answer":
            return self.env._(
                "No answer yet to %(customer)s: %(name)s",
                customer=self.customer_id.display_name,
                name=self.name,
            )
        return self.env._(
            "To be solved by %(day)s for %(customer)s: %(name)s",
            day=formats.day(self.env, self.date_due),
            customer=self.customer_id.display_name,
            name=self.name,
        )

    def _handle_answered(self):
        self._tick_off("answer")
        return super()._handle_answered()

    def _handle_solved(self):
        self._tick_off("solution")
        return super()._handle_solved()

    def _handle_reopened(self):
        # sudo: a new time begins, of which the head has not heard
        self.sudo().solution_escalated = False
        return super()._handle_reopened()

    def _tick_off(self, name):
        """Tick off what the head was given for a clock that has stopped."""
        # sudo: the activity is the app's, whoever answers or solves
        self.sudo().activity_feedback([CLOCKS[name][2]])
