from datetime import date

from odoo import Command
from odoo.tests import tagged

from .news_common import NewsCommon
from .test_night import START


@tagged("post_install", "-at_install")
class TestNewsOfInvoices(NewsCommon):
    """What is billed of orders is news by whatever way lines are written."""

    def _line(self, price, orders=None):
        """Return the command that makes a line, which may bill lines of orders."""
        values = {
            "name": "Compressor",
            "price_unit": price,
            "tax_ids": False,
            "account_id": self._income_account().id,
        }
        if orders:
            values["sale_line_ids"] = [Command.set(orders.order_line.ids)]
        return Command.create(values)

    def _draft(self, partner, *lines):
        return self.env["account.move"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "move_type": "out_invoice",
                "journal_id": self._sale_journal().id,
                "invoice_line_ids": list(lines),
            }
        )

    def _bill_anew(self):
        """Return a draft that bills anew a part of what was credited of an order."""
        order = self._order("2026-06-05", 1000)
        for move_type, price in (("out_invoice", 1000), ("out_refund", 400)):
            lines = [self._line(price, order)]
            self._invoice("2026-06-06", move_type=move_type, invoice_line_ids=lines)
        return self._draft(self.customer, self._line(100, order))

    def _bill_mother(self):
        """Return an order of a branch; its mother was billed it, and something else."""
        order = self._order("2026-06-05", 1000, partner=self.other)
        lines = [self._line(100), self._line(300, order)]
        self._invoice("2026-06-07", invoice_line_ids=lines)
        order._action_cancel()
        return order

    def assertNewAccount(self, person, act):
        """Somebody unknown becomes a customer, with an account by the night."""
        self._settle()
        act()
        self._pass(START)
        self.assertTrue(self.Account._get_for(self.company, person))
        self._prove(START)

    def test_line_of_a_draft_costs_more(self):
        draft = self._bill_anew()
        self.assertNews(lambda: draft.invoice_line_ids.write({"price_unit": 300}))

    def test_line_of_a_draft_is_deleted(self):
        self.assertNews(self._bill_anew().invoice_line_ids.unlink)

    def test_line_is_added_to_a_draft(self):
        draft = self._bill_anew()
        _command, _id, values = self._line(100, draft.line_ids.sale_line_ids.order_id)
        Line = self.env["account.move.line"]
        self.assertNews(lambda: Line.create({"move_id": draft.id, **values}))

    def test_draft_is_deleted(self):
        self.assertNews(self._bill_anew().unlink)

    def test_invoice_turns_out_to_bill_an_order(self):
        order, invoice = (
            self._order("2026-06-05", 1000),
            self._invoice("2026-06-07", 400),
        )
        line = invoice.invoice_line_ids
        self.assertNews(lambda: line.write({"sale_line_ids": order.order_line.ids}))

    def test_order_turns_out_to_be_billed(self):
        order, invoice = (
            self._order("2026-06-05", 1000),
            self._invoice("2026-06-07", 400),
        )
        lines = invoice.invoice_line_ids.ids
        self.assertNews(lambda: order.order_line.write({"invoice_lines": lines}))

    def test_order_billed_to_the_mother_is_deleted(self):
        self.assertNews(self._bill_mother().unlink)

    def test_line_billed_to_the_mother_is_deleted(self):
        order = self._bill_mother()
        order.action_draft()
        self.assertNews(order.order_line.unlink)

    def test_draft_names_somebody_unknown(self):
        first, second = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        self.assertNewAccount(first, lambda: self._draft(first, self._line(5)))
        draft = self._draft(first, self._line(5))
        self.assertNewAccount(second, lambda: draft.write({"partner_id": second.id}))

    def test_lead_becomes_one_of_another_company(self):
        person = self.env["res.partner"].create({"name": "A"})
        sister = self._create_company("Sister")
        nobody = {"team_id": False, "company_id": False, "user_id": self.seller.id}
        self._lead(partner_id=person.id).write(nobody)
        self._settle()
        self.seller.company_ids |= sister
        self.seller.company_id = sister
        self._pass(START)
        self.assertTrue(self.Account._get_for(sister, person))
        self._prove(START)

    def test_credit_note_of_another_customer_reverses_an_invoice(self):
        invoice = self._invoice("2026-06-02", 500)
        credit = {"move_type": "out_refund", "reversed_entry_id": invoice.id}
        credit = self._invoice("2026-06-03", 500, partner=self.other, **credit)
        invoice.line_ids.remove_move_reconcile()
        self._settle()
        count = self.account.purchase_count
        self._order("2026-06-08", 10)
        self._pass(START)
        self.assertEqual(self.account.purchase_count, count + 1)
        self._prove(START)
        self.assertNews(credit.button_draft)
        self.assertEqual(self.account.purchase_count, count + 2)

    def test_complaint_goes_to_the_first_of_another_company(self):
        sister = self._create_company("Sister")
        self.env.user.company_ids |= sister
        shared = self._create_customer("Shared", company_id=False)
        complaint = self._complain(user_id=self.env.uid)
        there = self._account(shared, sister)
        self.assertNews(lambda: complaint.write({"account_id": there.id}))

    def test_leap_day_and_ends_of_short_months(self):
        for day, partner in (("2023-02-28", None), ("2024-02-29", self.other)):
            self._order(day, 20, partner=partner)
        for start in (date(2024, 2, 27), date(2025, 2, 26), date(2025, 3, 29)):
            for months in (1, 12):
                self.company.kam_window_months = months
                self._settle(start)
                for day in range(start.toordinal() + 1, start.toordinal() + 5):
                    self._pass(date.fromordinal(day))
                    self._prove(date.fromordinal(day))
