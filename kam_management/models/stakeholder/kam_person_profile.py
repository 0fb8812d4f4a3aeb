import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common import clock

_logger = logging.getLogger(__name__)

REMIND_DAYS = 30
MAX_REVIEW_YEARS = 3
# The facts, and what must be known before one may keep any.
FACTS = ("hobbies", "family", "personal_values", "preferences")
GROUNDS = ("purpose", "legal_basis", "review_date")
LEGAL_BASES = [
    ("consent", "Consent of the person"),
    ("interest", "Legitimate interest"),
    ("contract", "Needed for a contract"),
]


class KamPersonProfile(models.Model):
    """What we know of a person beyond his job, kept for a reason and for a time.

    Open to ``group_kam_personal`` alone, by dossiers that are present; never tracked,
    erased after the review date. There is one for each person and company of ours that
    keeps one. When two persons turn out to be one, facts add up; the earlier review date
    and the first ground count.
    """

    _name = "kam.person.profile"
    _description = "Personal Data of a Stakeholder"
    _inherit = ["kam.personal", "kam.guard", "kam.merge"]
    _rec_name = "partner_id"
    _order = "review_date, id"
    _check_company_auto = True
    _merge_key = ("partner_id", "company_id")

    # not cascade: Odoo's privacy lookup looks at no other links
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_company', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    # Facts
    hobbies = fields.Text()
    family = fields.Text()
    personal_values = fields.Text("Values")
    preferences = fields.Text(help="Such as food, gifts, the time of day to call.")

    # Why we may keep them, and how long
    purpose = fields.Char(help="What we need these facts for.")
    legal_basis = fields.Selection(
        LEGAL_BASES,
        help="Article 6 of the GDPR: the legal basis on which these facts are kept.",
    )
    review_date = fields.Date(
        "Review By",
        merge=lambda dates: max(clock.today(), min(dates)),
        help="Check by this date whether the facts are still needed. They are erased"
        " the day after, unless the date is moved.",
    )
    reminded = fields.Boolean(readonly=True, copy=False)

    _person_uniq = models.UniqueIndex(
        "(partner_id, company_id)",
        "Personal data of this person exists already: open it instead.",
    )

    @api.constrains(*FACTS, *GROUNDS)
    def _check_grounds(self):
        """Keep facts only with purpose, legal basis and a review date that is near."""
        for profile in self:
            if any(profile[name] for name in FACTS) and not all(
                profile[name] for name in GROUNDS
            ):
                raise ValidationError(
                    self.env._(
                        "Personal facts need a purpose, a legal basis and a review date."
                        " Fill in all three, or leave the facts out."
                    )
                )

    @api.constrains("review_date")
    def _check_review_date(self):
        today = clock.here(self)
        latest = today + relativedelta(years=MAX_REVIEW_YEARS)
        for profile in self.filtered("review_date"):
            if not today <= profile.review_date <= latest:
                raise ValidationError(
                    self.env._(
                        "Review by: enter a date from today on, at most %(years)s years"
                        " away.",
                        years=MAX_REVIEW_YEARS,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "review_date" in vals:
            # sudo: the reminder has done its work, whoever was reminded
            profiles = self.sudo()
            profiles.reminded = False
            profiles._get_reminders().unlink()
        return result

    def unlink(self):
        # sudo: nothing is left to review, whoever was reminded
        self.sudo()._get_reminders().unlink()
        return super().unlink()

    @api.model
    def _cron_review(self):
        """Remind of facts to review soon; erase those nobody renewed in time.

        One after the other, each committed by itself: what fails for one person keeps
        nobody else's facts from being erased. It is tried again on the next day.
        """
        today = clock.today()
        progress = self.env["ir.cron"]._commit_progress
        past = self.search([("review_date", "<", today)])
        soon = self.search(
            [
                ("review_date", "<=", today + relativedelta(days=REMIND_DAYS)),
                ("reminded", "=", False),
            ]
        )
        progress(remaining=len(past | soon))
        for profile in past | soon:
            try:
                with self.env.cr.savepoint():
                    profile.try_lock_for_update()._review(today)
            except Exception:
                _logger.exception("Personal part %s: review failed", profile.id)
            if not progress(1):
                break

    def _review(self, today):
        """Do what is due, unless somebody has done or renewed it meanwhile."""
        for profile in self.filtered("review_date"):
            if profile.review_date < today:
                profile._erase()
            elif not profile.reminded:
                profile._remind()

    def _erase(self):
        """Remove the facts; the person and his dossiers stay."""
        self.unlink()

    def _remind(self):
        """Plan a review with those who hold the person and may see the facts."""
        self.ensure_one()
        self.reminded = True
        for user in self._get_reviewers():
            # the activity names no fact: everybody who sees the contact sees it
            self.partner_id.activity_schedule(
                "kam_management.mail_activity_type_review",
                date_deadline=self.review_date,
                user_id=user.id,
                summary=self.env._("Review or erase the personal data"),
                kam_profile_id=self.id,
            )

    def _get_reviewers(self):
        """Return who is asked: the holders, else the managers, of those with the right."""
        dossiers = self.env["kam.stakeholder"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("is_present", "=", True),
            ]
        )
        allowed = self._get_permitted_users()
        for users in (
            dossiers.user_id,
            dossiers.account_id.manager_id,
            dossiers.account_id.accountable_id,
        ):
            if reviewers := users & allowed:
                return reviewers
        return self.env["res.users"]

    def _get_reminders(self):
        """Return the activities that ask to review these profiles."""
        return self.env["mail.activity"].search([("kam_profile_id", "in", self.ids)])
