from datetime import date

from odoo import Command
from odoo.tests import tagged

from .news_common import NewsCommon
from .test_health import WEIGHTS


@tagged("post_install", "-at_install")
class TestNewsOfMoney(NewsCommon):
    """What customers owe is news, by whatever entry it comes, moves or goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._owe(500, "2026-02-01")
        cls.owed_ledger = cls._get_owed(cls.invoice).account_id
        cls.transit = cls.env["account.account"].create(
            {
                "code": "199900",
                "name": "Money on the Way",
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )
        cls.bank = cls._create_journal("bank", suspense_account_id=cls.transit.id)
        ways = cls.bank.inbound_payment_method_line_ids
        ways.payment_account_id = cls.transit
        cls.misc = cls._create_journal("general")
        cls.company.write(dict.fromkeys(WEIGHTS, 0))
        cls.company.kam_health_weight_invoices = 100

    @classmethod
    def _create_journal(cls, kind, **values):
        return cls.env["account.journal"].create(
            {
                "name": kind,
                "code": f"K{kind[:3]}",
                "type": kind,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _get_owed(cls, move):
        """Return the items of a move that say what is owed."""
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _book(self, partner=None, amount=400):
        """Return an entry by which a customer owes money since March."""
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.misc.id,
                "date": "2026-03-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.owed_ledger.id,
                            "partner_id": (partner or self.customer).id,
                            "debit": amount,
                            "date_maturity": "2026-03-01",
                        }
                    ),
                    Command.create({"account_id": self.transit.id, "credit": amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def _pay(self, amount):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        values = {"amount": amount, "journal_id": self.bank.id}
        return wizard.create(values)._create_payments()

    def _set_against(self, statement):
        """Return the commands by which money is no more unknown, but of the customer."""
        unknown = statement.move_id.line_ids.filtered("credit")
        paid = {
            "account_id": self.owed_ledger.id,
            "partner_id": self.customer.id,
            "credit": statement.amount,
        }
        return [Command.delete(unknown.id), Command.create(paid)]

    def test_entry_is_booked_and_reset(self):
        self.assertNews(self._book)
        entry = self._book()
        self.assertNews(entry.button_draft)

    def test_receipt_is_booked_and_reset(self):
        receipt = self._invoice("2026-03-01", 300, move_type="out_receipt")
        self.assertNews(receipt.button_draft)
        self.assertNews(receipt.action_post)

    def test_item_goes_to_another_customer(self):
        item = self._get_owed(self._book())
        self.assertNews(lambda: item.write({"partner_id": self.other.id}))

    def test_item_goes_to_another_account(self):
        item = self._get_owed(self._book())
        self.assertNews(lambda: item.write({"account_id": self.transit.id}))

    def test_account_says_no_more_what_customers_owe_by_trade(self):
        self.assertNews(lambda: self.owed_ledger.write({"non_trade": True}))

    def test_contact_takes_debts_along(self):
        person = self._person("Mo")
        self._book(person)
        self.assertNews(lambda: person.write({"parent_id": self.other.id}))
        self.assertEqual(self.account.health, 95)

    def test_contact_becomes_a_company_with_debts(self):
        person = self._person("Mo")
        self._book(person)
        self.assertNews(lambda: person.write({"is_company": True}))

    def test_invoice_is_due_later_and_blocked(self):
        self.assertNews(self.invoice.action_toggle_block_payment)
        self.assertNews(self.invoice.action_toggle_block_payment)
        self.assertNews(lambda: self.invoice.write({"invoice_date_due": "2026-09-01"}))

    def test_payments_come_and_go(self):
        self.assertNews(lambda: self._pay(200))
        payment = self._pay(300)
        self.assertNews(payment.action_draft)
        self.assertNews(payment.action_post)
        self.assertNews(self.invoice.button_draft)

    def test_statement_is_set_against_what_is_owed(self):
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": date(2026, 6, 1),
                "amount": 300,
                "partner_id": self.customer.id,
                "payment_ref": "Paid",
            }
        )
        move = statement.move_id.with_context(
            force_delete=True, skip_readonly_check=True
        )
        self.assertNews(lambda: move.write({"line_ids": self._set_against(statement)}))
        self.assertNews(statement.action_undo_reconciliation)
        move.write({"line_ids": self._set_against(statement)})
        self.assertNews(statement.unlink)
