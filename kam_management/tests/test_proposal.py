from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .proposal_common import ProposalCommon


@tagged("post_install", "-at_install")
class TestProposal(ProposalCommon):
    """A proposal belongs to a quotation: its rights, its copies, its end."""

    def test_button_of_the_quotation_makes_it_once(self):
        order = self.order.with_user(self.anna)
        action = order.action_kam_proposal()
        proposal = self.env["kam.proposal"].browse(action["res_id"])
        self.assertEqual(proposal.order_id, self.order)
        self.assertEqual(order.action_kam_proposal()["res_id"], proposal.id)

    def test_a_quotation_has_one(self):
        self._proposal()
        message = "has a proposal already"
        with self.assertUniqueViolation(message, "kam.proposal"):
            self._proposal()

    def test_who_reads_the_quotation_reads_it_and_who_changes_that_changes_it(self):
        proposal = self._proposal(user=self.anna, foreword="Dear all")
        self.account.member_ids += self.boris
        theirs = proposal.with_user(self.boris)
        self.assertEqual(theirs.foreword, "Dear all")
        self.assertTrue(theirs.search([("id", "=", proposal.id)]))
        with self.assertRaises(AccessError):
            theirs.foreword = "Dear nobody"
        with self.assertRaises(AccessError):
            theirs.argument_ids.create({"proposal_id": proposal.id, "name": "Price"})
        with self.assertRaises(AccessError):
            self._proposal(self._quotation(), user=self.boris)
        self.account.member_ids -= self.boris
        with self.assertRaises(AccessError):
            theirs.invalidate_recordset()
            theirs.read(["foreword"])
        self.assertFalse(theirs.search([("id", "=", proposal.id)]))

    def test_it_stays_with_its_quotation(self):
        proposal = self._proposal()
        other = self._quotation()
        with self.assertRaisesRegex(UserError, "stays with its quotation"):
            proposal.order_id = other
        with self.assertRaisesRegex(UserError, "Duplicate the quotation"):
            proposal.copy()

    def test_duplicated_quotation_takes_it_along(self):
        proposal = self._proposal(foreword="Dear all")
        proposal.argument_ids.create({"proposal_id": proposal.id, "name": "Price"})
        copied = self.order.with_user(self.anna).copy()
        twin = copied.kam_proposal_ids
        self.assertEqual(len(twin), 1)
        self.assertNotEqual(twin, proposal)
        self.assertEqual(twin.foreword, "Dear all")
        self.assertEqual(twin.argument_ids.mapped("name"), ["Price"])
        self.assertEqual(proposal.argument_ids.mapped("name"), ["Price"])

    def test_colleague_without_our_groups_takes_it_along(self):
        self._proposal(foreword="Dear all")
        self.order.user_id = self.seller
        copied = self.order.with_user(self.seller).copy()
        self.assertEqual(copied.sudo().kam_proposal_ids.foreword, "Dear all")
        with self.assertRaises(AccessError):
            self.order.with_user(self.seller).action_kam_proposal()

    def test_several_quotations_are_duplicated_each_with_its_own(self):
        other = self._quotation()
        self._proposal(foreword="One")
        self._proposal(other, foreword="Two")
        copies = (self.order | other).copy()
        texts = [order.kam_proposal_ids.foreword for order in copies]
        self.assertEqual(texts, ["One", "Two"])

    def test_deleted_quotation_takes_it_along(self):
        proposal = self._proposal()
        proposal.member_ids.create(
            {"proposal_id": proposal.id, "user_id": self.anna.id}
        )
        lines = proposal.member_ids
        self.order.unlink()
        self.assertFalse(proposal.exists() or lines.exists())

    def test_cancelled_quotation_keeps_it(self):
        proposal = self._proposal()
        self.order._action_cancel()
        self.assertTrue(proposal.exists())
        self.assertFalse(self.order._get_kam_proposal_pages())
        self.order.action_draft()
        self.assertTrue(self.order._get_kam_proposal_pages())

    def test_figures_of_the_past_are_typed_in_by_nobody(self):
        proposal = self._proposal()
        with self.assertRaisesRegex(AccessError, "Use the buttons"):
            proposal.past_revenue = 5
        with self.assertRaises(AccessError):
            self._proposal(self._quotation(), past_purchases=7)
