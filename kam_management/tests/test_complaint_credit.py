from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .complaint_common import ComplaintCommon

REVERSAL = "account.move.reversal"


@tagged("post_install", "-at_install")
class TestComplaintCredit(ComplaintCommon):
    """An order is credited from its complaint, by Odoo's own credit note."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order("2026-06-01")
        cls._sale_journal()
        cls.order.order_line.product_id.property_account_income_id = (
            cls._income_account()
        )
        cls.invoice = cls.order._create_invoices(final=True)
        cls.invoice.invoice_date = "2026-06-02"
        cls.anna.group_ids |= cls.env.ref("account.group_account_invoice")
        cls.complaint = cls._complain(order_id=cls.order.id)

    def test_credit_note_is_linked(self):
        self.invoice.action_post()
        action = self.complaint.action_credit()
        self.assertEqual(action["res_model"], REVERSAL)
        Reversal = self.env[REVERSAL].with_user(self.anna)
        wizard = Reversal.with_context(**action["context"]).create(
            {"journal_id": self.invoice.journal_id.id}
        )
        self.assertEqual(wizard.reason, "Oil in the air")
        wizard.reverse_moves()
        credit = self.complaint.credit_ids
        self.assertEqual(credit.reversed_entry_id, self.invoice)
        action = self.complaint.action_view_credits()
        self.assertEqual(self.env["account.move"].search(action["domain"]), credit)

    def test_other_invoices_are_not_linked(self):
        self.invoice.action_post()
        other = self._invoice("2026-06-01", partner=self._create_customer("Rival"))
        context = {**self.complaint.action_credit()["context"], "active_ids": other.ids}
        Reversal = self.env[REVERSAL].with_user(self.anna)
        journal = {"journal_id": other.journal_id.id}
        Reversal.with_context(**context).create(journal).reverse_moves()
        self.assertFalse(self.complaint.credit_ids)

    def test_without_posted_invoice_it_says_so(self):
        with self.assertRaisesRegex(UserError, "no posted invoice"):
            self.complaint.action_credit()

    def test_without_accounting_rights_there_is_no_credit(self):
        self.invoice.action_post()
        self.account.member_ids = self.boris
        mine = self.complaint.with_user(self.boris)
        view = mine.get_view(view_type="form")["arch"]
        self.assertNotIn("action_credit", view)
        self.assertIn(
            "action_credit", self.complaint.get_view(view_type="form")["arch"]
        )
        with self.assertRaises(AccessError):
            mine.read(["credit_ids"])
        with self.assertRaises(AccessError):
            mine.action_view_credits()
        with self.assertRaises(AccessError):
            mine.action_credit()
