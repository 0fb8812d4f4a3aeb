from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintCause(ComplaintCommon):
    """Why customers complain, where, what it costs, and what comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oil, cls.noise = cls.env["kam.complaint.cause"].create(
            [{"name": "Oil"}, {"name": "Noise"}]
        )

    def test_same_cause_at_the_same_customer_is_counted(self):
        other = self._account(self._create_customer("Other"))
        other.manager_id = self.anna
        values = {"cause_id": self.oil.id}
        self._complain(date="2025-06-01 10:00:00", **values)
        self._complain(date="2025-09-01 10:00:00", **values)
        self._complain(date="2026-01-01 10:00:00", **values)
        self._complain(date="2026-06-14 10:00:00", cause_id=self.noise.id)
        self._complain(date="2026-06-14 10:00:00", account_id=other.id, **values)
        third = self._complain(**values)
        self.assertEqual(third.repeat_count, 3)
        self.assertIn("Oil", third.repeat_notice)
        third.cause_id = self.noise
        self.assertEqual(third.repeat_count, 2)
        third.cause_id = False
        self.assertEqual((third.repeat_count, third.repeat_notice), (0, ""))

    def test_first_one_is_no_repetition(self):
        first = self._complain(cause_id=self.oil.id)
        self.assertEqual((first.repeat_count, first.repeat_notice), (1, ""))

    def test_pareto_has_the_most_frequent_cause_first(self):
        for cause, stake in ((self.noise, 10), (self.oil, 20), (self.oil, 30)):
            self._complain(cause_id=cause.id, amount_at_stake=stake)
        groups = self.Complaint._read_group(
            [("account_id", "=", self.account.id)],
            ["cause_id"],
            ["__count", "amount_at_stake:sum"],
            order="__count desc",
        )
        self.assertEqual(groups, [(self.oil, 2, 50), (self.noise, 1, 10)])

    def test_product_says_the_category_and_branch_is_the_customers(self):
        Unit = self.env["kam.customer.unit"]
        mine = Unit.create({"account_id": self.account.id, "name": "North"})
        other = self._account(self._create_customer("Other"))
        theirs = Unit.create({"account_id": other.id, "name": "South"})
        complaint = self._complain(product_id=self.product.id, unit_id=mine.id)
        self.assertEqual(complaint.categ_id, self.product.categ_id)
        with self.assertRaisesRegex(ValidationError, "branches or departments"):
            complaint.sudo().unit_id = theirs

    def test_amounts_are_never_below_zero(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._complain(amount_cost=-1)
