from odoo.exceptions import AccessError
from odoo.tests import tagged

from .portfolio_common import PortfolioCommon


@tagged("post_install", "-at_install")
class TestPortfolioIntruder(PortfolioCommon):
    """What people try who know how to call the server."""

    def test_dialog_tells_nothing_about_customers_of_others(self):
        """It gave the reasons and the share of revenue of any account asked for."""
        self.criterion.min_share = 1
        account = self._sell(Large=1000)
        account.manager_id = self.anna
        self.assertTrue(account.key_suggestion)
        account._propose(self.criterion, "They pay everything")
        spec = {"suggestion": {}, "reason": {}, "criterion_ids": {}}
        values = {"account_id": account.id, "step": "nominate"}

        def ask(user):
            # each request has a cache of its own
            self.env.invalidate_all()
            dialog = self.env["kam.key.decision"].with_user(user)
            return dialog.onchange(values, ["account_id"], spec)["value"]

        self.assertIn("They pay", ask(self.head)["reason"])
        with self.assertRaises(AccessError):
            ask(self.boris)
        with self.assertRaises(AccessError):
            ask(self.seller)

    def test_customer_names_are_no_markup_in_the_health(self):
        account = self._sell(**{"<script>alert(1)</script>": 1000})
        self.assertTrue(account.health_html)
        self.assertNotIn("<script>alert", account.health_html)

    def test_merged_account_hands_its_alarm_to_the_survivor(self):
        """The alarm was left without a customer."""
        large, small = self._sell(Large=9000, Small=1000)
        alarm = self.env["kam.portfolio.alarm"].create(
            {
                "company_id": self.company.id,
                "kind": "account",
                "account_id": large.id,
                "date": "2022-03-10",
            }
        )
        self.Account._move_to_partner(large.partner_id, small.partner_id)
        self.assertEqual(alarm.account_id, small)
