from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestSecurityTouches(KamCommon):
    """Touches belong to who made them and to the team of the account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.own_account = cls._account(cls._create_customer("Customer of Boris"))
        cls.own_account.manager_id = cls.boris
        cls.lead = cls._lead(cls.anna)

    @classmethod
    def _lead(cls, user, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Cold lead",
                "type": "opportunity",
                "company_id": cls.company.id,
                "user_id": user.id,
                **values,
            }
        )

    def _log(self, user, **values):
        """Have a user log a touch, as the form does."""
        return self.env["kam.touch"].with_user(user).create(values)

    def test_touch_on_hidden_account_is_refused_saying_what_to_do(self):
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            self._log(self.boris, account_id=self.account.id)
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            self._log(self.boris, account_id=self.account.id, user_id=self.anna.id)
        sneaky = self.env["kam.touch"].with_user(self.boris)
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            sneaky.with_context(default_account_id=self.account.id).create({})

    def test_touch_on_hidden_lead_is_refused(self):
        with self.assertRaisesRegex(AccessError, "Ask your head of sales"):
            self._log(self.boris, lead_id=self.lead.id)

    def test_touch_does_not_move_to_hidden_account_or_lead(self):
        touch = self._log(self.boris, account_id=self.own_account.id)
        for values in ({"account_id": self.account.id}, {"lead_id": self.lead.id}):
            with self.subTest(values), self.assertRaises(AccessError):
                touch.write(values)
        lead = self._lead(self.boris)
        mine = self._log(self.boris, lead_id=lead.id)
        with self.assertRaises(AccessError):
            mine.account_id = self.account

    def test_touch_on_own_lead_reaches_the_colleagues_account(self):
        lead = self._lead(self.boris, partner_id=self.customer.id)
        self.assertEqual(lead.kam_account_id, self.account)
        touch = self._log(self.boris, lead_id=lead.id)
        by_button = touch.with_context(default_lead_id=lead.id).create({})
        for logged in (touch, by_button):
            self.assertEqual(logged.sudo().account_id, self.account)
            self.assertEqual(logged.with_user(self.anna).account_id, self.account)

    def test_touch_of_a_colleague_is_hidden_outside_the_team(self):
        touch = self._log(self.anna, account_id=self.account.id)
        Touch = self.env["kam.touch"].with_user(self.boris)
        self.assertFalse(Touch.search([("id", "=", touch.id)]))
        for attempt in (
            lambda mine: mine.read(["summary"]),
            lambda mine: mine.write({"summary": "Mine"}),
            lambda mine: mine.unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt(touch.with_user(self.boris))

    def test_manager_mends_a_colleagues_touch(self):
        self.account.with_user(self.anna).member_ids = self.boris
        touch = self._log(self.boris, account_id=self.account.id)
        touch.with_user(self.anna).summary = "It was about prices"
        self.assertEqual(touch.summary, "It was about prices")
        touch.with_user(self.anna).unlink()
        self.assertFalse(touch.exists())

    def test_author_mends_their_touch_after_they_left_the_team(self):
        self.account.member_ids = self.boris
        touch = self._log(self.boris, account_id=self.account.id)
        for_anna = self._log(
            self.boris, account_id=self.account.id, user_id=self.anna.id
        )
        self.account.member_ids = False
        for mine in (touch, for_anna):
            mine.write({"summary": "Wrong number", "date": "2020-01-01"})
            written = mine.sudo().read(["summary", "date"], load="")[0]
            self.assertEqual(written["summary"], "Wrong number")
            self.assertEqual(str(written["date"]), "2020-01-01 00:00:00")
            mine.unlink()
            self.assertFalse(mine.exists())

    def test_salesperson_of_a_lead_sees_what_colleagues_did_on_it(self):
        lead = self._lead(self.boris)
        touch = self._log(self.boris, lead_id=lead.id)
        with self.assertRaises(AccessError):
            touch.with_user(self.anna).read(["summary"])
        lead.user_id = self.anna
        self.assertTrue(touch.with_user(self.anna).read(["summary"]))
        self.assertEqual(lead.with_user(self.anna).kam_touch_ids, touch)

    def test_source_and_company_of_a_touch_cannot_be_typed_in(self):
        """A touch that names any message would show its subject to its author."""
        secret = self.env["mail.message"].create(
            {"subject": "Salaries", "model": False}
        )
        touch = self._log(self.anna, account_id=self.account.id)
        for values in ({"message_id": secret.id}, {"company_id": self.company.id}):
            with (
                self.subTest(values),
                self.assertRaisesRegex(AccessError, "cannot be edited"),
            ):
                touch.write(values)
            with (
                self.subTest(values),
                self.assertRaisesRegex(AccessError, "cannot be edited"),
            ):
                self._log(self.anna, account_id=self.account.id, **values)
        Touch = touch.with_context(default_message_id=secret.id)
        self.assertFalse(Touch.create({"account_id": self.account.id}).message_id)

    def test_touches_typed_into_the_account_form_obey_the_same_rules(self):
        mine = self.account.with_user(self.anna)
        mine.touch_ids = [(0, 0, {"summary": "Called"})]
        self.assertEqual(mine.touch_ids.user_id, self.anna)
        touch = self._log(self.boris, account_id=self.own_account.id)
        with self.assertRaises(AccessError):
            mine.touch_ids = [(4, touch.id)]

    def test_counts_of_touches_and_leads_leak_nothing(self):
        self._log(self.anna, account_id=self.account.id)
        self._lead(self.anna, partner_id=self.customer.id)
        self._lead(self.boris, partner_id=self.customer.id)
        with self.assertRaises(AccessError):
            self.account.with_user(self.boris).read(["touch_count", "lead_count"])
        self.account.member_ids = self.boris
        for user in (self.boris, self.anna, self.head):
            mine = self.account.with_user(user)
            self.assertEqual((mine.touch_count, mine.lead_count), (1, 2), user.login)
        # counted is what the user may open, not what there is
        self.env.ref("kam_management.crm_lead_rule_team").active = False
        self.account.invalidate_recordset()
        self.assertEqual(self.account.with_user(self.boris).lead_count, 1)
