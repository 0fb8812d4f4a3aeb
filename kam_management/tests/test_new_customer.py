from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestNewCustomer(KamCommon):
    """A manager makes a new customer in one step, and keeps it."""

    def _wizard(self, user=None, **values):
        values = {"name": "Nordwind Kilns", **values}
        return self.env["kam.customer.new"].with_user(user or self.anna).create(values)

    def _made(self, wizard):
        action = wizard.action_create_customer()
        self.assertEqual(action["res_model"], "kam.account")
        return self.Account.with_user(wizard.env.user).browse(action["res_id"])

    def test_who_makes_it_leads_it_and_may_edit_it_at_once(self):
        account = self._made(self._wizard(city="Emden"))
        self.assertEqual(account.partner_id.name, "Nordwind Kilns")
        self.assertTrue(account.partner_id.is_company)
        self.assertEqual(account.manager_id, self.anna)
        self.assertEqual(account.company_id, self.company)
        account.sales_type = "project"
        account.member_ids = self.boris
        self.env["kam.touch"].with_user(self.anna).create(
            {"account_id": account.id, "summary": "First call"}
        )
        self._drain()
        self.assertEqual(account.level, "engaged")
        self.assertEqual(account.manager_id, self.anna)
        self.assertEqual(account.term_ids.user_id, self.anna)

    def test_the_contact_comes_under_the_company_and_is_known(self):
        form = Form(self.env["kam.customer.new"].with_user(self.anna))
        form.name = "  Nordwind   Kilns "
        form.contact_name = "Frauke Janssen"
        form.function = "Buyer"
        form.phone = "+49 4921 5550123"
        form.email = "frauke@nordwind.example"
        account = self._made(form.save())
        person = account.partner_id.child_ids
        self.assertEqual(account.partner_id.name, "Nordwind Kilns")
        self.assertRecordValues(
            person,
            [
                {
                    "name": "Frauke Janssen",
                    "function": "Buyer",
                    "phone": "+49 4921 5550123",
                    "email": "frauke@nordwind.example",
                }
            ],
        )
        self.assertEqual(account.stakeholder_ids.partner_id, person)
        self.assertFalse(account.partner_id.phone)

    def test_without_a_contact_phone_and_mail_are_those_of_the_company(self):
        account = self._made(self._wizard(phone="123", email="info@nordwind.example"))
        self.assertEqual(account.partner_id.email, "info@nordwind.example")
        self.assertEqual(account.partner_id.phone, "123")
        self.assertFalse(account.stakeholder_ids)

    def test_a_customer_of_a_colleague_is_not_taken_over(self):
        account = self._account()
        account.manager_id = self.boris
        self.env["res.partner"].create(
            {
                "name": "Petra Vogt",
                "parent_id": self.customer.id,
                "email": "petra@meyer.example",
                "phone": "+49 711 5550188",
            }
        )
        for values in (
            {"name": "meyer MACHINES"},
            {"email": "Petra@Meyer.example"},
            {"phone": "0711/555-0188"},
        ):
            with self.subTest(values=values):
                wizard = self._wizard(**values)
                self.assertIn("Meyer Machines is a customer already", wizard.known)
                self.assertIn("Boris leads it", wizard.known)
                self.assertFalse(wizard.known_account_id)
                with self.assertRaisesRegex(UserError, "Boris leads it"):
                    wizard.action_create_customer()
        self.assertEqual(account.manager_id, self.boris)
        self.assertFalse(account.with_user(self.anna).has_access("read"))

    def test_another_customer_of_the_same_name_is_made_beside_it(self):
        account = self._account()
        account.manager_id = self.boris
        made = self._made(self._wizard(name="Meyer Machines", is_another=True))
        self.assertNotEqual(made, account)
        self.assertEqual(account.manager_id, self.boris)
        self.assertFalse(account.with_user(self.anna).has_access("read"))

    def test_the_own_customer_is_opened_instead(self):
        account = self._account()
        account.manager_id = self.anna
        wizard = self._wizard(name="Meyer Machines")
        self.assertIn("your customer already", wizard.known)
        self.assertEqual(wizard.action_open_known()["res_id"], account.id)

    def test_a_customer_whom_nobody_leads_is_given_by_the_head(self):
        account = self._account()
        wizard = self._wizard(name="Meyer Machines")
        with self.assertRaisesRegex(UserError, "nobody leads it"):
            wizard.action_create_customer()
        self.assertFalse(account.manager_id)

    def test_only_a_head_gives_it_to_somebody_else(self):
        with self.assertRaises(AccessError):
            self._wizard(manager_id=self.boris.id).action_create_customer()
        account = self._made(self._wizard(self.head, manager_id=self.boris.id))
        self.assertEqual(account.manager_id, self.boris)

    def test_who_is_no_account_manager_makes_none(self):
        with self.assertRaises(AccessError):
            self._wizard(self.seller)

    def test_a_manager_still_makes_no_account_by_hand(self):
        with self.assertRaises(AccessError):
            self.Account.with_user(self.anna).create({"partner_id": self.customer.id})

    def test_signs_in_a_name_are_no_pattern(self):
        self.assertFalse(self._wizard(name="Meyer%").known)
        self.assertFalse(self._wizard(name="%").known)

    def test_defaults_of_the_list_are_not_for_what_is_made(self):
        """The company came below somebody else's customer, or was archived."""
        wizard = self._wizard(contact_name="Frauke Janssen").with_context(
            default_parent_id=self.customer.id,
            default_user_id=self.boris.id,
            default_active=False,
        )
        account = self._made(wizard)
        company = account.partner_id
        self.assertTrue(account.active and company.active)
        self.assertFalse(company.parent_id or company.user_id == self.boris)
        person = account.stakeholder_ids.partner_id
        self.assertTrue(person.active)
        self.assertEqual(person.parent_id, company)

    def test_our_own_company_and_colleagues_are_nobodys_customers(self):
        self.boris.partner_id.email = "boris@home.example"
        for values in (
            {"name": self.company.name},
            {"email": "boris@home.example"},
        ):
            with self.subTest(values=values):
                self.assertFalse(self._wizard(**values).known)
