from contextlib import suppress
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestQueue(KamCommon):
    """Business appends events; a cron takes them and refreshes their accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Event = cls.env["kam.account.event"]
        cls.cron = cls.env.ref("kam_management.ir_cron_process_events")
        cls.other = cls._create_customer("Other Customer")
        cls.account, cls.other_account = cls._account(), cls._account(cls.other)

    def setUp(self):
        super().setUp()
        self._commit()
        self._clear()

    # Who reports

    def test_order_reports_its_customer_when_made_confirmed_and_cancelled(self):
        order = self._make_order()
        self.assertReported(self.customer)
        order.action_confirm()
        self.assertReported(self.customer)
        order._action_cancel()
        self.assertReported(self.customer)
        order.action_draft()
        self._clear()
        order.unlink()
        self.assertReported(self.customer)

    def test_order_that_moves_to_another_day_or_customer_reports_both(self):
        order = self._order("2020-05-01")
        self._clear()
        order.date_order = "2020-04-01"
        self.assertReported(self.customer)
        order.with_context(mail_notrack=True).partner_id = self.other
        self.assertReported(self.customer, self.other)

    def test_document_that_gets_another_salesperson_reports_its_customer(self):
        order, invoice = self._make_order(), self._invoice("2020-05-01")
        self._clear()
        order.user_id = self.anna
        self.assertReported()
        order.action_confirm()
        self._clear()
        order.user_id = self.boris
        self.assertReported(self.customer)
        invoice.invoice_user_id = self.boris
        self.assertReported(self.customer)

    def test_contact_reports_his_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Ines", "parent_id": self.customer.id}
        )
        self._clear()
        self._make_order(partner_id=contact.id)
        self.assertReported(self.customer)

    def test_invoice_and_credit_note_report_when_posted_reset_and_cancelled(self):
        for move_type in ("out_invoice", "out_refund"):
            move = self._invoice("2020-05-01", move_type=move_type)
            self.assertReported(self.customer)
            move.button_draft()
            self.assertReported(self.customer)
            move.action_post()
            self._clear()
            move.button_draft()
            move.button_cancel()
            self.assertReported(self.customer)

    def test_invoice_that_moves_to_another_customer_reports_both(self):
        move = self._invoice("2020-05-01")
        self._clear()
        move.with_context(skip_readonly_check=True).partner_id = self.other
        self.assertReported(self.customer, self.other)

    def test_draft_of_an_order_reports_what_its_lines_say(self):
        """A draft beside an order counts as billed anew, whoever it is made out to."""
        self._sale_journal().default_account_id = self._income_account()
        order = self._order("2020-05-01")
        order.order_line.qty_delivered = 1
        move = order._create_invoices()
        move.partner_id = self.other
        self._clear()
        line = move.invoice_line_ids
        move.invoice_line_ids = [Command.update(line.id, {"price_unit": 3})]
        self.assertReported(self.customer, self.other)
        move.invoice_line_ids = [Command.create({"name": "Freight", "price_unit": 1})]
        self.assertReported(self.customer, self.other)
        move.invoice_line_ids = [Command.delete(line.id)]
        self.assertReported(self.customer, self.other)
        move.invoice_line_ids = [Command.create({"name": "Toll", "price_unit": 1})]
        self.assertReported()

    def test_vendor_bill_reports_nobody(self):
        journal = {"name": "Purchases", "code": "KAMP", "type": "purchase"}
        journal = self._sale_journal().create(
            {**journal, "company_id": self.company.id}
        )
        self._clear()
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.customer.id,
                "journal_id": journal.id,
            }
        )
        bill.button_cancel()
        self.assertReported()

    def test_touch_reports_when_made_moved_redated_and_deleted(self):
        touch = self._touch("2020-05-01")
        self.assertReported(self.customer)
        touch.date = "2020-04-01"
        self.assertReported(self.customer)
        touch.account_id = self.other_account
        self.assertReported(self.customer, self.other)
        touch.summary = "About prices"
        self.assertReported()
        touch.unlink()
        self.assertReported(self.other)

    def test_merged_partners_report_the_one_that_stays(self):
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer + self.other).ids, self.customer)
        self.assertReported(self.customer)

    def test_documents_without_customer_report_nobody(self):
        self.Event._append(
            [
                (self.company, self.env["res.partner"]),
                (self.env["res.company"], self.customer),
            ]
        )
        self.assertReported()

    def test_what_is_taken_back_reports_nobody(self):
        with suppress(ZeroDivisionError), self.env.cr.savepoint():
            self._make_order(partner_id=self._create_customer("Never Was").id)
            raise ZeroDivisionError  # whatever goes wrong
        self.assertReported()

    def test_customer_deleted_before_the_commit_reports_nobody(self):
        partner = self._create_customer("Gone")
        self._clear()
        self.Event._append([(self.company, partner), (self.company, self.other)])
        partner.unlink()
        self.assertReported(self.other)

    # What it costs

    def test_loop_over_documents_costs_one_query_in_all(self):
        def count():
            leads = self.env["crm.lead"].create(
                [
                    {"name": f"Lead {n}", "partner_id": self.customer.id}
                    for n in range(5)
                ]
            )
            self._commit()
            before = self.cr.sql_log_count
            for lead in leads:
                lead.partner_id = self.other
                lead.flush_recordset()
            self._commit()
            return self.cr.sql_log_count - before

        count()  # fills caches
        with patch.object(type(self.Event), "_append", lambda self, pairs: None):
            without = count()
        self.assertLessEqual(count() - without, 1)
        self.assertReported(self.customer, self.other)

    def test_queue_is_looked_at_every_minute(self):
        self.assertTrue(self.cron.active)
        interval = (self.cron.interval_number, self.cron.interval_type)
        self.assertEqual(interval, (1, "minutes"))

    def test_confirming_an_order_costs_one_query_and_wakes_nobody(self):
        self._make_order().action_confirm()  # fills caches
        self._commit()
        with patch.object(type(self.Event), "_append", lambda self, pairs: None):
            without = self._count_confirmation_queries()
        self.assertLessEqual(self._count_confirmation_queries() - without, 1)
        self.assertReported(self.customer)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        self.assertFalse(triggers)

    # Working on it

    def test_batch_refreshes_the_accounts_with_news_and_no_others(self):
        self._order("2020-05-01")
        self._order("2020-05-01", partner=self.other)
        self._events(self.other).unlink()
        self.assertTrue(self.Event._process_batch(100))
        self.assertTrue(self.account.purchase_count)
        self.assertFalse(self.other_account.purchase_count)
        self.assertReported()

    def test_events_of_one_transaction_are_appended_once(self):
        """Odoo flushes before each savepoint: a form saved in steps is one news."""
        for _step in range(2):
            self.Event._append([(self.company, self.customer)])
            self.cr.flush()
        self.assertEqual(self.Event.search_count([]), 1)
        self.assertEqual(self.Event._process_batch(2), 1)
        self.Event._append([(self.company, self.customer)])
        self.cr.flush()
        self.assertEqual(self.Event.search_count([]), 1, "taken, so it is news again")

    def test_event_taken_back_is_appended_again(self):
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            self.Event._append([(self.company, self.customer)])
            self.cr.flush()
            raise ZeroDivisionError
        self.Event._append([(self.company, self.customer)])
        self.cr.flush()
        self.assertEqual(self.Event.search_count([]), 1)

    def test_batches_take_the_oldest_events_first(self):
        for partner in (self.other, self.customer, self.customer):
            self.Event._append([(self.company, partner)])
            self._commit()
        self.assertEqual(self.Event._process_batch(2), 2)
        self.assertEqual(self.Event.search([]).partner_id, self.customer)
        self.assertEqual(self.Event._process_batch(2), 1)
        self.assertEqual(self.Event._process_batch(2), 0)

    def test_customer_without_account_gets_one(self):
        stranger = self.env["res.partner"].create({"name": "Ines"})
        self.Event._append([(self.company, stranger)])
        self.Event._process_batch(100)
        self.assertFalse(self.Account._get_for(self.company, stranger))
        self._order("2020-05-01", partner=stranger)
        self.Event._process_batch(100)
        self.assertTrue(self.Account._get_for(self.company, stranger).purchase_count)

    def test_events_of_a_deleted_partner_are_gone_with_him(self):
        stranger = self._create_customer("Stranger")
        self.Event._append([(self.company, stranger), (self.company, self.customer)])
        stranger.unlink()
        self.assertEqual(self.Event._process_batch(100), 1)

    def test_failing_refresh_keeps_the_events(self):
        self._touch("2020-05-01")
        failing = patch.object(
            type(self.env["kam.engine"]), "_run", side_effect=UserError("No way")
        )
        with self.assertRaises(UserError), failing:
            self.Event._process_batch(100)
        self.assertReported(self.customer)

    def test_cron_drains_the_queue_batch_by_batch(self):
        for partner in (self.customer, self.other):
            self._order("2020-05-01", partner=partner)
        batches = []
        process = type(self.Event)._process

        def count(model, events):
            batches.append(process(model, events))
            return batches[-1]

        module = "odoo.addons.kam_management.models.engine.kam_account_event_drain"
        with (
            patch(f"{module}.EVENTS_PER_BATCH", 1),
            patch.object(type(self.Event), "_process", count),
        ):
            self._run_cron()
        self.assertGreater(len(batches), 1)
        self.assertEqual({*batches}, {1})
        self.assertTrue(
            self.account.purchase_count and self.other_account.purchase_count
        )

    def test_cron_run_twice_writes_nothing_the_second_time(self):
        self._order("2020-05-01")
        self._run_cron()
        self.assertReported()
        written = self._get_row_versions()
        self.Event._append([(self.company, self.customer)])
        self._run_cron()
        self.assertEqual(self._get_row_versions(), written)
        self.assertReported()

    def test_nightly_cron_finds_what_was_written_past_odoo(self):
        self._order("2020-05-01")
        self._clear()
        self.cr.execute(
            "UPDATE sale_order SET kam_commercial_partner_id = NULL"
            " WHERE kam_commercial_partner_id = %s",
            [self.customer.id],
        )
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("kam_management.ir_cron_refresh").method_direct_trigger()
        self.assertTrue(self.account.purchase_count)

    # Words

    def assertReported(self, *partners, clear=True):
        """Assert which customers the queue holds, and empty it."""
        self._commit()
        self.assertEqual({*self.Event.search([]).partner_id}, {*partners})
        if clear:
            self._clear()

    def _events(self, partner):
        self._commit()
        return self.Event.search([("partner_id", "=", partner.id)])

    def _clear(self):
        self._forget_news()

    def _commit(self):
        """Do what a commit does, but write the data."""
        self.env.flush_all()
        self.cr.flush()
        self.cr.cache.clear()

    def _run_cron(self):
        self._commit()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def _get_row_versions(self):
        """Return where the rows of account and log lie: elsewhere once written."""
        self.env.flush_all()
        self.cr.execute(
            """
            SELECT ctid FROM kam_account WHERE id = %(id)s UNION ALL
            SELECT ctid FROM kam_level_transition WHERE account_id = %(id)s
            """,
            {"id": self.account.id},
        )
        return self.cr.fetchall()

    def _make_order(self, **values):
        line = {"product_id": self.product.id, "price_unit": 100, "tax_ids": False}
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "user_id": self.seller.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )

    def _count_confirmation_queries(self):
        """Return the number of queries of confirming one order, commit included."""
        order = self._make_order()
        self._commit()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        order.action_confirm()
        self._commit()
        return self.cr.sql_log_count - before
