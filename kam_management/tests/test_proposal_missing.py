from odoo import Command
from odoo.tests import tagged

from .proposal_common import ProposalCommon


@tagged("post_install", "-at_install")
class TestProposalMissing(ProposalCommon):
    """What the people who judge the quotation still miss."""

    def test_each_way_to_decide_asks_for_its_own(self):
        people = self._dossier("Ada Lang", influence="2", argument_style="people")
        expert = self._dossier("Max Vogl", influence="1", argument_style="technical")
        proposal = self._proposal()
        for text in (
            "Judged by status (Beat Frei)",
            "Judged by figures (Eva Brunner): no economic effect yet.",
            "Judged by people (Ada Lang): no reference yet.",
            "Judged by proof (Max Vogl)",
        ):
            self.assertIn(text, proposal.hint)
        proposal.exclusivity = "For you alone"
        proposal.effect_ids = [Command.create({"name": "Gas", "amount_today": 5})]
        proposal.reference_ids = [Command.create({"name": "A dairy"})]
        proposal.criterion_ids = [Command.create({"name": "Price", "answer": "Low"})]
        self.assertNotIn("Judged by", proposal.hint)
        self.assertTrue(people and expert)

    def test_nobody_asks_for_what_nobody_judges_by(self):
        (self.boss + self.buyer).argument_style = False
        proposal = self._proposal()
        self.assertNotIn("Judged by", proposal.hint)
        self.assertIn("Nobody is known who judges it", proposal.hint)

    def test_what_everybody_reads_is_asked_for(self):
        proposal = self._proposal()
        for text in ("guaranteed", "our team", "The library of arguments is empty"):
            self.assertIn(text, proposal.hint)
        self._argument("Saving")
        proposal.invalidate_recordset(["hint", "completeness"])
        self.assertIn("Add what speaks for us", proposal.hint)

    def test_complete_is_a_hundred_percent_without_a_hint(self):
        self._argument("Saving")
        self.lead.kam_stakeholder_ids = self.buyer
        proposal = self._proposal()
        # nothing but that somebody judges it
        self.assertEqual(proposal.completeness, 20)
        proposal.action_propose()
        self.assertEqual(proposal.completeness, 60)
        proposal.validity_date = "2040-01-01"
        proposal.effect_ids = [Command.create({"name": "Gas", "amount_today": 5})]
        self.assertEqual(proposal.completeness, 100)
        self.assertFalse(proposal.hint)
        self.assertEqual(str(self.order.validity_date), "2040-01-01")

    def test_an_effect_that_makes_it_worse_is_none(self):
        self.lead.kam_stakeholder_ids = self.buyer
        proposal = self._proposal()
        proposal.effect_ids = [Command.create({"name": "Gas", "amount_with_us": 5})]
        self.assertIn("no economic effect yet", proposal.hint)
