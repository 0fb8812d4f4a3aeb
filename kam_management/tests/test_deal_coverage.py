from datetime import datetime, timedelta

from odoo.tests import tagged

from .deal_common import DealCommon


@tagged("post_install", "-at_install")
class TestDealCoverage(DealCommon):
    """Of the people of a deal: who decides, supports and uses is known and met."""

    def _meet(self, *dossiers):
        for dossier in dossiers:
            self.env["kam.touch"].create(
                {
                    "account_id": dossier.account_id.id,
                    "partner_id": dossier.partner_id.id,
                    "date": datetime.now() - timedelta(days=1),
                }
            )

    def assertGaps(self, count, words, deal=None):
        deal = deal or self.deal
        deal.invalidate_recordset()
        self.assertEqual(deal.kam_coverage_gap_count, count)
        self.assertIn(words, deal.kam_coverage_checklist)

    def test_a_deal_without_a_team_asks_for_one(self):
        self._meet(self._dossier("Ada", "decides uses sponsor"))
        self.assertGaps(3, "Choose who decides")
        self.assertEqual(self.account.coverage_gap_count, 0, "the account is covered")

    def test_only_the_people_of_the_deal_count(self):
        ada, bob = self._dossier("Ada", "decides"), self._dossier("Bob", "uses sponsor")
        self._meet(ada, bob)
        self.lead.kam_stakeholder_ids = ada
        self.assertGaps(2, "not known: find out who it is")
        self.lead.kam_stakeholder_ids += bob
        self.assertGaps(0, "known and met")

    def test_who_was_not_met_is_a_gap(self):
        self.lead.kam_stakeholder_ids = self._dossier("Ada", "decides uses sponsor")
        self.assertGaps(3, "not met in 90 days")

    def test_who_departed_without_successor_is_a_gap(self):
        ada = self._dossier("Ada", "decides uses sponsor")
        self._meet(ada)
        self.lead.kam_stakeholder_ids = ada
        departure = self.env["kam.stakeholder.departure"].create(
            {"stakeholder_id": ada.id}
        )
        departure.action_apply()
        self.assertGaps(4, "departed, no successor")

    def test_many_deals_take_one_query(self):
        ada = self._dossier("Ada", "decides")
        deals = self.lead + self._deal() + self._deal()
        deals.kam_stakeholder_ids = ada
        self.env.flush_all()
        deals.sudo().kam_account_id.mapped("company_id")
        with self.assertQueryCount(1):
            self.assertEqual(len(deals._get_kam_coverage()), 3)
