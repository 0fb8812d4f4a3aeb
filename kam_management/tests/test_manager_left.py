from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestManagerLeft(KamCommon):
    """Who leaves does not keep customers: the head is told, and passes them on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.complaint = cls.env["kam.complaint"].create(
            {"name": "Noise", "account_id": cls.account.id, "user_id": cls.anna.id}
        )
        cls.call = cls.account.activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.anna.id
        )

    def _told(self, user):
        return self.env["mail.activity"].search(
            [
                ("user_id", "=", user.id),
                ("res_model", "=", "res.partner"),
                ("res_id", "=", self.anna.partner_id.id),
            ]
        )

    def test_heads_are_told_of_accounts_whose_manager_has_left(self):
        """The accounts stayed with them silently."""
        self.anna.active = False
        self.assertIn(
            "has left: accounts to reassign: 1", self._told(self.head).summary
        )
        self.assertIn("/odoo/key-account-reassign", self._told(self.head).note)
        self.assertFalse(self._told(self.boris))

    def test_accountable_head_alone_is_told(self):
        other = self._create_user("other", "kam_management.group_kam_manager")
        self.account.accountable_id = other
        self.anna.active = False
        self.assertTrue(self._told(other))
        self.assertFalse(self._told(self.head))

    def test_who_leads_nobody_leaves_quietly(self):
        self.boris.active = False
        self.assertFalse(
            self.env["mail.activity"].search(
                [
                    ("res_id", "=", self.boris.partner_id.id),
                    ("res_model", "=", "res.partner"),
                ]
            )
        )

    def test_new_manager_takes_over_what_was_left_undone(self):
        self.anna.active = False
        left = self.Account.search([("manager_id.active", "=", False)])
        self.assertEqual(left, self.account)
        self.account.with_user(self.head).manager_id = self.boris
        self.assertEqual(self.complaint.user_id, self.boris)
        self.assertEqual(self.call.user_id, self.boris)
        self.assertFalse(self.Account.search([("manager_id.active", "=", False)]))

    def test_who_is_still_there_keeps_their_own(self):
        self.account.manager_id = self.boris
        self.assertEqual(self.complaint.user_id, self.anna)
        self.assertEqual(self.call.user_id, self.anna)

    # On leads, orders, plans and people of the customer

    def _records(self, customer):
        """Return a lead, a lost one, a quotation, a plan, a complaint and a contact."""
        company = {"company_id": self.company.id}
        lead = {"name": "Filters", "partner_id": customer.id, **company}
        leads = self.env["crm.lead"].create([{**lead, "user_id": self.anna.id}] * 2)
        leads[1].action_archive()
        account = self._account(customer)
        return [
            *leads,
            self.env["sale.order"].create({"partner_id": customer.id, **company}),
            self.env["kam.plan"].create(
                {"account_id": account.id, "date_start": "2020-01-01"}
            ),
            self.env["kam.complaint"].create(
                {"name": "Oil", "account_id": account.id, "user_id": self.head.id}
            ),
            self.env["res.partner"].create(
                {"name": "Ada", "parent_id": customer.id, **company}
            ),
        ]

    def _plan_calls(self, records, user):
        return self.env["mail.activity"].union(
            *(
                record.activity_schedule(
                    "mail.mail_activity_data_call", user_id=user.id
                )
                for record in records
            )
        )

    def test_what_is_planned_on_any_record_of_the_customer_is_passed_on(self):
        """On leads, orders and plans it stayed with who had left."""
        records = self._records(self.customer)
        calls = self._plan_calls(records, self.anna)
        theirs = self._plan_calls(records, self.seller)
        done = self._plan_calls(records[:1], self.anna)
        done.action_done()
        self.anna.active = False
        self.account.with_user(self.head).manager_id = self.boris
        for call in calls:
            self.assertEqual(call.user_id, self.boris, call.res_model)
        self.assertEqual(theirs.user_id, self.seller)
        self.assertEqual(done.user_id, self.anna)

    def test_what_is_planned_with_other_customers_stays(self):
        other = self._create_customer("Rival")
        self._account(other).manager_id = self.anna
        calls = self._plan_calls(self._records(other), self.anna)
        self.anna.active = False
        self.account.with_user(self.head).manager_id = self.boris
        self.assertEqual(calls.user_id, self.anna)
        self._account(other).with_user(self.head).manager_id = self.boris
        self.assertEqual(calls.user_id, self.boris)

    def test_what_is_planned_on_people_waits_for_the_last_account(self):
        """The sister's call on a shared contact went along with the account of ours."""
        sister = self._create_company("Sister")
        self.customer.company_id = False
        theirs = self._account(company=sister)
        self.anna.company_ids += sister
        (self.boris + self.head).company_ids += sister
        theirs.manager_id = self.anna
        ada = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.customer.id}
        )
        calls = self._plan_calls([self.customer, ada], self.anna)
        self.anna.active = False
        self.account.with_user(self.head).manager_id = self.boris
        self.assertEqual(calls.mapped("user_id"), self.anna)
        self.assertEqual(self.call.user_id, self.boris)
        theirs.with_user(self.head).with_company(sister).manager_id = self.head
        self.assertEqual(calls.mapped("user_id"), self.head)

    def test_what_is_planned_on_people_goes_with_all_accounts_at_once(self):
        sister = self._create_company("Sister")
        self.customer.company_id = False
        theirs = self._account(company=sister)
        (self.anna + self.boris + self.head).company_ids += sister
        theirs.manager_id = self.anna
        [call] = self._plan_calls([self.customer], self.anna)
        self.anna.active = False
        both = (self.account + theirs).with_user(self.head)
        both = both.with_context(allowed_company_ids=(self.company + sister).ids)
        both.manager_id = self.boris
        self.assertEqual(call.user_id, self.boris)

    def test_account_that_is_archived_holds_nothing_back(self):
        sister = self._create_company("Sister")
        self.customer.company_id = False
        theirs = self._account(company=sister)
        self.anna.company_ids += sister
        theirs.write({"manager_id": self.anna.id, "active": False})
        [call] = self._plan_calls([self.customer], self.anna)
        self.anna.active = False
        self.account.with_user(self.head).manager_id = self.boris
        self.assertEqual(call.user_id, self.boris)

    def test_what_another_company_of_ours_planned_stays(self):
        sister = self._create_company("Sister")
        self.customer.company_id = False
        account = self._account(company=sister)
        self.anna.company_ids += sister
        account.manager_id = self.anna
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": sister.id}
        )
        call = self._plan_calls([order], self.anna)
        self.anna.active = False
        self.account.with_user(self.head).manager_id = self.boris
        self.assertEqual(call.user_id, self.anna)
