from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..common import formats
from ..contact.kam_cadence import PERSONAL
from .day import line_up

# So many records of a kind are looked at; who has more to do sees the most urgent.
MOST = 100


class KamCockpit(models.AbstractModel):
    """My Day (R59): one ordered list, a line for each customer with all that is due."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_my_day(self):
        """Return what the user is to do today, the most urgent first.

        :return: ``{"lines": [...], "clear": [kinds of which there is nothing],
            "leads_accounts": bool, "done": contacts of today, "all": action}``; see
            ``_prepare_line``
        """
        reasons, clear = [], []
        for label, find in self._get_reason_kinds():
            found = find()
            reasons += found
            if not found:
                clear.append(label)
        leads = self.env["kam.account"].search_count(
            [("manager_id", "=", self.env.uid)], limit=1
        )
        rates = {}
        lines = line_up(reasons, lambda account: self._get_worth(account, rates))
        return {
            "lines": [self._prepare_line(*line) for line in lines[:MOST]],
            "clear": clear,
            "leads_accounts": bool(leads),
            "done": self._count_done(),
            "currency_id": self.env.company.currency_id.id,
            "all": self._prepare_my_accounts(),
        }

    @api.model
    def _get_reason_kinds(self):
        """Return the kinds of what may be due: [(label, function)]; other files add theirs.

        A function returns a list of ``Reason``.
        """
        return []

    @api.model
    def _get_people(self):
        """Return the ids of whose work is the user's today: theirs, and of those they
        stand in for.
        """
        uid = self.env.uid
        absent = self.env["kam.deputy"]._get_absent(uid, str(self._get_today()))
        return [uid, *absent]

    @api.model
    def _get_worth(self, account, rates):
        """Return what an account brings, in the currency of the current company.

        :param dict rates: of the currencies looked up so far
        """
        # sudo: currencies of our companies
        return account.revenue * self._get_rate(account.sudo().company_id, rates)

    @api.model
    def _get_rate(self, company, rates):
        """Return what makes amounts of a company comparable with the current one's."""
        if company not in rates:
            rates[company] = company.currency_id._get_conversion_rate(
                company.currency_id, self.env.company.currency_id, company
            )
        return rates[company]

    @api.model
    def _prepare_line(self, reasons, money):
        """Return a line of My Day.

        :return: dict: model and id of what it opens, title, money, ``stake``: what money
            that is, ``reasons``: [{text, late, model, id}], ``button``: the one next
            action, see ``_prepare_button``
        """
        main = reasons[0].account or reasons[0].record
        return {
            "model": main._name,
            "id": main.id,
            "title": self._get_title(main),
            "money": money,
            "stake": self._tell_stake(reasons, money),
            "reasons": [
                {
                    "text": reason.text,
                    "late": reason.days > 0,
                    "model": reason.record._name,
                    "id": reason.record.id,
                }
                for reason in reasons
            ],
            "button": next(filter(None, (reason.button for reason in reasons)), None),
        }

    @api.model
    def _tell_stake(self, reasons, money):
        """Return what the money of a line is: revenue, or what is open with them."""
        if any(reason.money == money for reason in reasons):
            return self.env._("quoted")
        # sudo: the window of the company the account is of
        company = reasons[0].account.sudo().company_id
        return self.env._(
            "revenue in %(months)s",
            months=formats.duration(self.env, company.kam_window_months, "month"),
        )

    @api.model
    def _get_title(self, record):
        """Return the name of a record; one that refuses takes no screen down."""
        try:
            return record.display_name
        except UserError:
            # sudo: what the user may see by the rules, whatever it belongs to
            return record.sudo().display_name

    @api.model
    def _tell_due(self, what, day, today=None):
        """Return what is to be done, and when: “Noise, 2 days late”.

        :param date today: the day it is; None: that of all figures
        """
        days = ((today or self._get_today()) - day).days if day else None
        if days is None:
            return what
        if not days:
            return self.env._("%(what)s, due today", what=what)
        time = formats.duration(self.env, abs(days))
        if days > 0:
            return self.env._("%(what)s, %(days)s late", what=what, days=time)
        return self.env._("%(what)s, due in %(days)s", what=what, days=time)

    @api.model
    def _count_done(self):
        """Return how many contacts the user has had today."""
        day = self._get_today()
        return self.env["kam.touch"].search_count(
            PERSONAL
            & Domain([("user_id", "=", self.env.uid), ("date", ">=", str(day))])
        )

    @api.model
    def _find_next_customer(self, account):
        """Return whom the user should talk to after an account, maybe nobody."""
        ids = [
            line["id"]
            for line in self.get_my_day()["lines"]
            if line["model"] == account._name and line["id"] != account.id
        ]
        return self.env["kam.account"].browse(ids[:1])

    @api.model
    def _prepare_talk(self, record, method):
        """Return the button that opens the dialog to log a conversation."""
        return self._prepare_button(record, method, self.env._("Talk"), "fa-phone")

    @api.model
    def _prepare_my_accounts(self):
        """Return the action that opens the accounts the user leads."""
        domain = [("manager_id", "=", self.env.uid)]
        return self._prepare_list(self.env._("My Customers"), "kam.account", domain)
