from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .kam_person_profile import GROUNDS
from .kam_remembered_date import get_next_occurrence

# A date that passed while the server stood still is still worth a call.
GRACE_DAYS = 7
DATES_PER_BATCH = 500
REMOVALS = (Command.DELETE, Command.UNLINK, Command.CLEAR)


class KamRememberedDate(models.Model):
    """Dates that come near become activities of who looks after the person."""

    _inherit = "kam.remembered.date"

    @api.model
    def _cron_remember(self):
        """Remind of the dates that are near, once each, batch by batch."""
        progress = self.env["ir.cron"]._commit_progress
        waiting = self.search([("stakeholder_id.is_present", "=", True)], order="id")
        progress(remaining=len(waiting))
        for start in range(0, len(waiting), DATES_PER_BATCH):
            batch = waiting[start : start + DATES_PER_BATCH]
            batch.try_lock_for_update()._remind()
            if not progress(len(batch)):
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


class KamStakeholder(models.Model):
    """The dates to remember on the dossier, for those who may see them."""

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
        allowed = self.env["kam.personal"]._get_permitted_users()
        account = self.account_id
        for user in self.user_id, account.manager_id, account.accountable_id:
            if user and user.active and user in allowed:
                return user
        return self.env["res.users"]


class KamPersonProfile(models.Model):
    """The grounds on which dates are remembered."""

    _inherit = "kam.person.profile"

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

    def _has_grounds(self):
        """Return whether it is known why, and how long, facts may be kept."""
        self.ensure_one()
        return bool(self.purpose and self.legal_basis and self.review_date)

    def _get_remembered_dates(self):
        """Return the dates that are remembered on the grounds of these profiles."""
        # sudo: also dates in dossiers of other teams need the grounds
        Dossier = self.env["kam.stakeholder"].sudo().with_context(active_test=False)
        dossiers = Dossier.search(
            Domain.OR(
                Domain("partner_id", "=", profile.partner_id.id)
                & Domain("company_id", "=", profile.company_id.id)
                for profile in self
            )
        )
        return dossiers.remembered_date_ids
