from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestTeamDocuments(KamCommon):
    """Who has a role on an account reads what colleagues did for this customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.order = cls._order("2020-05-01")  # the seller's
        cls.invoice = cls._invoice("2020-05-02")
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Second line",
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "user_id": cls.seller.id,
                "type": "opportunity",
            }
        )
        cls._refresh()

    def _documents(self):
        return self.order, self.order.order_line, self.invoice, self.lead

    def test_manager_of_account_reads_documents_of_colleagues(self):
        for records in self._documents():
            with self.subTest(model=records._name):
                records.with_user(self.anna).check_access("read")

    def test_manager_of_account_changes_nothing_of_colleagues(self):
        for records in self._documents():
            with self.subTest(model=records._name), self.assertRaises(AccessError):
                records.with_user(self.anna).check_access("write")

    def test_outsider_reads_nothing_of_colleagues(self):
        for records in self._documents():
            with self.subTest(model=records._name), self.assertRaises(AccessError):
                records.with_user(self.boris).check_access("read")

    def test_manager_finds_as_many_orders_as_the_account_counts(self):
        action = self.account.with_user(self.anna).action_view_orders()
        orders = self.env["sale.order"].with_user(self.anna).search(action["domain"])
        self.assertEqual(orders, self.order)
        self.assertEqual(len(orders), self.account.with_user(self.anna).order_count)

    def test_role_in_one_company_opens_nothing_of_another(self):
        other = self._create_company("Other Company")
        self.customer.company_id = False
        self.env.user.company_ids |= other
        both = (self.company + other).ids
        self.anna.company_ids = both
        foreign = self._order("2020-05-01", company_id=other.id)
        anna = foreign.with_user(self.anna).with_context(allowed_company_ids=both)
        self.assertFalse(anna.has_access("read"))
        self.order.with_user(self.anna).with_context(
            allowed_company_ids=both
        ).check_access("read")

    def test_archived_customer_keeps_his_orders_readable(self):
        self.customer.action_archive()
        self.assertFalse(self.account.active)
        self.order.with_user(self.anna).check_access("read")
