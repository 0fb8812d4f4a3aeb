from odoo import api, models
from odoo.fields import Domain

from ..common import clock

REMINDERS_PER_BATCH = 500


class KamAccount(models.Model):
    """Overdue touches become activities, once each, and the next touch closes them."""

    _inherit = "kam.account"

    def write(self, vals):
        result = super().write(vals)
        if "manager_id" in vals:
            self._hand_over_reminders()
        return result

    def _update_now(self):
        """Remove the reminders of what has just been done, too."""
        done = super()._update_now()
        if done:
            # sudo: the reminder belongs to the account, whoever had it
            over = self.env["kam.account"].sudo()._get_reminders_over(self)
            over.try_lock_for_update().unlink()
        return done

    def _hand_over_reminders(self):
        """Give the reminders of these accounts to the manager they have now."""
        # sudo: the reminder belongs to the account, whoever has it now
        reminders = self.sudo()._get_open_reminders()
        managers = {account.id: account.manager_id for account in self}
        by_manager = reminders.grouped(lambda activity: managers[activity.res_id])
        for manager, activities in by_manager.items():
            if manager:
                activities.with_context(mail_activity_quick_update=True).write(
                    {"user_id": manager.id}
                )
            else:
                activities.unlink()

    def _get_open_reminders(self):
        """Return the open reminders of these accounts that nobody typed in."""
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", self._get_reminder_type().id),
                ("automated", "=", True),
            ]
        )

    @api.model
    def _cron_remind(self):
        """Plan the touches that are due, batch by batch, each committed by itself."""
        progress = self.env["ir.cron"]._commit_progress
        over = self._get_reminders_over()
        progress(remaining=len(over) + 1)  # those to be planned are yet to be counted
        for start in range(0, len(over), REMINDERS_PER_BATCH):
            # what somebody is just doing is done without us
            batch = over[start : start + REMINDERS_PER_BATCH]
            batch.try_lock_for_update().unlink()
            if not progress(len(batch)):
                return
        domain = self._get_remind_domain()
        while accounts := self.search(domain, limit=REMINDERS_PER_BATCH, order="id"):
            accounts._remind()
            if not progress(len(accounts), remaining=self.search_count(domain)):
                return
        progress(remaining=0)

    def _remind(self):
        """Give the manager of each account an activity for the touch that is due."""
        activity_type = self._get_reminder_type()
        # quickly: dozens of mails that say what the list of activities shows help nobody
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": account.id,
                    "activity_type_id": activity_type.id,
                    "summary": self.env._("The next touch is due"),
                    "date_deadline": account.next_touch_date,
                    "user_id": account.manager_id.id,
                    "automated": True,
                }
                for account in self
            ]
        )

    @api.model
    def _get_reminders_over(self, accounts=None):
        """Return the reminders of accounts that have been touched, or are left alone.

        :param accounts: of these alone; None for all
        """
        activity_type = self._get_reminder_type()
        if not activity_type:
            return self.env["mail.activity"]
        today = clock.today()
        asked = Domain.TRUE if accounts is None else Domain("id", "in", accounts.ids)
        touched = self.with_context(active_test=False).search(
            asked
            & Domain("activity_ids.activity_type_id", "=", activity_type.id)
            & (
                Domain("next_touch_date", ">", today)
                | Domain("next_touch_date", "=", False)
                | Domain("active", "=", False)
            )
        )
        return touched._get_open_reminders()

    @api.model
    def _get_remind_domain(self):
        """Return the domain of the accounts whose manager is to be reminded now."""
        activity_type = self._get_reminder_type()
        today = clock.today()
        Company = self.env["res.company"]
        for_all = Company.search([("kam_touch_reminder", "=", "all")])
        for_key = Company.search([("kam_touch_reminder", "=", "key")])
        reminded = Domain("activity_type_id", "=", activity_type.id) & (
            Domain("active", "=", True)
            # done today: its touch is captured in a few minutes
            | Domain("active", "=", False) & Domain("date_done", ">=", today)
        )
        return (
            Domain("next_touch_date", "<=", today)
            & Domain("manager_id.active", "=", True)
            & (
                Domain("company_id", "in", for_all.ids)
                | Domain("company_id", "in", for_key.ids)
                & Domain("is_key_account", "=", True)
            )
            & ~Domain("activity_ids", "any", reminded)
        )

    @api.model
    def _get_reminder_type(self):
        """Return the activity type of planned touches, empty when it was deleted."""
        return (
            self.env.ref(
                "kam_management.mail_activity_data_touch", raise_if_not_found=False
            )
            or self.env["mail.activity.type"].browse()
        )


class KamAccountEvent(models.Model):
    _inherit = "kam.account.event"

    @api.model
    def _handle_drained(self):
        """Remove the reminders of accounts that have just been touched."""
        result = super()._handle_drained()
        self.env["kam.account"]._get_reminders_over().try_lock_for_update().unlink()
        return result
