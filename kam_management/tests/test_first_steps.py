from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestFirstSteps(KamCommon):
    """Who sets the app up is shown what to do first, until it is done or dismissed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.young = cls._create_company("Young Company")
        cls.chief = cls._create_user(
            "chief", "kam_management.group_kam_manager", cls.young
        )

    def _first(self, user=None):
        user = user or self.chief
        return self._cockpit(user).get_first_steps()

    def _cockpit(self, user):
        cockpit = self.env["kam.cockpit"].with_user(user)
        return cockpit.with_context(allowed_company_ids=user.company_id.ids)

    def _done(self, user=None):
        return {step["key"] for step in self._first(user)["steps"] if step["done"]}

    def _customer(self):
        partner = self._create_customer("First One", company_id=self.young.id)
        return self._account(partner, self.young)

    def test_nothing_is_done_at_first(self):
        first = self._first()
        self.assertEqual((first["done"], first["total"]), (0, 7))

    def test_each_record_is_a_step_done(self):
        self._create_user("kam", "kam_management.group_kam_user", self.young)
        self.assertEqual(self._done(), {"people"})
        account = self._customer()
        self.assertEqual(self._done(), {"people", "customers"})
        account.manager_id = self.chief
        self.assertEqual(self._done(), {"people", "customers", "managers"})
        account.is_key_account = True
        self.env["kam.plan"].create({"account_id": account.id})
        self.assertEqual(
            self._done(), {"people", "customers", "managers", "key", "plan"}
        )
        self.env["kam.quota"].create(
            {"user_id": self.chief.id, "company_id": self.young.id}
        )
        self.assertIsNone(self._first(), "an administrator does what is left")
        self.chief.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        self.assertEqual(self._first()["done"], 6)
        self.young.sudo().kam_purchase_checked = True
        self.assertIsNone(self._first())

    def test_imported_customers_say_what_they_wait_for(self):
        """On a server whose scheduled actions do not run, nothing seemed to happen."""

        def told():
            [step] = [s for s in self._first()["steps"] if s["key"] == "customers"]
            return step["done"], "Update Changed Accounts" in step["note"]

        self.assertEqual(told(), (False, False))
        self._create_customer("First One", company_id=self.young.id)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(told(), (False, True))
        self._drain()
        self.assertEqual(told(), (True, False))

    def test_records_of_another_company_are_no_step(self):
        self._account().manager_id = self.anna
        self.assertEqual(self._done(), set())

    def test_managers_see_none_of_it(self):
        self.assertIsNone(self._first(self.anna))
        cockpit = self._cockpit(self.anna)
        with self.assertRaises(AccessError):
            cockpit.open_first_step("purchase")
        with self.assertRaises(AccessError):
            cockpit.dismiss_first_steps()
        self.assertFalse(self.company.kam_first_steps_hidden)

    def test_dismissed_it_goes_away_for_the_company(self):
        self._cockpit(self.chief).dismiss_first_steps()
        self.assertTrue(self.young.kam_first_steps_hidden)
        self.assertFalse(self.company.kam_first_steps_hidden)
        self.assertIsNone(self._first())
        self.assertIsNotNone(self._first(self.head))

    def test_to_look_at_the_settings_is_the_step(self):
        self.chief.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        cockpit = self._cockpit(self.chief)
        way = cockpit.open_first_step("purchase")
        self.assertEqual(self.env.ref(way["action"]).res_model, "res.config.settings")
        self.assertEqual(self._done(), {"purchase"})

    def test_a_head_is_not_led_where_only_administrators_go(self):
        steps = {step["key"]: step["can_open"] for step in self._first()["steps"]}
        self.assertEqual(
            {key for key, can_open in steps.items() if not can_open},
            {"people", "purchase"},
        )
        cockpit = self._cockpit(self.chief)
        for key in "people", "purchase":
            with self.assertRaisesRegex(AccessError, "administrator"):
                cockpit.open_first_step(key)
        self.assertFalse(self.young.kam_purchase_checked)
        with self.assertRaises(UserError):
            cockpit.open_first_step("nonsense")

    def test_every_step_leads_somewhere(self):
        self.chief.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        cockpit = self._cockpit(self.chief)
        for step in self._first()["steps"]:
            with self.subTest(step=step["key"]):
                self.assertTrue(step["can_open"])
                action = cockpit.open_first_step(step["key"])["action"]
                self.assertTrue(isinstance(action, dict) or self.env.ref(action))

    def test_nobody_sets_by_hand_what_is_done(self):
        self.chief.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        with self.assertRaises(AccessError):
            self.young.with_user(self.chief).kam_purchase_checked = True

    def test_it_takes_few_queries_whatever_there_is(self):
        self._customer()
        self._first()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._first()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 14)
