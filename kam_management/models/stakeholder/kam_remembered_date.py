from calendar import monthrange
from datetime import date, datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common import clock

LEAP_YEAR = 2000
MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]


def get_occurrence(year: int, month: int, day: int) -> date:
    """Return the day of a year on which a yearly date is kept.

    >>> get_occurrence(2027, 2, 29), get_occurrence(2028, 2, 29)
    (datetime.date(2027, 2, 28), datetime.date(2028, 2, 29))
    """
    return date(year, month, min(day, monthrange(year, month)[1]))


def get_next_occurrence(since: date, month: int, day: int) -> date:
    """Return the first day from a day on, on which a yearly date is kept.

    >>> get_next_occurrence(date(2026, 12, 31), 12, 30)
    datetime.date(2027, 12, 30)
    """
    this_year = get_occurrence(since.year, month, day)
    return (
        this_year if this_year >= since else get_occurrence(since.year + 1, month, day)
    )


class KamRememberedDate(models.Model):
    """A birthday or another yearly date of a person, remembered in time.

    Part of the personal side of a dossier: open to ``group_kam_personal`` alone. The
    reminder belongs to no record, so that only its owner sees it.
    """

    _name = "kam.remembered.date"
    _description = "Remembered Date"
    _inherit = ["kam.personal", "kam.guard", "kam.merge"]
    _order = "month_number, day, id"
    _rec_name = "kind"

    stakeholder_id = fields.Many2one(
        "kam.stakeholder",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="stakeholder_id.company_id")
    kind = fields.Selection(
        [
            ("birthday", "Birthday"),
            ("name_day", "Name day"),
            ("anniversary", "Anniversary at work"),
            ("other", "Other"),
        ],
        required=True,
        default="birthday",
    )
    note = fields.Char(help="Such as what was given last year.")
    day = fields.Integer(required=True, aggregator=None)
    month = fields.Selection(MONTHS, required=True)
    month_number = fields.Integer(
        compute="_compute_month_number", store=True, aggregator=None
    )
    year = fields.Integer(aggregator=None, help="Leave it empty when it is not known.")
    remind_days = fields.Integer(
        "Reminder (Days Before)",
        default=3,
        aggregator=None,
        help="How many days before the date the relationship owner gets a reminder.",
    )
    next_date = fields.Date("Next", compute="_compute_next_date")
    reminded_date = fields.Date(
        readonly=True, copy=False, help="The last occurrence with a reminder."
    )

    _check_remind_days = models.Constraint(
        "CHECK(remind_days BETWEEN 0 AND 90)",
        "Days before: enter a number from 0 to 90.",
    )

    @api.depends("month")
    def _compute_month_number(self):
        for remembered in self:
            remembered.month_number = int(remembered.month or 0)

    @api.depends("month", "day")
    def _compute_next_date(self):
        for remembered in self:
            remembered.next_date = (
                remembered.month
                and remembered.day > 0
                and get_next_occurrence(
                    remembered._get_today(), int(remembered.month), remembered.day
                )
            )

    @api.constrains("day", "month", "year")
    def _check_day(self):
        """Refuse days no year has; the 29th of February is kept on the 28th mostly."""
        for remembered in self:
            year = remembered.year or LEAP_YEAR
            if not (
                1900 <= year <= clock.today().year
                and 1 <= remembered.day <= monthrange(year, int(remembered.month))[1]
            ):
                raise ValidationError(
                    self.env._(
                        "There is no such day: %(day)s %(month)s %(year)s. Enter day and"
                        " month, and the year only if you know it.",
                        day=remembered.day,
                        month=dict(MONTHS)[remembered.month],
                        year=remembered.year or "",
                    )
                )

    @api.constrains("stakeholder_id")
    def _check_grounds(self):
        """Ask for the same grounds as the other personal facts need."""
        for remembered in self:
            # sudo: whether there are grounds is no secret from who types a fact
            dossier = remembered.stakeholder_id.sudo()
            profile = dossier._get_profiles().get(
                (dossier.partner_id, dossier.company_id)
            )
            if not (profile and profile._has_grounds()):
                raise ValidationError(
                    self.env._(
                        "A birthday is personal data. Fill in purpose, legal basis and"
                        " review date on the same page, or remove the date."
                    )
                )

    def _get_today(self):
        """Return what day it is where the person lives, else at our company."""
        dossier = self.stakeholder_id
        name = dossier.partner_id.tz or dossier.company_id.partner_id.tz or "UTC"
        return datetime.now(pytz.timezone(name)).date()
