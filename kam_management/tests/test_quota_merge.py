from odoo.tests import tagged

from .quota_common import QuotaCommon


@tagged("post_install", "-at_install")
class TestQuotaMerge(QuotaCommon):
    """Customers that turn out to be one keep what closed quotas have counted."""

    def test_facts_of_a_closed_quota_go_with_the_account(self):
        """They were left without a customer, and their records as deleted."""
        account = self._account()
        self._order("2020-01-01")
        self._order("2020-02-01")
        other = self._account(self._create_customer("Twin"))
        self._refresh()
        self._led(account, (None, self.anna))
        quota = self._quota(
            "2020-02-01", "2020-02-29", "kept", "revenue", user=self.anna
        )
        quota._measure()
        quota._freeze_facts()
        quota.state = "closed"
        self.assertEqual(quota.line_ids.mapped("actual"), [1, 100])
        self.Account._move_to_partner(account.partner_id, other.partner_id)
        facts = quota.line_ids.fact_ids
        self.assertEqual(len(facts), 2)
        self.assertEqual(facts.account_id, other)
        kept = facts.filtered(lambda fact: fact.res_model == "kam.account")
        self.assertEqual(kept.res_id, other.id)
        self.assertEqual(kept.source, other.display_name)
