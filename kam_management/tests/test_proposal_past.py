from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .proposal_common import ProposalCommon

TODAY = "2026-01-12"


@tagged("post_install", "-at_install")
class TestProposalPast(ProposalCommon):
    """What the customer and we have done together, as of a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 10:00:00"))
        cls._order("2024-03-05", 500)
        cls._order("2025-06-01", 1500)
        cls._order("2025-11-01", 2500)
        cls._refresh()

    def test_it_is_what_the_account_says(self):
        proposal = self._proposal()
        self.assertEqual(proposal.past_date, date(2026, 1, 12))
        self.assertEqual(proposal.past_since, date(2024, 3, 5))
        self.assertEqual(proposal.past_purchases, 3)
        self.assertEqual(proposal.past_revenue, self.account.revenue)
        self.assertEqual(proposal.past_revenue, 4000)
        page = self._pages(proposal)
        for text in ("Mar 5, 2024", "4,000", "12 months", "Jan 12, 2026"):
            self.assertIn(text, page)

    def test_projects_won_and_complaints_solved_are_counted(self):
        self.lead.action_set_won()
        complaints = self.env["kam.complaint"].create(
            [
                {"account_id": self.account.id, "name": name, "user_id": self.anna.id}
                for name in ("Late", "Wrong")
            ]
        )
        complaints[0].solution = "Sent again"
        complaints[0].action_solve()
        proposal = self._proposal()
        self.assertEqual(proposal.past_projects, 1)
        self.assertEqual(proposal.past_complaints, 1)
        self.assertIn("Complaints and wishes solved", self._pages(proposal))

    def test_deliveries_on_time_are_told_where_they_are_known(self):
        proposal = self._proposal()
        self.assertNotIn("Delivered on time", self._pages(proposal))
        days = [(date(2025, 6, 1), date(2025, 6, day)) for day in (1, 3)]
        days += [(date(2025, 6, 5), date(2025, 6, day)) for day in (2, 4)]
        with patch.object(
            type(proposal), "_get_deliveries", lambda self, account: days
        ):
            proposal.action_update_past()
        self.assertEqual((proposal.past_deliveries, proposal.past_on_time), (4, 75))
        self.assertIn("75", self._pages(proposal))
        self.assertIn("Delivered on time", self._pages(proposal))

    def test_it_stays_until_it_is_updated(self):
        proposal = self._proposal()
        self._order("2026-01-10", 1000)
        self._refresh()
        self.assertEqual(proposal.past_purchases, 3)
        proposal.action_update_past()
        self.assertEqual(proposal.past_purchases, 4)

    def test_figures_of_one_customer_are_never_told_to_another(self):
        proposal = self._proposal()
        self.order.partner_id = self._create_customer("Somebody Else")
        page = self._pages(proposal)
        self.assertNotIn("Our cooperation so far", page)
        self.assertNotIn("4,000", page)
        copied = self.order.copy()
        self.assertFalse(copied.kam_proposal_ids.past_purchases)

    def test_new_customer_has_none(self):
        stranger = self._create_customer("Nobody's")
        proposal = self._proposal(self._quotation(partner_id=stranger.id))
        self.assertEqual(proposal.past_purchases, 0)
        self.assertNotIn("Our cooperation so far", self._pages(proposal))

    def test_it_may_be_left_out(self):
        proposal = self._proposal(past_shown=False, past_note="The new plant")
        page = self._pages(proposal)
        self.assertNotIn("Customer since", page)
        self.assertIn("The new plant", page)

    def test_customers_that_are_merged_keep_it(self):
        twin = self._create_customer("Meyer Maschinen")
        order = self._quotation(partner_id=twin.id)
        proposal = self._proposal(order, foreword="Dear all")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin + self.customer).ids, self.customer)
        self.assertEqual(proposal.foreword, "Dear all")
        self.assertEqual(proposal.customer_id, self.customer)
        proposal.action_update_past()
        self.assertEqual(proposal.past_purchases, 3)
