from datetime import timedelta

from odoo import api, models
from odoo.tools import plaintext2html

from .kam_remembered_date import get_next_occurrence

# A date that passed while the server stood still is still worth a call.
GRACE_DAYS = 7
DATES_PER_BATCH = 500


class KamRememberedDate(models.Model):
    """Dates that come near become activities of who looks after the person."""

    _inherit = "kam.remembered.date"

    @api.model
    def _cron_remember(self):
        """Remind of the dates that are near, once each, batch by batch."""
        progress = self.env["ir.cron"]._commit_progress
        waiting = self.search([("stakeholder_id.active", "=", True)], order="id")
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
