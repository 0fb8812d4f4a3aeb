from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .handover_common import HandoverCommon


@tagged("post_install", "-at_install")
class TestDeputy(HandoverCommon):
    """Who stands in for a colleague on leave has the work, and not the credit."""

    def _stand_in(self, user=None, **values):
        return (
            self.env["kam.deputy"]
            .with_user(user or self.anna)
            .create(
                {
                    "user_id": self.anna.id,
                    "deputy_id": self.boris.id,
                    "date_start": "2026-06-15",
                    "date_end": "2026-06-26",
                    **values,
                }
            )
        )

    def _go_on(self):
        """Let the cron look at the deputies."""
        with self.enter_registry_test_mode():
            self.env.ref("kam_management.ir_cron_deputies").method_direct_trigger()

    def _sees(self):
        return self.account.with_user(self.boris).has_access("read")

    def test_deputy_sees_the_accounts_and_leads_none(self):
        self._stand_in()
        self.assertTrue(self._sees())
        self.assertEqual(self.account.manager_id, self.anna)
        self.assertEqual(self.account.term_ids.user_id, self.anna)

    def test_deputy_has_what_is_due_on_their_day(self):
        self.account.activity_schedule(
            "mail.mail_activity_data_call", summary="Prices", user_id=self.anna.id
        )
        cockpit = self.env["kam.cockpit"].with_user(self.boris)

        def texts():
            return str([line["reasons"] for line in cockpit.get_my_day()["lines"]])

        self.assertNotIn("Prices", texts())
        deputy = self._stand_in()
        self.assertIn("Prices", texts())
        deputy.action_end()
        self.assertNotIn("Prices", texts())

    def test_time_begins_and_ends_by_itself(self):
        deputy = self._stand_in(date_start="2026-06-17")
        for day, state, sees in (
            ("2026-06-16", "planned", False),
            ("2026-06-17", "running", True),
            ("2026-06-26", "running", True),
            ("2026-06-27", "over", False),
        ):
            with freeze_time(f"{day} 10:00:00"):
                self._go_on()
                deputy.invalidate_recordset()
                self.assertEqual((deputy.state, self._sees()), (state, sees), day)

    def test_new_accounts_are_opened_as_well(self):
        self._stand_in()
        other = self._account(self._create_customer("Rival"))
        other.manager_id = self.anna
        self._go_on()
        self.assertIn(self.boris, other.member_ids)

    def test_member_of_before_stays_one(self):
        self.account.member_ids = self.boris
        self._stand_in().action_end()
        self.assertEqual(self.account.member_ids, self.boris)

    def test_other_deputy_goes_on(self):
        """Who stands in for two colleagues keeps the accounts of the second."""
        first = self._stand_in()
        second = self._stand_in(date_end="2026-07-31")
        first.action_end()
        self.assertTrue(self._sees())
        second.action_end()
        self.assertFalse(self._sees())

    def test_another_deputy_comes_in_and_the_first_goes(self):
        deputy = self._stand_in()
        deputy.deputy_id = self.seller
        self.assertFalse(self._sees())
        self.assertIn(self.seller, self.account.member_ids)

    def test_deleted_deputy_is_out(self):
        self._stand_in().unlink()
        self.assertFalse(self._sees())

    def test_only_for_oneself_or_as_a_head(self):
        with self.assertRaises(AccessError):
            self._stand_in(self.boris)
        deputy = self._stand_in(self.head)
        with self.assertRaises(AccessError):
            deputy.with_user(self.boris).date_end = "2027-01-01"

    def test_colleague_of_another_company_cannot_stand_in(self):
        company = self._create_company("Sister")
        other = self._create_user("other", "kam_management.group_kam_user", company)
        with self.assertRaisesRegex(ValidationError, "does not work for Our Company"):
            self._stand_in(self.env.user, deputy_id=other.id)

    def test_customer_cannot_stand_in(self):
        portal = self._create_portal_user()
        with self.assertRaisesRegex(ValidationError, "does not work for"):
            self._stand_in(deputy_id=portal.id)

    def test_deputy_who_takes_over_meanwhile_stays(self):
        deputy = self._stand_in()
        self._hand_over()
        deputy.action_end()
        self.assertTrue(self._sees())

    def test_who_was_to_take_over_stays_as_a_deputy(self):
        handover = self._hand_over()
        deputy = self._stand_in()
        handover.action_cancel()
        self.assertTrue(self._sees())
        deputy.action_end()
        self.assertFalse(self._sees())
