from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..account.kam_account_overview import ANSWER_DAYS
from ..common import clock, formats
from .day import Reason
from .kam_cockpit_day import MOST

# A quotation sent so long ago is asked after; it is late after ``ANSWER_DAYS``.
ASK_DAYS = 3


class KamCockpit(models.AbstractModel):
    """My Day: whom to contact, whom to answer, and what else is planned."""

    _inherit = "kam.cockpit"

    @api.model
    def _get_reason_kinds(self):
        return [
            *super()._get_reason_kinds(),
            (self.env._("contacts due"), self._find_contacts_due),
            (self.env._("requests"), self._find_requests),
            (self.env._("quotations awaiting a reply"), self._find_quotations),
            (self.env._("activities"), self._find_activities),
        ]

    @api.model
    def _find_contacts_due(self):
        """Return whom the user is to contact by now."""
        today = self._get_today()
        accounts = self.env["kam.account"].search(
            [
                ("manager_id", "in", self._get_people()),
                ("next_touch_date", "<=", str(today)),
            ],
            order="revenue desc, next_touch_date, id",
            limit=MOST,
        )
        people = accounts._get_next_people()
        return [
            self._prepare_contact(account, people.get(account), today)
            for account in accounts
        ]

    @api.model
    def _prepare_contact(self, account, person, today):
        day, what = account.next_touch_date, self.env._("Contact")
        if name := account.next_touch_name:
            what = self.env._("Contact with %(name)s", name=name)
        return Reason(
            account,
            self._tell_due(what, day),
            (today - day).days,
            account,
            button=self._prepare_talk(person or account, "action_log_touch"),
        )

    @api.model
    def _find_requests(self):
        """Return who awaits our reply."""
        today = self._get_today()
        return [
            Reason(
                touch,
                self.env._(
                    "Awaiting our reply: %(what)s",
                    # sudo: of the touch that the user sees
                    what=touch.summary or touch.partner_id.sudo().name or "",
                ),
                (today - touch.date.date()).days,
                touch.account_id,
                button=self._prepare_button(
                    touch, "action_answer", self.env._("Reply"), "fa-reply"
                ),
            )
            for touch in self._find_unanswered()[:MOST]
        ]

    @api.model
    def _find_unanswered(self):
        """Return the requests without answer to the user, the oldest of all first.

        In two searches, each by its own index: together they look at all touches.
        """
        waiting = Domain("direction", "=", "in") & Domain("answer_id", "=", False)
        accounts = self.env["kam.account"].with_context(active_test=False)
        mine = accounts._search([("manager_id", "in", self._get_people())])
        Touch = self.env["kam.touch"]
        # sudo: who sees an account sees its touches; asked of each touch, the rule that
        # says so takes most of the time
        of_accounts = Touch.sudo().search(
            waiting & Domain("account_id", "in", mine), order="date, id", limit=MOST
        )
        of_leads = Touch.search(
            waiting
            & Domain("account_id", "=", False)
            & Domain("lead_id.user_id", "in", self._get_people()),
            order="date, id",
            limit=MOST,
        )
        touches = Touch.browse(of_accounts.ids) | of_leads
        return touches.sorted(lambda touch: (touch.date, touch.id))

    @api.model
    def _find_quotations(self):
        """Return the quotations the user sent that nobody has answered.

        Those left out they have planned to ask after some day later, or have an activity
        of their follow-up; what is silent is told of otherwise.
        """
        today = self._get_today()
        since = today - timedelta(days=ASK_DAYS)
        mine = Domain("user_id", "in", self._get_people())
        planned = mine & (
            Domain("date_deadline", ">", str(clock.here(self)))
            | Domain("kam_follow_up", "!=", False)
        )
        orders = self.env["sale.order"].search(
            mine
            & Domain("state", "=", "sent")
            & Domain("kam_is_silent", "=", False)
            & Domain("date_order", "<", f"{since + timedelta(days=1)} 00:00:00")
            & ~Domain("activity_ids", "any", list(planned)),
            order="date_order, id",
            limit=MOST,
        )
        # sudo: whose quotations these are, whatever the customer's company
        accounts = self._keep_visible({o: o.sudo().kam_account_id for o in orders})
        rates = {}
        return [
            Reason(
                order,
                self.env._(
                    "Quotation %(name)s awaits a reply for %(days)s",
                    name=order.name,
                    days=formats.duration(self.env, age),
                ),
                age - ANSWER_DAYS,
                accounts.get(order),
                self._get_order_worth(order, rates),
                self._prepare_talk(order, "action_kam_log_touch"),
            )
            for order in orders
            for age in [(today - order.date_order.date()).days]
        ]

    @api.model
    def _get_order_worth(self, order, rates):
        """Return what a quotation brings, in the currency of the current company.

        :param dict rates: of the currencies looked up so far
        """
        # sudo: currencies of our companies
        rate = self._get_rate(order.sudo().company_id, rates)
        return rate * order.amount_untaxed / (order.currency_rate or 1)

    @api.model
    def _find_activities(self):
        """Return what else the user has planned until today."""
        today = clock.here(self)
        activities = self.env["mail.activity"].search(
            [
                ("user_id", "in", self._get_people()),
                ("date_deadline", "<=", str(today)),
                # what is told of otherwise
                ("kam_has_card", "=", False),
            ],
            order="date_deadline, id",
            limit=MOST,
        )
        accounts, rates = self._find_accounts(activities), {}
        return [
            self._prepare_activity(activity, accounts.get(activity.id), today, rates)
            for activity in activities
            # of who is absent: what is about customers alone
            if activity.user_id == self.env.user or activity.id in accounts
        ]

    @api.model
    def _prepare_activity(self, activity, account, today, rates):
        day = activity.date_deadline
        what = activity.summary or activity.activity_type_id.name
        button = self._prepare_button(
            activity, "action_done", self.env._("Mark Done"), "fa-check"
        )
        if activity.kam_is_bid:
            button = self._prepare_open(activity.kam_tender_id)
        elif activity.kam_is_touch or activity.kam_moment_id:
            button = self._prepare_talk(activity, "action_kam_log_touch")
        record = activity
        if activity.res_model in self.env and activity.res_id:
            record = self.env[activity.res_model].browse(activity.res_id)
        text, money = self._tell_due(what, day, today), 0
        if activity.kam_follow_up and record._filtered_access("read"):
            money = self._get_order_worth(record, rates)
        return Reason(record, text, (today - day).days, account, money, button)

    @api.model
    def _find_accounts(self, activities):
        """Return {id of an activity: the account it is about, if the user sees it}."""
        finders = self.env["kam.account"]._get_activity_records()
        found = {}
        for model, some in activities.grouped("res_model").items():
            if model not in finders:
                continue
            # sudo: which account a record is of; it is shown to who sees the account
            records = self.env[model].sudo().browse(some.mapped("res_id")).exists()
            owners = {record.id: finders[model](record)[:1] for record in records}
            found |= {activity.id: owners.get(activity.res_id) for activity in some}
        return self._keep_visible(found)

    @api.model
    def _keep_visible(self, accounts):
        """Return the accounts of a dict that the user may see, as the user sees them.

        :param dict accounts: {anything: an account, one or none, by ``sudo``}
        """
        ids = [account.id for account in accounts.values() if account]
        visible = self.env["kam.account"].browse(ids)._filtered_access("read")
        return {
            key: account.with_env(self.env)
            for key, account in accounts.items()
            if account and account.id in visible._ids
        }
