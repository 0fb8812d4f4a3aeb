from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .complaint_common import ComplaintCommon
from .quota_common import QuotaCommon


@tagged("post_install", "-at_install")
class TestReactivation(ComplaintCommon, QuotaCommon):
    """Valuable customers who fall silent are won back, once for each silence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.manager_id = cls.anna
        cls.Case = cls.env["kam.reactivation"]
        cls._order("2025-05-01", 5000)

    def _fall_asleep(self, **values):
        """Let the account be one that was important, and fall dormant."""
        with freeze_time("2026-04-01 10:00:00"):
            self._refresh()
        self.account.is_key_account = True
        self.account.write(values)
        self.env["kam.engine"]._run({(self.company.id, self.customer.id)})
        self.env.invalidate_all()
        return self.account.reactivation_ids

    def test_key_customer_who_falls_asleep_opens_one_case(self):
        case = self._fall_asleep()
        self.assertEqual(self.account.level, "dormant")
        self.assertRecordValues(
            case,
            [
                {
                    "state": "open",
                    "reason": "dormant",
                    "since": date(2025, 5, 1),
                    "user_id": self.anna.id,
                    "was_key": True,
                }
            ],
        )
        self.assertEqual(case.activity_ids.user_id, self.anna)
        self.assertFalse(self.Case._open_for(self.account, "dormant"))

    def test_customer_of_little_value_opens_none(self):
        with freeze_time("2026-04-01 10:00:00"):
            self._refresh()
        months = self.env["kam.account.month"].search(
            [("account_id", "=", self.account.id)]
        )
        months.unlink()
        self.env["kam.engine"]._run({(self.company.id, self.customer.id)})
        self.assertEqual(self.account.level, "dormant")
        self.assertFalse(self.account.reactivation_ids)
        action = self.account.with_user(self.anna).action_reactivate()
        self.assertEqual(action["res_id"], self.account.reactivation_ids.id)

    def test_silence_that_began_as_a_risk_stays_one_case(self):
        self.account.is_key_account = True
        self._refresh()
        self.account.reactivation_ids.unlink()
        case = self.Case._open_for(self.account, "risk")
        self.assertEqual((case.reason, case.chance), ("risk", "high"))
        self.Case._open_for(self.account, "dormant")
        self.assertEqual(self.account.reactivation_ids, case)
        self.assertEqual((case.reason, case.chance), ("dormant", "medium"))

    def test_who_tries_follows_from_the_fault(self):
        case = self._fall_asleep()
        case.with_user(self.anna).fault = "ours"
        self.assertEqual(case.user_id, self.head)
        self.assertEqual(case.chance, "low")
        self.assertTrue(case.is_worked)

    def test_customer_who_buys_again_is_reactivated(self):
        case = self._fall_asleep()
        quota = self._quota("2026-06-01", "2026-06-30", "reactivated", user=self.anna)
        self._order("2026-06-15", 800)
        self._refresh_one()
        self.assertEqual((case.state, case.date_closed), ("won", date(2026, 6, 15)))
        self.assertFalse(case.is_worked)
        self.Case._look_after(self.company.id)
        self.assertEqual(case.revenue_after, 800)
        self.assertEqual(self._actual(quota, "reactivated"), 1)

    def _refresh_one(self):
        self.env["kam.engine"]._run({(self.company.id, self.customer.id)})
        self.env.invalidate_all()

    def test_contact_of_ours_is_an_attempt(self):
        case = self._fall_asleep()
        self.assertEqual(case.attempt_count, 0)
        self._touch("", date="2026-06-15 09:00:00", direction="out", channel="phone")
        case.invalidate_recordset()
        self.assertEqual(case.attempt_count, 1)
        case._close("lost")
        self.assertTrue(case.is_worked)

    def test_giving_up_says_why(self):
        case = self._fall_asleep().with_user(self.anna)
        with self.assertRaisesRegex(UserError, "whose fault it was and the outcome"):
            case.action_give_up()
        case.write({"fault": "theirs", "outcome": "They closed the plant"})
        case.action_give_up()
        self.assertEqual(case.state, "lost")
        case.action_reopen()
        self.assertEqual(case.state, "open")

    def test_cases_are_made_and_closed_by_nobody_else(self):
        case = self._fall_asleep().with_user(self.anna)
        for values in ({"state": "won"}, {"worth": 1}, {"revenue_after": 1}):
            with self.assertRaises(AccessError):
                case.write(values)
        with self.assertRaises(AccessError):
            self.Case.with_user(self.anna).create({"account_id": self.account.id})
        self.assertFalse(self.Case.with_user(self.boris).search([("id", "=", case.id)]))

    def test_reference_given_counts_for_who_asked(self):
        quota = self._quota("2026-06-01", "2026-06-30", "references", user=self.anna)
        reference = self.env["kam.reference"].create(
            {"account_id": self.account.id, "user_id": self.anna.id}
        )
        reference.action_give()
        self.assertEqual(self._actual(quota, "references"), 1)
        self.assertFactsAddUp(quota.line_ids)
