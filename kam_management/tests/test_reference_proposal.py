from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .reference_common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestReferenceProposal(ReferenceCommon):
    """Proposals offer the references of the same industry, or for what is quoted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.industry, cls.other = cls.env["res.partner.industry"].create(
            [{"name": "Dairies"}, {"name": "Foundries"}]
        )
        cls.customer.industry_id = cls.industry
        cls.prospect = cls._create_customer("Prospect", industry_id=cls.industry.id)
        cls.quotation = cls.env["sale.order"].create(
            {"partner_id": cls.prospect.id, "user_id": cls.anna.id}
        )

    def _propose(self):
        proposal = self.env["kam.proposal"].create({"order_id": self.quotation.id})
        proposal.action_propose()
        return proposal.reference_ids

    def test_reference_of_the_same_industry_is_offered(self):
        letter = self._give(kind="case", may_be_named=True, text="Half the power")
        line = self._propose()
        self.assertEqual(line.reference_id, letter)
        self.assertEqual(
            (line._get_title(), line.text), (self.customer.name, "Half the power")
        )

    def test_reference_for_the_product_is_offered(self):
        self.prospect.industry_id = self.other
        categ = self.env["product.category"].create({"name": "Air"})
        letter = self._give(kind="case", categ_id=categ.id)
        self.assertFalse(self._propose())
        self.quotation.order_line = [Command.create({"product_id": self.product.id})]
        self.product.categ_id = categ
        self.env["kam.proposal"].search([("order_id", "=", self.quotation.id)]).unlink()
        self.assertEqual(self._propose().reference_id, letter)

    def test_what_is_not_valid_is_not_offered(self):
        letter = self._give(kind="case")
        self._give(kind="recommendation", ask_anyway="Offered")
        letter.valid_until = "2026-06-14"
        self.assertFalse(self._propose())

    def test_who_may_not_be_named_is_not(self):
        self._give(kind="case")
        line = self._propose()
        self.assertEqual(line._get_title(), "A customer in: Dairies")
        with self.assertRaises(ValidationError):
            line.may_be_named = True

    def test_name_is_not_printed_after_the_consent_is_over(self):
        letter = self._give(kind="case", may_be_named=True)
        line = self._propose()
        letter.action_end()
        self.assertEqual(line._get_title(), "A customer in: Dairies")

    def test_reference_typed_in_stays(self):
        proposal = self.env["kam.proposal"].create({"order_id": self.quotation.id})
        line = self.env["kam.proposal.reference"].create(
            {"proposal_id": proposal.id, "name": "A mill", "text": "Flour"}
        )
        self.assertEqual((line.name, line.text), ("A mill", "Flour"))

    def test_name_is_not_printed_after_it_was_taken_back(self):
        letter = self._give(
            kind="case", may_be_named=True, text=f"{self.customer.name} saves power"
        )
        line = self._propose()
        self.assertEqual(line._get_text(), letter.text)
        letter.may_be_named = False
        self.assertEqual(line._get_title(), "A customer in: Dairies")
        self.assertFalse(line._get_text())

    def test_reference_of_a_colleague_is_offered(self):
        letter = self._give(kind="case")
        self.quotation.user_id = self.boris
        self._account(self.prospect).manager_id = self.boris
        self.env.invalidate_all()
        self.assertFalse(self.account.with_user(self.boris).has_access("read"))
        proposal = self.env["kam.proposal"].with_user(self.boris)
        proposal = proposal.create({"order_id": self.quotation.id})
        proposal.action_propose()
        self.assertEqual(proposal.reference_ids.reference_id, letter)
