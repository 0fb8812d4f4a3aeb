from odoo import fields
from odoo.tests import tagged

from .import_common import ImportCommon

HEADER = "Customer,Key Account Manager,Key Account\n"


@tagged("post_install", "-at_install")
class TestImportAccounts(ImportCommon):
    """Accounts are loaded by customer: the one that is there is updated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()

    def test_account_that_is_there_is_updated(self):
        """It was refused: “This customer already has an account”."""
        loaded = self._load(
            "kam.account", f"{HEADER}Meyer Machines,kam_test_anna,True\n"
        )
        self.assertEqual(loaded, self.account)
        self.assertEqual(self.account.manager_id, self.anna)
        self.assertTrue(self.account.is_key_account)
        self.assertEqual(self.account.nomination_id.user_id, self.head)

    def test_opening_balance_with_revenue_counts(self):
        self._load(
            "kam.account",
            "Customer,Opening: First Purchase,Opening: Last Purchase,"
            "Opening: Purchases,Opening: Revenue,Opening: Previous Revenue\n"
            "Meyer Machines,2023-02-01,2026-08-03,7,1250.50,900\n",
        )
        account = self.account
        self.assertEqual(account.opening_count, 7)
        self.assertEqual(account.opening_last_date, fields.Date.to_date("2026-08-03"))
        self.assertEqual(account.opening_revenue, 1250.5)
        self.assertEqual(account.opening_revenue_previous, 900)
        events = self.env["kam.account.event"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertTrue(events, "the queue is told")

    def test_customer_without_account_gets_one(self):
        huber = self._create_customer("Huber Hoists")
        loaded = self._load("kam.account", f"{HEADER}Huber Hoists,Anna,\n")
        self.assertEqual(loaded.partner_id, huber)
        self.assertEqual(loaded.manager_id, self.anna)
        self.assertEqual(loaded.term_ids.user_id, self.anna)

    def test_blanks_and_capitals_do_not_matter(self):
        loaded = self._load(
            "kam.account", f'{HEADER}"  MEYER   machines ",kam_test_anna,\n'
        )
        self.assertEqual(loaded, self.account)

    def test_blanks_in_the_name_of_the_customer_do_not_matter(self):
        self.customer.name = "Meyer\u00a0 MÜHLEN "
        loaded = self._load(
            "kam.account",
            f"{HEADER}meyer mühlen,kam_test_anna,\n",
            encoding="utf-8",
        )
        self.assertEqual(loaded, self.account)

    def test_customer_is_found_by_reference_and_tax_id(self):
        self.customer.write({"ref": "K-4711", "vat": "BE0477472701"})
        for text in ("K-4711", "BE0477472701"):
            loaded = self._load("kam.account", f"{HEADER}{text},kam_test_anna,\n")
            self.assertEqual(loaded, self.account)

    def test_customer_is_found_by_external_id(self):
        self.env["ir.model.data"].create(
            {
                "module": "old_erp",
                "name": "c4711",
                "model": "res.partner",
                "res_id": self.customer.id,
            }
        )
        loaded = self._load(
            "kam.account", "Customer/External ID,Key Account\nold_erp.c4711,1\n"
        )
        self.assertEqual(loaded, self.account)

    def test_external_id_is_given_to_the_account_that_is_there(self):
        content = "External ID,Customer,Key Account Manager\na1,Meyer Machines,%s\n"
        self._load("kam.account", content % "kam_test_anna")
        self.assertEqual(self.env.ref("__import__.a1"), self.account)
        self._load("kam.account", content % "kam_test_boris")
        self.assertEqual(self.account.manager_id, self.boris)

    def test_name_of_two_customers_is_refused_with_row_and_choices(self):
        """Odoo took the first one."""
        self.customer.ref = "K-1"
        self._create_customer("Meyer Machines", ref="K-2")
        self._create_customer("Huber Hoists")
        [(row, field, words)] = self._refused(
            "kam.account",
            f"{HEADER}Huber Hoists,kam_test_anna,\nMeyer Machines,kam_test_anna,\n",
        )
        self.assertEqual((row, field), (2, "partner_id"))
        self.assertIn("K-1", words)
        self.assertIn("K-2", words)
        self.assertFalse(self.account.manager_id)

    def test_unknown_customer_is_named_with_row(self):
        [(row, field, words)] = self._refused(
            "kam.account", f"{HEADER}Meyer Machines,Anna,\nNobody Ltd,Anna,\n"
        )
        self.assertEqual((row, field), (2, "partner_id"))
        self.assertIn("Nobody Ltd", words)
        self.assertFalse(self.account.manager_id, "nothing is half done")

    def test_two_rows_about_one_customer_are_refused(self):
        [(row, _field, words)] = self._refused(
            "kam.account", f"{HEADER}Meyer Machines,Anna,\nmeyer machines,Boris,\n"
        )
        self.assertEqual(row, 2)
        self.assertIn("Rows 1 and 2", words)

    def test_archived_account_is_updated_too(self):
        self.account.active = False
        self._load("kam.account", f"{HEADER}Meyer Machines,Anna,\n")
        self.assertEqual(self.account.manager_id, self.anna)

    def test_what_stays_the_same_is_not_written(self):
        self.account.manager_id = self.anna
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kam_account SET write_date = '2020-01-01' WHERE id = %s",
            [self.account.id],
        )
        self.account.invalidate_recordset()
        self._load("kam.account", f"{HEADER}Meyer Machines,Anna,\n")
        self.env.flush_all()
        self.account.invalidate_recordset()
        self.assertEqual(self.account.write_date.year, 2020)

    def test_new_values_become_companies(self):
        loaded = self._load(
            "kam.account",
            f"{HEADER}Brandt Boilers,Anna,\n",
            name_create_enabled_fields={"partner_id": True},
        )
        self.assertTrue(loaded.partner_id.is_company)
        self.assertEqual(loaded.partner_id.name, "Brandt Boilers")

    def test_contacts_made_for_a_refused_file_are_gone(self):
        self._refused(
            "kam.account",
            f"{HEADER}Brandt Boilers,Anna,\nHuber,Nobody At All,\n",
            name_create_enabled_fields={"partner_id": True},
        )
        self.assertFalse(
            self.env["res.partner"].search([("name", "=", "Brandt Boilers")])
        )

    def test_manager_loads_no_more_than_they_may_type(self):
        self.account.manager_id = self.anna
        [(_row, _field, words)] = self._refused(
            "kam.account", f"{HEADER}Meyer Machines,Boris,\n", user=self.anna
        )
        self.assertIn("only a head of sales", words)
        self.assertEqual(self.account.manager_id, self.anna)

    def test_figures_cannot_be_loaded(self):
        result = (
            self.Account.with_user(self.head)
            .with_context(import_file=True)
            .load(["partner_id", "level"], [["Meyer Machines", "active"]])
        )
        self.assertFalse(result["ids"])
        self.assertIn("calculated", result["messages"][0]["message"])

    def test_test_run_changes_nothing(self):
        result = self._load_file(
            "kam.account", f"{HEADER}Meyer Machines,Anna,\n", dryrun=True
        )
        self.assertFalse(result["messages"])
        self.account.invalidate_recordset()
        self.assertFalse(self.account.manager_id)
