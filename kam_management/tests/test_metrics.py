from datetime import date

import psycopg2

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamCommon


class MetricsCommon(KamCommon):
    """The customer as he is seen on one day, with a window of a year."""

    DAY = "2021-06-01"

    @classmethod
    def _seen(cls, day=None, partner=None, company=None):
        """Return a customer's account as of a day."""
        cls._refresh(as_of=date.fromisoformat(day or cls.DAY))
        return cls._account(partner, company)


@tagged("post_install", "-at_install")
class TestRevenue(MetricsCommon):
    """Revenue of the window and the one before, in the money of our company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency(
            "EUR", rates=[("2020-01-01", 0.5), ("2021-01-01", 0.25)]
        )

    def test_revenue_is_that_of_the_window(self):
        self._order("2020-06-01", 1)  # has just left the window
        self._order("2020-06-02", 20)
        self._order("2021-06-01", 300)
        self._order("2021-06-02", 4000)  # not known yet
        self.assertEqual(self._seen().revenue, 320)

    def test_previous_revenue_is_that_of_the_window_before(self):
        self._order("2019-06-01", 1)
        self._order("2019-06-02", 20)
        self._order("2020-06-01", 300)
        self._order("2020-06-02", 4000)
        self.assertEqual(self._seen().revenue_previous, 320)

    def test_window_is_as_long_as_the_company_says(self):
        self.company.kam_window_months = 3
        self._order("2020-12-02", 20)
        self._order("2021-03-01", 300)
        self._order("2021-03-02", 4000)
        account = self._seen()
        self.assertEqual((account.revenue, account.revenue_previous), (4000, 320))

    def test_order_in_another_currency_counts_at_the_rate_of_its_day(self):
        euros = self.env["product.pricelist"].create(
            {
                "name": "Euro",
                "currency_id": self.euro.id,
                "company_id": self.company.id,
            }
        )
        order = self._order("2020-07-01", 100, pricelist_id=euros.id)
        self.assertEqual(order.currency_id, self.euro)
        self._order("2021-02-01", 100, pricelist_id=euros.id)
        self._order("2021-02-01", 7)
        self.assertEqual(self._seen().revenue, 200 + 400 + 7)

    def test_invoice_in_another_currency_counts_at_the_rate_of_its_day(self):
        self.company.kam_purchase_basis = "invoice"
        self._invoice("2020-07-01", 100, currency_id=self.euro.id)
        self._invoice("2021-02-01", 100, currency_id=self.euro.id)
        self.assertEqual(self._seen().revenue, 200 + 400)

    def test_company_with_another_currency_counts_in_its_own(self):
        abroad = self._create_company("Abroad", currency_id=self.euro.id)
        self.env.user.company_ids |= abroad
        self.customer.company_id = False
        self._order("2021-02-01", 100, company_id=abroad.id)
        account = self._seen(company=abroad)
        self.assertEqual((account.revenue, account.currency_id), (100, self.euro))

    def test_credit_note_lowers_revenue_and_is_no_purchase(self):
        self._order("2021-02-01", 100)
        self._invoice("2021-03-01", 30, move_type="out_refund")
        account = self._seen()
        self.assertEqual(account.revenue, 70)
        self.assertEqual((account.purchase_count, account.average_purchase), (1, 100))
        self.assertEqual(account.last_purchase_date, date(2021, 2, 1))

    def test_credit_note_lowers_revenue_by_invoices_as_well(self):
        self.company.kam_purchase_basis = "invoice"
        self._order("2021-01-01", 1000)
        self._invoice("2021-02-01", 100)
        self._invoice("2021-03-01", 30, move_type="out_refund")
        account = self._seen()
        self.assertEqual((account.revenue, account.purchase_count), (70, 1))
        self.assertEqual(account.level, "new")

    def test_credit_note_of_the_window_before_lowers_its_revenue(self):
        self._order("2020-02-01", 100)
        self._invoice("2020-03-01", 30, move_type="out_refund")
        account = self._seen()
        self.assertEqual((account.revenue, account.revenue_previous), (0, 70))

    def test_credit_note_alone_makes_no_buyer(self):
        self._invoice("2021-03-01", 30, move_type="out_refund")
        account = self._seen()
        self.assertEqual((account.level, account.revenue), ("potential", -30))

    def test_draft_credit_note_changes_nothing(self):
        self._order("2021-02-01", 100)
        self._invoice("2021-03-01", 30, move_type="out_refund").button_draft()
        self.assertEqual(self._seen().revenue, 100)

    def test_invoice_reset_to_draft_reaches_the_account_through_the_queue(self):
        self.company.kam_purchase_basis = "invoice"
        invoice = self._invoice("2021-02-01", 100)
        self._drain()
        self.assertEqual(self._account().purchase_count, 1)
        invoice.button_draft()
        self._drain()
        self.assertEqual(self._account().purchase_count, 0)

    def test_lines_added_to_a_confirmed_order_reach_the_account(self):
        order = self._order(date.today(), 100)
        self._drain()
        self.assertEqual(self._account().revenue, 100)
        order.order_line = [(1, order.order_line.id, {"price_unit": 150})]
        self._drain()
        self.assertEqual(self._account().revenue, 150)


@tagged("post_install", "-at_install")
class TestPurchases(MetricsCommon):
    """How often, how much at a time, and when again."""

    def test_counts_and_dates_are_those_of_the_whole_history(self):
        for day in ("2018-01-01", "2020-01-01", "2021-01-01", "2021-05-01"):
            self._order(day)
        account = self._seen()
        self.assertEqual(account.purchase_count, 4)
        self.assertEqual(account.window_purchase_count, 2)
        self.assertEqual(account.first_purchase_date, date(2018, 1, 1))
        self.assertEqual(account.last_purchase_date, date(2021, 5, 1))

    def test_average_is_that_of_the_purchases_of_the_window(self):
        self._order("2020-01-01", 1000)
        self._order("2021-01-01", 100)
        self._order("2021-02-01", 201)
        self.assertEqual(self._seen().average_purchase, 150.5)

    def test_average_of_no_purchase_is_nothing(self):
        self._order("2019-01-01", 1000)
        self.assertEqual(self._seen().average_purchase, 0)

    def test_next_purchase_is_expected_after_the_usual_interval(self):
        self._order("2021-01-01")
        self._order("2021-01-11")
        self._order("2021-03-02")
        self.assertEqual(self._seen().expected_purchase_date, date(2021, 4, 1))

    def test_several_purchases_on_a_day_make_no_shorter_interval(self):
        """Three intervals were counted between four purchases on two days."""
        for day in ("2021-01-01", "2021-01-01", "2021-01-31", "2021-01-31"):
            self._order(day)
        self.assertEqual(self._seen().expected_purchase_date, date(2021, 3, 2))

    def test_nothing_is_expected_after_a_single_day_of_purchases(self):
        self._order("2021-01-01")
        self.assertFalse(self._seen().expected_purchase_date)
        self._order("2021-01-01")
        self.assertFalse(self._seen().expected_purchase_date)

    def test_order_counts_on_its_day_in_utc(self):
        self.env.user.tz = "Asia/Tokyo"
        self.seller.tz = "Asia/Tokyo"
        order = self._order("2021-05-01")
        order.date_order = "2021-05-01 23:59:59"
        self.assertEqual(self._seen().last_purchase_date, date(2021, 5, 1))
        self.assertEqual(self._seen("2021-05-01").level, "new")
        order.date_order = "2021-05-02 00:00:00"
        self.assertEqual(self._seen().last_purchase_date, date(2021, 5, 2))
        self.assertEqual(self._seen("2021-05-01").level, "potential")

    def test_touch_counts_on_its_day_in_utc(self):
        self._touch("2021-05-01", date="2021-05-01 23:59:59")
        self.assertEqual(self._seen("2021-05-01").last_touch_date, date(2021, 5, 1))
        self.assertEqual(self._seen("2021-04-30").level, "potential")

    def test_companies_of_ours_have_accounts_and_settings_of_their_own(self):
        other = self._create_company("Our Other Company", kam_min_purchases=1)
        self.env.user.company_ids |= other
        self.customer.company_id = False
        self._order("2021-05-01", 100)
        self._order("2021-05-02", 20, company_id=other.id)
        ours, theirs = self._seen(), self._seen(company=other)
        self.assertEqual((ours.revenue, ours.level), (100, "new"))
        self.assertEqual((theirs.revenue, theirs.level), (20, "active"))
        other.kam_purchase_basis = "invoice"
        self.assertEqual(self._seen(company=other).level, "potential")
        self.assertEqual(self._seen().level, "new")


@tagged("post_install", "-at_install")
class TestBuyerPattern(MetricsCommon):
    """A safe source of revenue is active, does not fall off and is not overdue."""

    @classmethod
    def _buy(cls, *purchases):
        """Let the customer buy, each time on a day and for an amount."""
        for day, amount in purchases:
            cls._order(day, amount)

    def test_who_never_bought_has_no_pattern(self):
        self._touch("2021-01-01")
        self.assertFalse(self._seen().buyer_pattern)

    def test_one_purchase_is_a_one_off(self):
        self._buy(("2021-05-01", 100))
        self.assertEqual(self._seen().buyer_pattern, "one_off")

    def test_as_much_as_the_year_before_and_in_time_is_safe(self):
        self._buy(("2020-03-01", 100), ("2021-05-01", 100))
        self.assertEqual(self._seen().buyer_pattern, "safe")

    def test_less_than_the_year_before_is_a_repeat(self):
        self._buy(("2020-03-01", 100), ("2021-05-01", 99))
        self.assertEqual(self._seen().buyer_pattern, "repeat")

    def test_nothing_in_the_year_before_is_a_repeat(self):
        self._buy(("2020-07-01", 100), ("2021-05-01", 100))
        self.assertEqual(self._seen().buyer_pattern, "repeat")

    def test_fewer_purchases_than_regular_needs_is_a_repeat(self):
        self.company.kam_min_purchases = 3
        self._buy(("2020-03-01", 100), ("2021-05-01", 100))
        self.assertEqual(self._seen().buyer_pattern, "repeat")

    def test_customer_at_risk_is_a_repeat(self):
        self.company.kam_window_months = 24
        # every 200 days, so that 500 days of silence are still in time
        self._buy(("2019-01-01", 100), ("2019-07-20", 50), ("2020-02-05", 50))
        self.assertEqual(self._seen("2021-06-19").buyer_pattern, "safe")
        self.assertEqual(self._seen("2021-06-20").buyer_pattern, "repeat")

    def test_quick_rhythm_is_given_fourteen_days(self):
        self.company.kam_window_months = 1
        self._buy(*((f"2021-04-{day}", 50) for day in range(10, 29, 3)))
        self._buy(("2021-05-01", 50))
        self.assertEqual(self._seen("2021-05-15").buyer_pattern, "safe")
        self.assertEqual(self._seen("2021-05-16").buyer_pattern, "repeat")

    def test_customer_is_given_the_time_between_days_not_purchases(self):
        # 300 days between two days, though a hundred a purchase
        self._buy(("2020-03-01", 50), ("2020-03-01", 50))
        self._buy(("2020-12-26", 50), ("2020-12-26", 50))
        self.assertEqual(self._seen("2021-06-01").buyer_pattern, "safe")

    def test_single_day_of_purchases_is_no_rhythm(self):
        self._buy(("2021-05-01", 50), ("2021-05-01", 50))
        self._invoice("2020-03-01", 80, move_type="out_refund")
        self.assertEqual(self._seen().buyer_pattern, "repeat")

    def test_dormant_customer_is_a_repeat(self):
        self._buy(("2019-03-01", 100), ("2020-05-01", 100))
        account = self._seen()
        self.assertEqual((account.level, account.buyer_pattern), ("dormant", "repeat"))

    def test_credit_note_takes_safety_away(self):
        self._buy(("2020-03-01", 100), ("2021-05-01", 100))
        self._invoice("2021-05-15", 10, move_type="out_refund")
        self.assertEqual(self._seen().buyer_pattern, "repeat")


@tagged("post_install", "-at_install")
class TestOpeningBalance(MetricsCommon):
    """Purchases made in an older system count, though their amounts are not known."""

    @classmethod
    def _open(cls, first, last, count):
        """Enter the opening balance of the customer."""
        cls._account().write(
            {
                "opening_first_date": first,
                "opening_last_date": last,
                "opening_count": count,
            }
        )

    def test_purchases_before_odoo_count_without_revenue(self):
        self._open("2015-01-01", "2020-09-01", 5)
        account = self._seen()
        self.assertEqual(account.purchase_count, 5)
        self.assertEqual(account.window_purchase_count, 4)
        self.assertEqual(account.first_purchase_date, date(2015, 1, 1))
        self.assertEqual(account.last_purchase_date, date(2020, 9, 1))
        self.assertEqual((account.level, account.revenue), ("active", 0))

    def test_purchases_before_odoo_write_the_log_of_that_time(self):
        self._open("2015-01-01", "2018-01-01", 2)
        self.assertEqual(
            self._log(self._seen()),
            [
                ("2015-01-01", "potential", "new"),
                ("2016-01-01", "new", "dormant"),
                ("2018-01-01", "dormant", "active"),
                ("2019-01-01", "active", "dormant"),
            ],
        )

    def test_order_after_the_opening_is_one_more(self):
        self._open("2021-01-01", "2021-01-01", 1)
        self._order("2021-05-01", 100)
        account = self._seen()
        self.assertEqual((account.purchase_count, account.level), (2, "active"))
        self.assertEqual((account.revenue, account.average_purchase), (100, 100))

    def test_opening_is_spread_over_the_days_it_covers(self):
        self._open("2021-01-01", "2021-01-31", 4)
        self.assertEqual(self._seen().expected_purchase_date, date(2021, 2, 10))
        self._open("2021-01-01", "2021-01-03", 9)
        # a purchase a day at most
        self.assertEqual(self._seen().expected_purchase_date, date(2021, 1, 4))
        self._open("2021-01-03", "2021-01-03", 9)
        self.assertFalse(self._seen().expected_purchase_date)

    def test_order_on_the_last_day_of_the_opening_is_no_day_of_its_own(self):
        self._open("2021-01-01", "2021-01-31", 2)
        self._order("2021-01-31")
        self.assertEqual(self._seen().expected_purchase_date, date(2021, 3, 2))

    def test_opening_reaches_the_account_through_the_queue(self):
        self._drain()
        self._open("2015-01-01", "2015-01-01", 1)
        self._drain()
        self.assertEqual(self._account().level, "dormant")
        self._open(False, False, 0)
        self._drain()
        self.assertEqual(self._account().level, "potential")

    def test_incomplete_opening_is_refused(self):
        for opening in (
            ("2015-01-01", "2015-01-01", 0),
            ("2015-01-01", False, 1),
            (False, "2015-01-01", 1),
            (False, False, 3),
        ):
            with self.assertRaisesRegex(ValidationError, "Meyer Machines.*together"):
                self._open(*opening)

    def test_last_purchase_before_the_first_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be before"):
            self._open("2015-01-02", "2015-01-01", 2)

    def test_single_purchase_on_two_dates_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "a single purchase has one date"):
            self._open("2015-01-01", "2015-01-02", 1)

    def test_negative_number_is_refused(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError) as caught,
            self.env.cr.savepoint(),
        ):
            self._open("2015-01-01", "2015-01-02", -1)
            self.env.flush_all()
        message = self.env["kam.account"]._sql_error_to_message(caught.exception)
        self.assertIn("cannot be negative", message)
