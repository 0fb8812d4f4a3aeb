from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .quota_process_common import QuotaProcessCommon


@tagged("post_install", "-at_install")
class TestQuotaClosing(QuotaProcessCommon):
    """A period starts, ends with its decisions, and is reopened for a reason."""

    def test_quota_starts_with_targets_only(self):
        with self.assertRaisesRegex(UserError, "no targets"):
            self._quota({}, user_id=self.boris.id).action_run()
        quota = self._quota()
        quota.action_run()
        self.assertEqual(quota.state, "running")
        self.assertTrue(quota.measured_at)
        with self.assertRaisesRegex(UserError, "is running"):
            quota.action_run()

    def test_manager_starts_and_closes_nothing(self):
        quota = self._quota().with_user(self.anna)
        for button in ("action_run", "action_close", "action_reopen", "action_measure"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(quota, button)()

    def test_quota_that_cannot_be_met_by_anybody_does_not_start(self):
        quota = self._quota()
        self.anna.sudo().active = False
        with self.assertRaisesRegex(UserError, "archived"):
            quota.action_run()

    def test_running_period_is_not_closed(self):
        quota = self._quota(date_start=date.today())
        quota.action_run()
        with self.assertRaisesRegex(UserError, "Close it afterwards"):
            quota.action_close()

    def test_period_is_over_when_its_figures_are(self):
        """In Tokyo April has begun, but orders of today are of March, by UTC."""
        quota = self._quota(state="running").with_context(tz="Asia/Tokyo")
        with freeze_time("2020-03-31 23:00:00"):
            self.assertFalse(quota.is_over)
        quota.invalidate_recordset(["is_over"])
        with freeze_time("2020-04-01 00:10:00"):
            self.assertTrue(quota.is_over)

    def test_dialog_is_for_periods_of_ones_own_companies(self):
        Closing = self.env["kam.quota.closing"].with_user(self.head)
        self.assertTrue(Closing.create({"reason": "Before our time"}))
        other = self._create_company("Other Company")
        theirs = self.env["kam.quota"].create(
            {
                "scope": "company",
                "company_id": other.id,
                "period": "month",
                "date_start": "2020-01-01",
                "date_end": "2020-01-31",
            }
        )
        quotas = [Command.set([self._quota().id, theirs.id])]
        both = self.env["kam.quota.closing"].create(
            {"reason": "Before our time", "quota_ids": quotas}
        )
        with self.assertRaises(AccessError):
            both.with_user(self.head).read(["reason"])

    def test_period_closes_with_its_decisions_alone(self):
        quota = self._quota({"won": 10, "touches": 40})
        quota.action_run()
        self.assertEqual(len(quota.decision_ids), 2)
        self._decide(quota.decision_ids[0])
        with self.assertRaisesRegex(UserError, r"(?s)Decide about these.*-100\s%"):
            quota.action_close()
        self._decide(quota.decision_ids[1])
        quota.action_close()
        self.assertRecordValues(
            quota, [{"state": "closed", "closed_by_id": self.head.id}]
        )
        self.assertTrue(quota.closed_at)

    def test_quota_that_was_met_closes_at_once(self):
        self._account().manager_id = self.anna
        self._touch("2020-03-10")
        quota = self._quota({"won": 0, "touches": 1})
        quota.action_run()
        quota.action_close()
        self.assertEqual(quota.state, "closed")

    def test_nothing_but_zeros_is_not_started(self):
        quota = self._quota({"won": 0, "touches": 0})
        with self.assertRaisesRegex(UserError, "Anna, March 2020.*Enter at least one"):
            quota.action_run()
        self.assertEqual(quota.state, "draft")
        quota.line_ids[0].target = 1
        quota.action_run()
        self.assertEqual(quota.state, "running")

    def test_closed_figures_stay_as_they_were(self):
        self._account().manager_id = self.anna
        quota = self._quota({"touches": 1})
        self._touch("2020-03-10")
        quota.action_run()
        quota.action_close()
        line = quota.line_ids
        self.assertEqual(line.actual, 1)
        facts = line.fact_ids
        self.assertEqual(sum(facts.mapped("value")), 1)
        self._touch("2020-03-11")
        quota.sudo()._measure()
        self.assertEqual((line.actual, line.fact_ids), (1, facts))

    def test_figure_of_nothing_recorded_says_so(self):
        """A past target closed with 0, as if that had been counted."""
        self._account().manager_id = self.anna
        quota = self._quota({"touches": 1, "won": 1})
        self._touch("2020-03-10")
        touches, won = quota.line_ids
        self.assertFalse(won.remark)
        quota._close_past("Before our time")
        self.assertEqual((touches.remark, won.remark), (False, "Nothing recorded"))

    def test_reopening_wants_a_reason_and_is_logged(self):
        self._account().manager_id = self.anna
        quota = self._quota({"touches": 1})
        self._touch("2020-03-10")
        quota.action_run()
        quota.action_close()
        with self.assertRaisesRegex(UserError, "Enter a reason"):
            self._reopen(quota, "  ")
        self._touch("2020-03-11")
        self._reopen(quota, "Touches entered late")
        self.assertRecordValues(quota, [{"state": "running", "closed_at": False}])
        self.assertIn("Touches entered late", quota.message_ids[0].body)
        self.assertIn(self.head.name, quota.message_ids[0].body)
        self.assertEqual(quota.line_ids.actual, 2)
        quota.action_close()
        self.assertEqual(sum(quota.line_ids.fact_ids.mapped("value")), 2)

    def test_manager_reopens_nothing(self):
        quota = self._quota(state="closed")
        with self.assertRaises(AccessError):
            quota.with_user(self.anna)._reopen("Please")
        with self.assertRaises(AccessError):
            self.env["kam.quota.reopen"].with_user(self.anna).create(
                {"quota_ids": quota.ids, "reason": "Please"}
            )

    def test_next_period_is_planned_from_this_one(self):
        quota = self._quota({"won": 7}, state="closed")
        action = quota.action_plan_next()
        wizard = (
            self.env["kam.quota.planning"]
            .with_user(self.head)
            .with_context(**action["context"])
            .create({})
        )
        wizard.action_create_quotas()
        following = self.env["kam.quota"].search(
            [("company_id", "=", self.company.id), ("date_start", "=", "2020-04-01")]
        )
        self.assertRecordValues(
            following, [{"user_id": self.anna.id, "state": "draft"}]
        )
        self.assertEqual(following.line_ids.target, 7)

    def test_back_to_draft_drops_open_decisions(self):
        quota = self._quota({"won": 7})
        quota.action_run()
        self.assertEqual(quota.decision_ids.state, "open")
        quota.action_back_to_draft()
        self.assertEqual((quota.state, quota.decision_ids.state), ("draft", "dropped"))

    def test_period_without_facts_of_today_may_run_ahead(self):
        quota = self._quota(date_start=date.today() + relativedelta(months=2))
        quota.action_run()
        self.assertFalse(quota.decision_ids)

    def _reopen(self, quota, reason):
        """Reopen as the head of sales does: button, reason, button."""
        action = quota.action_reopen()
        self.env["kam.quota.reopen"].with_user(self.head).with_context(
            **action["context"]
        ).create({"reason": reason}).action_apply()
