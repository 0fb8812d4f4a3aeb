from odoo import api, models
from odoo.fields import Domain

from .day import Reason
from .kam_cockpit_day import MOST


class KamCockpit(models.AbstractModel):
    """Customers at risk: who is silent for longer than usual, and what is at stake."""

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_my_day(self):
        """Add as ``remark`` how right such warnings were, where there are any."""
        return {
            **super().get_my_day(),
            "remark": self.env["kam.risk.accuracy"]._get_summary(self.env.company),
        }

    @api.model
    def _get_reason_kinds(self):
        return [
            (self.env._("customers at risk"), self._find_at_risk),
            *super()._get_reason_kinds(),
        ]

    @api.model
    def _find_at_risk(self):
        """Return the customers of the user who are silent for longer than usual."""
        today = self._get_today()
        accounts = self.env["kam.account"].search(
            [("manager_id", "in", self._get_people()), ("is_at_risk", "=", True)],
            order="revenue desc, id",
            limit=MOST,
        )
        return [
            Reason(
                account,
                self.env._("At risk: %(why)s", why=account.risk_reason),
                (today - account.risk_date).days,
                account,
                button=self._prepare_talk(account, "action_log_touch"),
            )
            for account in accounts
        ]

    @api.model
    @api.readonly
    def get_my_decisions(self):
        """Add as ``risk`` how many customers are at risk, the same as on Portfolio.

        :return: ``risk``: {count, revenue, currency_id, action, as_of}
        """
        figures = self._get_figures("accounts", False)
        domain = self._get_portfolio_domain(False) & Domain("is_at_risk", "=", True)
        title = self.env._("Customers at Risk")
        return {
            **super().get_my_decisions(),
            "risk": {
                **figures["risk"],
                "currency_id": self.env.company.currency_id.id,
                "action": self._prepare_list(title, "kam.account", domain),
                "as_of": figures["as_of"],
            },
        }

    @api.model
    def _get_account_columns(self, day):
        title = self.env._("Customers at Risk")
        at_risk = Domain("is_at_risk", "=", True)
        return {
            **super()._get_account_columns(day),
            "risk": (title, "kam.account", at_risk, "manager_id"),
        }

    @api.model
    @api.readonly
    def get_managers_cards(self, team_id=False, period="month", previous=False):
        result = super().get_managers_cards(team_id, period, previous)
        ours = Domain("company_id", "=", self.env.company.id)
        members = self._find_members(team_id, period, previous)
        if members is not None:
            ours &= Domain("manager_id", "in", members)
        card = self._prepare_risk_card(ours, with_manager=True)
        return {**result, "cards": [*result["cards"], card]}

    @api.model
    def _prepare_risk_card(self, domain, with_manager=False):
        """Return the card of the customers at risk, the most revenue at stake first.

        :param Domain domain: of the accounts in question
        :param bool with_manager: whether lines say who leads the customer
        :return: see ``_prepare_card``; lines have the revenue of the window as amount,
            and the card says how right such warnings were
        """
        return self._prepare_card(
            "risk",
            self.env._("Customers at Risk"),
            "fa-bell-slash-o",
            "kam.account",
            domain & Domain("is_at_risk", "=", True),
            Domain.FALSE,
            "revenue desc, id",
            row=lambda account: self._prepare_risk_row(account, with_manager),
            remark=self.env["kam.risk.accuracy"]._get_summary(self.env.company),
            empty={"text": self.env._("No customer is silent for longer than usual.")},
        )

    @api.model
    def _prepare_risk_row(self, account, with_manager):
        reason = account.risk_reason or ""
        manager = with_manager and account.manager_id.name
        return {
            "title": account.display_name,
            "note": f"{manager} · {reason}" if manager else reason,
            "amount": account.revenue,
            "currency_id": account.currency_id.id,
            "button": self._prepare_talk(account, "action_log_touch"),
        }
