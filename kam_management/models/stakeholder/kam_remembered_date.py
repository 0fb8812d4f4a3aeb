from calendar import monthrange
from datetime import date, datetime, timedelta

import pytz

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import plaintext2html

from .kam_person_profile import GROUNDS

LEAP_YEAR = 2000
REMOVALS = (Command.DELETE, Command.UNLINK, Command.CLEAR)
# A date that passed while the server stood still is still worth a call.
GRACE_DAYS = 7
DATES_PER_BATCH = 500
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
    _order = "month_number, day, id"
    _rec_name = "kind"

    stakeholder_id = fields.Many2one(
        "kam.stakeholder",
        string="Dossier",
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
    year = fields.Integer(
        aggregator=None, help="Leave it empty when it is unknown or nobody's business."
    )
    remind_days = fields.Integer(
        "Days Before",
        default=3,
        aggregator=None,
        help="How many days before an activity reminds whoever holds the person.",
    )
    next_date = fields.Date("Next", compute="_compute_next_date")
    reminded_date = fields.Date(
        readonly=True, copy=False, help="The last occurrence somebody was reminded of."
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
                1900 <= year <= fields.Date.today().year
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
                        "A birthday is a personal fact: say on the same page what you"
                        " need it for, on what legal basis, and when to review it. To"
                        " leave these out, remove the date."
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "stakeholder_id" in vals:
            # the rules were asked before: is the new dossier one of his, too?
            self.check_access("write")
        return result

    @api.model
    def _cron_remember(self):
        """Remind of the dates that are near, once each, batch by batch."""
        progress = self.env["ir.cron"]._commit_progress
        waiting = self.search([("stakeholder_id.active", "=", True)], order="id")
        progress(remaining=len(waiting))
        for start in range(0, len(waiting), DATES_PER_BATCH):
            batch = waiting[start : start + DATES_PER_BATCH].try_lock_for_update()
            batch._remind()
            if not progress(DATES_PER_BATCH):
                break

    def _remind(self):
        """Remind the holders of those of these dates that are due."""
        for remembered in self:
            occurrence = remembered._get_due()
            if not occurrence:
                continue
            # nobody may know yet: somebody may in time
            if holder := remembered.stakeholder_id._get_personal_holders():
                remembered._remind_user(holder, occurrence)
                remembered.reminded_date = occurrence

    def _remind_user(self, user, occurrence):
        """Plan an activity that only the user sees, unless a twin of this date did."""
        person = self.stakeholder_id.partner_id
        Activity = self.env["mail.activity"].with_context(active_test=False)
        if Activity.search_count(
            [
                ("user_id", "=", user.id),
                ("date_deadline", "=", occurrence),
                ("kam_remembered_date_id.kind", "=", self.kind),
                ("kam_remembered_date_id.stakeholder_id.partner_id", "=", person.id),
            ],
            limit=1,
        ):
            return
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            {
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "summary": f"{kinds[self.kind]}: {person.display_name}",
                "note": self.note and plaintext2html(self.note),
                "date_deadline": occurrence,
                "user_id": user.id,
                "automated": True,
                "kam_remembered_date_id": self.id,
            }
        )

    def _get_due(self):
        """Return the occurrence to remind of now, None when there is none.

        One that has passed lately counts, unless the date was noted down after it.
        """
        today = self._get_today()
        person = self.stakeholder_id.partner_id
        if not person or person.kam_do_not_contact:
            return None
        since = max(today - timedelta(days=GRACE_DAYS), self.create_date.date())
        occurrence = get_next_occurrence(since, int(self.month), self.day)
        early = occurrence - timedelta(days=self.remind_days)
        if early > today or self.reminded_date and self.reminded_date >= occurrence:
            return None
        return occurrence

    def _get_today(self):
        """Return what day it is where the person lives, else at our company."""
        dossier = self.stakeholder_id
        name = dossier.partner_id.tz or dossier.company_id.partner_id.tz or "UTC"
        return datetime.now(pytz.timezone(name)).date()


class KamStakeholder(models.Model):
    _inherit = "kam.stakeholder"

    remembered_date_ids = fields.One2many(
        "kam.remembered.date",
        "stakeholder_id",
        string="Dates to Remember",
        groups="kam_management.group_kam_personal",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Write the dates last: they ask for the grounds on the same page."""
        name = "remembered_date_ids"
        dossiers = super().create(
            [{k: v for k, v in vals.items() if k != name} for vals in vals_list]
        )
        for dossier, vals in zip(dossiers, vals_list, strict=True):
            if vals.get(name):
                dossier[name] = vals[name]
        return dossiers

    def write(self, vals):
        """Write new dates last: they ask for the grounds on the same page.

        Dates go first that are removed: they ask for grounds no longer.
        """
        name = "remembered_date_ids"
        if name not in vals or len(vals) == 1:
            result = super().write(vals)
        else:
            commands = vals[name] or [Command.clear()]
            removals = [c for c in commands if c[0] in REMOVALS]
            super().write({name: removals})
            super().write({k: v for k, v in vals.items() if k != name})
            result = super().write({name: [c for c in commands if c not in removals]})
        if "partner_id" in vals and not self.env.su:
            # sudo: whether there are grounds for the other person's dates
            self.sudo().remembered_date_ids._check_grounds()
        return result

    def _get_personal_holders(self):
        """Return who looks after the person and may see personal facts."""
        self.ensure_one()
        allowed = self.env.ref("kam_management.group_kam_personal").all_user_ids
        account = self.account_id
        for user in self.user_id, account.manager_id, account.accountable_id:
            if user and user.active and user in allowed:
                return user
        return self.env["res.users"]

    def _merge_into(self, twin):
        self.remembered_date_ids.stakeholder_id = twin
        return super()._merge_into(twin)


class KamPersonProfile(models.Model):
    _inherit = "kam.person.profile"

    def _has_grounds(self):
        """Return whether it is known why, and how long, facts may be kept."""
        self.ensure_one()
        return bool(self.purpose and self.legal_basis and self.review_date)

    def _get_remembered_dates(self):
        """Return the dates that are remembered on the grounds of these profiles."""
        # sudo: also dates in dossiers of other teams need the grounds
        Dossier = self.env["kam.stakeholder"].sudo().with_context(active_test=False)
        dossiers = Dossier.browse()
        for profile in self:
            dossiers |= Dossier.search(
                [
                    ("partner_id", "=", profile.partner_id.id),
                    ("company_id", "=", profile.company_id.id),
                ]
            )
        return dossiers.remembered_date_ids

    def write(self, vals):
        """Keep the grounds as long as dates are remembered on them."""
        dates = self.env["kam.remembered.date"]
        if not {"partner_id", "company_id", *GROUNDS}.isdisjoint(vals):
            dates = self._get_remembered_dates()
        result = super().write(vals)
        dates._check_grounds()
        return result

    def unlink(self):
        """Without grounds no date is remembered any longer."""
        self._get_remembered_dates().unlink()
        return super().unlink()
