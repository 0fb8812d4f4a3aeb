from datetime import date

from odoo.tests import tagged

from .common import KamCommon
from .documents import insert


@tagged("post_install", "-at_install")
class TestLevelRule(KamCommon):
    """Where a customer stands as of a day, as DESIGN's rule of levels says."""

    def test_company_without_any_evidence_is_potential(self):
        self.assertStanding("2020-01-01", "potential")
        self.assertFalse(self._log(self._account()))

    def test_touch_makes_potential_customer_engaged_from_its_day_on(self):
        self._touch("2020-03-10")
        self.assertStanding("2020-03-09", "potential")
        self.assertStanding("2020-03-10", "engaged")
        self.assertEqual(
            self._log(self._account()), [("2020-03-10", "potential", "engaged")]
        )

    def test_first_order_makes_engaged_customer_new(self):
        self._touch("2020-03-10")
        self._order("2020-05-01")
        self.assertStanding("2020-05-01", "new")
        self.assertEqual(self._account().level_date, date(2020, 5, 1))

    def test_second_order_makes_new_customer_active(self):
        self._order("2020-05-01")
        self._order("2020-06-01")
        self.assertStanding("2020-05-31", "new")
        self.assertStanding("2020-06-01", "active")

    def test_two_orders_on_first_day_skip_new(self):
        self._touch("2020-04-01")
        self._order("2020-05-01")
        self._order("2020-05-01")
        self.assertStanding("2020-05-01", "active")
        self.assertEqual(
            self._log(self._account()),
            [
                ("2020-04-01", "potential", "engaged"),
                ("2020-05-01", "engaged", "active"),
            ],
        )

    def test_touch_on_day_of_first_order_is_no_step_of_its_own(self):
        self._touch("2020-05-01")
        self._order("2020-05-01")
        self.assertStanding("2020-05-01", "new")
        self.assertEqual(
            self._log(self._account()), [("2020-05-01", "potential", "new")]
        )

    def test_customer_is_dormant_one_window_after_last_order(self):
        self._order("2020-05-01")
        self.assertStanding("2021-04-30", "new")
        self.assertStanding("2021-05-01", "dormant")

    def test_order_on_last_day_of_window_keeps_customer(self):
        self._order("2020-05-01")
        self._order("2021-05-01")
        self.assertStanding("2021-05-01", "active")
        self.assertEqual(
            self._log(self._account()),
            [("2020-05-01", "potential", "new"), ("2021-05-01", "new", "active")],
        )

    def test_dormant_customer_comes_back_with_next_order(self):
        self._order("2020-05-01")
        self._order("2022-05-01")
        self.assertStanding("2022-05-01", "active")
        self.assertEqual(
            self._log(self._account()),
            [
                ("2020-05-01", "potential", "new"),
                ("2021-05-01", "new", "dormant"),
                ("2022-05-01", "dormant", "active"),
            ],
        )

    def test_window_that_ends_in_short_month_ends_the_day_after(self):
        """31 August plus six months is 28 February, which is not yet six months ago
        on that day by the rule last <= D - window: 28 August is before 31 August."""
        self.company.kam_window_months = 6
        self._order("2020-08-31")
        self.assertStanding("2021-02-28", "new")
        self.assertStanding("2021-03-01", "dormant")
        self.assertEqual(
            self._log(self._account())[-1], ("2021-03-01", "new", "dormant")
        )

    def test_cancelled_order_is_no_purchase(self):
        order = self._order("2020-05-01")
        self.assertStanding("2020-06-01", "new")
        order._action_cancel()
        self.assertStanding("2020-06-01", "potential")
        self.assertFalse(self._log(self._account()))

    def test_order_without_value_is_no_purchase(self):
        self._order("2020-05-01", amount=0)
        self.assertStanding("2020-06-01", "potential")

    def test_back_dated_order_moves_history(self):
        self._order("2020-05-01")
        self.assertStanding("2020-06-01", "new")
        self._order("2020-02-01")
        self.assertStanding("2020-06-01", "active")
        self.assertEqual(
            self._log(self._account()),
            [("2020-02-01", "potential", "new"), ("2020-05-01", "new", "active")],
        )

    def test_looking_back_shows_the_log_of_that_day(self):
        self._order("2020-05-01")
        self._order("2020-06-01")
        self.assertStanding("2022-01-01", "dormant")
        self.assertEqual(len(self._log(self._account())), 3)
        self.assertStanding("2020-05-15", "new")
        self.assertEqual(
            self._log(self._account()), [("2020-05-01", "potential", "new")]
        )

    def test_invoice_basis_counts_posted_invoices_only(self):
        self.company.kam_purchase_basis = "invoice"
        self._order("2020-05-01")
        self.assertStanding("2020-06-01", "potential")
        invoice = self._invoice("2020-05-20")
        self.assertStanding("2020-06-01", "new")
        invoice.button_draft()
        self.assertStanding("2020-06-01", "potential")

    def test_contact_stands_for_his_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Ines", "parent_id": self.customer.id}
        )
        self._order("2020-05-01", partner=contact)
        self.assertStanding("2020-05-01", "new")
        self.assertFalse(self.Account.search([("partner_id", "=", contact.id)]))

    def test_step_names_its_cause_and_who_is_credited(self):
        """Who led the account on that day; before anybody did, who made the contact."""
        touch = self._touch("2020-04-01")
        order = self._order("2020-05-01")
        account = self._account()
        account.manager_id = self.boris
        account.term_ids.write({"date_start": "2020-05-01"})
        self._refresh(as_of=date(2021, 6, 1))
        engaged, new, dormant = account.transition_ids.sorted("date")
        self.assertEqual(
            (engaged.trigger_model, engaged.trigger_id, engaged.user_id),
            ("kam.touch", touch.id, self.anna),
        )
        self.assertEqual(
            (new.trigger_model, new.trigger_id, new.user_id),
            ("sale.order", order.id, self.boris),
        )
        self.assertEqual((dormant.trigger_id, dormant.user_id), (0, self.boris))
        self.assertEqual(new.days, 30)
        self.assertEqual(new.action_open_trigger()["res_id"], order.id)

    def test_first_document_of_a_day_is_the_one_with_the_lowest_number(self):
        """Numbers were compared as texts: order 10 came before order 9."""
        for number, user in ((1_000_000_000, self.boris), (999_999_999, self.anna)):
            insert(
                self.env,
                "sale_order",
                id=number,
                name="S",
                company_id=self.company.id,
                partner_id=self.customer.id,
                partner_invoice_id=self.customer.id,
                partner_shipping_id=self.customer.id,
                kam_commercial_partner_id=self.customer.id,
                user_id=user.id,
                state="sale",
                date_order="2020-05-01 12:00:00",
                currency_id=self.company.currency_id.id,
                currency_rate=1,
                amount_untaxed=100,
            )
        self._refresh(as_of=date(2020, 6, 1))
        account = self._account()
        account.manager_id = False
        account.term_ids.unlink()
        self.Account._refresh(account, as_of=date(2020, 6, 1))
        step = account.transition_ids
        self.assertEqual((step.trigger_id, step.user_id), (999_999_999, self.anna))

    def test_oldest_dates_and_highest_numbers_are_counted(self):
        """Days before 1910 once overflowed the hash, and no account was refreshed."""
        account = self._account()
        account.write(
            {
                "opening_first_date": "0202-01-01",
                "opening_last_date": "1900-01-01",
                "opening_count": 2_000_000_000,
            }
        )
        self.assertStanding("2020-01-01", "dormant")
        self.assertEqual(account.purchase_count, 2_000_000_000)

    def test_customer_who_leaves_potential_gets_who_sold_to_him_as_manager(self):
        account = self._account()
        self.assertFalse(account.manager_id)
        self._order("2020-05-01")
        self._refresh()
        self.assertEqual(account.manager_id, self.seller)
        account.manager_id = False
        self._refresh()
        self.assertFalse(account.manager_id, "what a head decided stays")
