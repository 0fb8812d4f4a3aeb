from odoo import api, models
from odoo.fields import Domain

from ..common import clock
from ..common.jobs import do_each
from ..common.names import list_names
from .follow_up import NEW_LEVELS, RECEIPT, RESULTS, STEPS, URGENCY, count_on

CALL = "mail.mail_activity_data_call"


class SaleOrder(models.Model):
    """The activities of the follow-up: one at a time, planned and called off by a job."""

    _inherit = "sale.order"

    @api.model
    def _cron_follow_up(self):
        """Plan the steps that are due, and take back those of quotations that are over.

        What is to be done follows from the quotations and their activities alone, so it
        goes on wherever it was interrupted.
        """
        orders = self.with_context(active_test=False)
        over = orders.search(self._get_kam_over_domain(), order="id")
        waiting = orders.search(self._get_kam_unplanned_domain(), order="id")
        do_each(
            self.env,
            [*over, *(waiting - over)],
            lambda order: order.with_context(active_test=True)._kam_follow(),
            "Follow-up of a quotation failed: %s",
        )
        self.env["kam.concession.approval"]._call_off()
        self.env["kam.concession"]._complete()

    @api.model
    def _get_kam_over_domain(self):
        """Return the domain of the quotations whose chain has come to its end."""
        return Domain("kam_follow_up", "!=", False) & (
            Domain("state", "in", ("sale", "cancel"))
            | Domain("state", "=", "sent")
            & (
                Domain("validity_date", "<", str(clock.today()))
                | Domain("opportunity_id.won_status", "=", "lost")
            )
        )

    @api.model
    def _get_kam_unplanned_domain(self):
        """Return the domain of the quotations without an activity for their step."""
        return Domain("state", "=", "sent") & Domain.OR(
            Domain("kam_follow_up", "=", step)
            & ~Domain(
                "activity_ids",
                "any",
                [("kam_follow_up", "=", step), ("active", "=", True)],
            )
            for step, _label in STEPS
        )

    def _kam_follow(self):
        """Bring the activity of a quotation in line with its chain.

        Another job, or a colleague, may have done so meanwhile.
        """
        for order in self.try_lock_for_update():
            if reason := order._tell_kam_end():
                order._kam_end_follow_up(reason)
            elif order.state == "sent" and order.kam_follow_up:
                order._kam_plan_step()

    def _tell_kam_end(self):
        """Return why the chain of a quotation is over, "" while it goes on."""
        expires = self.validity_date
        if self.state == "sale":
            return self.env._("The quotation was confirmed.")
        if self.state == "cancel":
            following = self.kam_next_order_ids[:1].name
            if following:
                return self.env._("%s has taken the place of the quotation.", following)
            return self.env._("The quotation was cancelled.")
        if self.state == "sent" and self.opportunity_id.won_status == "lost":
            return self.env._("The opportunity was lost.")
        if self.state == "sent" and expires and expires < clock.today():
            return self.env._("The quotation has expired.")
        return ""

    def _kam_end_follow_up(self, reason=""):
        """End the chain: what is planned is called off, and the log says why.

        :param str reason: why; none where nobody has to be told
        """
        if self.state == "sale" and self.kam_follow_up == RECEIPT:
            # who orders has got the quotation
            self._kam_note_followed_up()
        self.kam_follow_up = False
        activities = self._get_kam_steps()
        if activities and reason:
            self._message_log(
                body=self.env._(
                    "%(reason)s Follow-up ended, called off: %(activities)s",
                    reason=reason,
                    activities=list_names(activities),
                )
            )
        activities.unlink()

    def _kam_plan_step(self):
        """Plan the step that is due, in place of the one before."""
        user = self._get_kam_follower()
        # sudo: which customer it is, whoever runs the job
        account = self.sudo()._get_kam_accounts().get(self)
        if not account or not user:
            # the account of a new customer is made within minutes
            if not user or self.kam_silent_since < clock.today():
                self._kam_end_follow_up()
            return
        step, day = self.kam_follow_up, self._get_kam_step_date(self.kam_follow_up)
        if step == RECEIPT:
            versions = self.kam_version_ids
            if not versions.filtered(lambda v: v.date_due and not v.date_followed_up):
                versions[:1].write({"date_due": day, "account_id": account.id})
        former = self._get_kam_steps()
        if former:
            self._message_log(
                body=self.env._(
                    "Heard from the customer, so this is not needed any more: %s",
                    list_names(former),
                )
            )
            former.unlink()
        # quickly: a mail that says what the list of activities shows helps nobody
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            self._prepare_kam_step(step, day, user)
        )

    def _prepare_kam_step(self, step, day, user):
        """Return the values of the activity for a step."""
        kind = self.env.ref(CALL, raise_if_not_found=False)
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": kind and kind.id,
            "summary": self.with_context(lang=user.lang)._tell_kam_step(step),
            "date_deadline": day,
            "user_id": user.id,
            "automated": True,
            "kam_follow_up": step,
        }

    def _tell_kam_step(self, step):
        """Return what is to be done in a step, with the name of the quotation."""
        name = self.name
        if step == RECEIPT:
            return self.env._("%s: ask whether it has arrived", name)
        if step == RESULTS:
            return self.env._("%s: talk about interim results", name)
        if step == URGENCY:
            return self.env._("%s: find out what makes it urgent", name)
        return self.env._("%s: agree on the next steps", name)

    def _get_kam_steps(self):
        """Return the open activities of the chain, by ``sudo``: there is one at most."""
        # sudo: part of the quotation, whoever's it is
        return self.sudo().activity_ids.filtered(
            lambda activity: activity.active and activity.kam_follow_up
        )

    def _get_kam_follower(self):
        """Return who follows the quotation up: the salesperson, or who leads the account.

        Nobody where neither is a key account manager who works here.
        """
        # sudo: who leads the customer, whoever runs the job
        account = self.sudo()._get_kam_accounts().get(self)
        people = self.user_id | (
            account.manager_id if account else self.env["res.users"]
        )
        return people.filtered(
            lambda user: user.active and user.has_group("kam_management.group_kam_user")
        )[:1]

    def _get_kam_step_date(self, step, day=None):
        """Return the day on which a step is due when the one before is over.

        In working days of the salesperson, where they have none of the company.

        :param date day: when that is; None: when the quotation was heard of last
        """
        # sudo: settings, and whose working hours these are
        order = self.sudo()
        company, user = order.company_id, order.user_id
        account = order._get_kam_accounts().get(order)
        is_new = not account or account.level in NEW_LEVELS
        name = f"kam_follow_up_{step}" + ("_new" if is_new else "")
        return count_on(
            day or order.kam_silent_since or clock.today(),
            company[name],
            lambda start, end: company._get_kam_working_days(start, end, user),
        )
