from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..common import clock
from ..common.jobs import do_each

VALUABLE = ("a", "b")
# So long what a customer buys after their return is counted for it.
COUNTED_MONTHS = 12


class KamReactivation(models.Model):
    """Cases open when a valuable customer falls silent, and close when they buy again."""

    _inherit = "kam.reactivation"

    @api.model
    def _open_for(self, accounts, reason):
        """Open a case for those of these accounts that were A, B or key and have none yet.

        :param str reason: dormant or risk
        :return: the new cases
        """
        # sudo: the app opens them, whoever's document or night it follows from
        self, accounts = self.sudo(), accounts.sudo()
        silent = accounts.filtered("last_purchase_date")
        known = {
            (case.account_id, case.since): case
            for case in self.search([("account_id", "in", silent.ids)])
        }
        segments = self._get_segments_before(silent)
        new = {}
        for account in silent:
            case = known.get((account, account.last_purchase_date))
            if case and case.state == "open" and reason == "dormant":
                case.reason = reason
            segment = segments.get(account)
            if not case and (segment in VALUABLE or account.is_key_account):
                new[account] = segment
        worth = self._get_worth(accounts.union(*new))
        cases = self.create(
            [
                account._prepare_reactivation(reason, segment, worth.get(account, 0))
                for account, segment in new.items()
            ]
        )
        cases._give_to_owner()
        return cases

    @api.model
    def _get_segments_before(self, accounts):
        """Return {account: best segment} in the window after the last purchase.

        By the end of each month; who is not dormant yet is in the segment they are in.
        """
        best = {one: one.segment for one in accounts if one.level != "dormant"}
        asleep = accounts - accounts.union(*best)
        if asleep:
            rows = self.env["kam.account.month"]._read_group(
                [("account_id", "in", asleep.ids), ("segment", "!=", False)],
                ["account_id", "date:day", "segment"],
            )
            for account, date, segment in rows:
                last = account.last_purchase_date
                window = relativedelta(months=account.company_id.kam_window_months)
                if last <= date < last + window:
                    best[account] = min(segment, best.get(account) or "c")
        return best

    @api.model
    def _get_worth(self, accounts):
        """Return {account: what they bought in the window up to their last purchase}."""
        if not accounts:
            return {}
        bought = self._read_bought(accounts, [])
        worth = {}
        for account, date, amount in bought:
            last = account.last_purchase_date
            window = relativedelta(months=account.company_id.kam_window_months)
            if last - window < date <= last:
                worth[account] = worth.get(account, 0) + amount
        return worth

    @api.model
    def _read_bought(self, accounts, domain):
        """Return [(account, date, amount)] of what some accounts bought, as it counts."""
        sales = self.env["kam.sale"].with_context(
            kam_account_ids=accounts.ids, allowed_company_ids=accounts.company_id.ids
        )
        return sales._read_group(
            [("account_id", "in", accounts.ids), *domain],
            ["account_id", "date:day"],
            ["amount:sum"],
        )

    def _give_to_owner(self):
        """Give whoever tries a to-do: find out why, and talk to them."""
        for case in self.filtered("user_id"):
            case.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=clock.today() + timedelta(days=7),
                user_id=case.user_id.id,
                summary=self.env._("Find out why they stopped buying"),
            )

    @api.model
    def _close_for(self, accounts):
        """Close the open cases of customers who bought again since."""
        # sudo: what follows from everybody's documents
        cases = self.sudo().search(
            [("account_id", "in", accounts.ids), ("state", "=", "open")]
        )
        for case in cases:
            last = case.account_id.last_purchase_date
            if last and case.since and last > case.since:
                case._close("won", last)

    @api.model
    def _cron_reactivation(self):
        """Open cases of customers at risk, close those of who came back, count revenue."""
        # sudo: the cron looks after all companies
        companies = self.env["res.company"].sudo().search([]).ids
        do_each(
            self.env, companies, self._look_after, "Reactivation of company %s failed"
        )

    @api.model
    def _look_after(self, company_id):
        """Bring the cases of a company up to date."""
        self = self.with_context(allowed_company_ids=[company_id]).sudo()
        Account = self.env["kam.account"].sudo()
        ours = Domain("company_id", "=", company_id)
        self._open_for(Account.search(ours & Domain("is_at_risk", "=", True)), "risk")
        self._close_for(self.search(ours & Domain("state", "=", "open")).account_id)
        since = clock.today() - relativedelta(months=COUNTED_MONTHS)
        won = Domain("state", "=", "won") & Domain("date_closed", ">", since)
        self.search(ours & won)._count_revenue()

    def _count_revenue(self):
        """Count what customers bought since they came back, within the months counted."""
        if not self:
            return
        first = min(self.mapped("date_closed"))
        bought = self._read_bought(self.account_id, [("date", ">=", first)])
        for case in self:
            case.revenue_after = sum(
                amount
                for account, date, amount in bought
                if account == case.account_id and date >= case.date_closed
            )
