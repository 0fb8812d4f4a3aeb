from datetime import date

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KamCommon

DAY = "2021-06-30"


@tagged("post_install", "-at_install")
class TestSegments(KamCommon):
    """A, B and C customers: the few that bring most of the revenue, and the others."""

    def _sell(self, *amounts):
        """Return the accounts of new customers who bought for these amounts."""
        customers = [
            self._create_customer(f"Customer {number}")
            for number, _amount in enumerate(amounts)
        ]
        for customer, amount in zip(customers, amounts, strict=True):
            self._order("2021-06-01", amount, partner=customer)
        self._refresh(as_of=date.fromisoformat(DAY))
        return [self._account(customer) for customer in customers]

    def assertSegments(self, amounts, expected):
        accounts = self._sell(*amounts)
        self.assertEqual("".join(a.segment or "-" for a in accounts), expected)

    def test_customer_is_in_the_class_where_those_before_him_end(self):
        # cumulated share of those before: 0, 50, 79, 94, 99 %
        self.assertSegments((50, 29, 15, 5, 1), "aaabc")

    def test_share_of_those_before_that_is_the_limit_itself_is_beyond_it(self):
        # 0, 80, 95 %
        self.assertSegments((80, 15, 5), "abc")

    def test_order_of_the_names_means_nothing(self):
        self.assertSegments((5, 15, 80), "cba")

    def test_single_customer_is_a(self):
        self.assertSegments((1,), "a")

    def test_customers_with_the_same_revenue_are_in_the_same_segment(self):
        # the second of the twins has 88 % before him, the first 78 %
        self.assertSegments((78, 10, 10, 2), "aaac")

    def test_place_by_revenue_is_shared_by_those_with_the_same(self):
        accounts = self._sell(10, 50, 10, 2)
        self.assertEqual([account.rank for account in accounts], [2, 1, 2, 4])
        accounts[3].invalidate_recordset()
        self.assertEqual(accounts[3].rank, 4, "alone as among the others")
        self._touch("2021-06-02")
        self.assertEqual((self._account().rank, self._account().group_rank), (0, 0))

    def test_group_is_placed_by_what_its_customers_bring_together(self):
        accounts = self._sell(30, 50, 25)
        # companies of a group are customers of their own
        accounts[2].partner_id.parent_id = accounts[0].partner_id
        self._refresh(as_of=date.fromisoformat(DAY))
        self.assertEqual([account.group_rank for account in accounts], [1, 2, 1])
        self.assertEqual([account.rank for account in accounts], [2, 1, 3])

    def test_group_is_placed_with_what_its_customers_bring_back(self):
        accounts = self._sell(60, 50, 25)
        accounts[2].partner_id.parent_id = accounts[0].partner_id
        self._refresh(as_of=date.fromisoformat(DAY))
        accounts[2].sudo().revenue = -20
        self.assertEqual([account.group_rank for account in accounts], [2, 1, 0])
        self.assertEqual([account.rank for account in accounts], [1, 2, 0])

    def test_limits_are_those_of_the_company(self):
        self.company.write({"kam_segment_a": 40, "kam_segment_b": 60})
        self.assertSegments((50, 29, 15, 5, 1), "abccc")

    def test_who_never_bought_has_no_segment(self):
        self._touch("2021-06-02")
        self._sell(10)
        account = self._account()
        self.assertFalse(account.segment)
        self.assertEqual(account.share, 0)

    def test_who_has_bought_nothing_within_the_window_is_c(self):
        self._order("2019-01-01", 10_000)
        self._sell(10)
        self.assertEqual(self._account().segment, "c")

    def test_who_brought_more_back_than_they_bought_is_c_and_lowers_what_all_bring(
        self,
    ):
        self._order("2021-05-01", 100)
        self._invoice("2021-05-02", 150, move_type="out_refund")
        [other] = self._sell(250)
        account = self._account()
        self.assertEqual(account.revenue, -50)
        self.assertEqual((account.segment, account.share), ("c", -0.25))
        self.assertEqual((other.segment, other.share), ("a", 1.25))

    def test_shares_of_nothing_are_none(self):
        self._order("2021-05-01", 100)
        self._invoice("2021-05-02", 500, move_type="out_refund")
        [other] = self._sell(10)
        self.assertEqual(self._account().share, 0)
        self.assertEqual((other.segment, other.share), ("a", 0))

    def test_shares_are_parts_of_all_revenue(self):
        accounts = self._sell(50, 30, 20)
        self.assertEqual([account.share for account in accounts], [0.5, 0.3, 0.2])

    def test_group_adds_up_under_its_topmost_company(self):
        holding = self._create_customer("Holding")
        middle = self._create_customer("Middle", parent_id=holding.id)
        lowest = self._create_customer("Lowest", parent_id=middle.id)
        self._order("2021-06-01", 30, partner=middle)
        self._order("2021-06-01", 20, partner=lowest)
        [other] = self._sell(50)
        for partner in (holding, middle, lowest):
            account = self._account(partner)
            self.assertEqual(account.group_partner_id, holding)
            self.assertEqual(account.group_share, 0.5)
        self.assertEqual(self._account(lowest).share, 0.2)
        self.assertEqual(other.group_partner_id, other.partner_id)
        self.assertEqual(other.group_share, other.share)

    def test_companies_of_ours_are_apart(self):
        sister = self._create_company("Sister")
        self.env.user.company_ids |= sister
        self._sell(10, 1)
        account = self._account(self.customer, sister)
        self._refresh(as_of=date.fromisoformat(DAY))
        self.assertFalse(account.segment)

    def test_refresh_of_some_leaves_the_comparison_to_the_night(self):
        first, second = self._sell(50, 10)
        self.assertEqual((first.segment, second.segment), ("a", "b"))
        self._order("2021-06-02", 300, partner=second.partner_id)
        self.Account._refresh(second, as_of=date.fromisoformat(DAY))
        self.assertEqual((second.revenue, second.segment), (310, "b"))
        self._refresh(as_of=date.fromisoformat(DAY))
        self.assertEqual((first.segment, second.segment), ("b", "a"))

    def test_first_purchase_is_c_until_the_night(self):
        self._sell(50)
        self._order("2021-06-02", 1000)
        account = self._account()
        self.Account._refresh(account, as_of=date.fromisoformat(DAY))
        self.assertEqual(account.segment, "c")
        self._refresh(as_of=date.fromisoformat(DAY))
        self.assertEqual(account.segment, "a")

    def test_customer_who_joins_a_group_is_shown_in_it_at_once(self):
        holding = self._create_customer("Holding")
        self._sell(10)
        self.customer.parent_id = holding
        self._drain()
        self.assertEqual(self._account().group_partner_id, holding)

    def test_limits_in_the_wrong_order_are_refused(self):
        for limits in ((95, 80), (0, 95), (80, 101), (80, 80)):
            with (
                self.subTest(limits=limits),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.company.write(
                    {"kam_segment_a": limits[0], "kam_segment_b": limits[1]}
                )
