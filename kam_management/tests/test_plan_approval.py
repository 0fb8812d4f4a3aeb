from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .plan_common import TODAY, PlanCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanApproval(PlanCommon):
    """Who takes a plan from one state to the next, and who does not."""

    def test_key_account_manager_submits_and_the_head_approves(self):
        plan = self._plan("submitted")
        self.assertEqual(plan.activity_ids.user_id, self.head)
        with self.assertRaises(AccessError):
            plan.with_user(self.anna).action_approve()
        plan.with_user(self.head).action_approve()
        self.assertEqual(plan.state, "running")

    def test_colleague_takes_no_step(self):
        plan = self._plan().with_user(self.boris)
        for step in ("submit", "refresh_goals", "close"):
            with self.assertRaises(AccessError):
                getattr(plan, f"action_{step}")()

    def test_author_does_not_approve_unless_the_settings_say_so(self):
        plan = self._plan().with_user(self.head)
        plan.action_submit()
        with self.assertRaisesRegex(AccessError, "submitted .* yourself"):
            plan.action_approve()
        self.company.kam_plan_self_approval = True
        plan.action_approve()
        self.assertEqual(plan.state, "running")

    def test_plan_that_was_approved_is_archived_by_the_head_alone(self):
        plan = self._plan("approved")
        with self.assertRaisesRegex(AccessError, "head of sales"):
            plan.with_user(self.anna).action_archive()
        plan.with_user(self.head).action_archive()
        with self.assertRaisesRegex(AccessError, "head of sales"):
            plan.with_user(self.anna).action_unarchive()
        self.assertFalse(plan.active)
        draft = self._plan(date_start="2035-01-01", date_end="2035-12-31")
        draft.with_user(self.anna).action_archive()
        self.assertFalse(draft.active)

    def test_plan_that_is_revised_is_still_agreed_upon(self):
        """A new version was begun to get rid of a plan in force, by any member."""
        plan = self._plan("running")
        self.account.member_ids = self.boris
        plan.with_user(self.boris)._start_new_version("Other market")
        for state in ("draft", "submitted"):
            self.assertEqual(plan.state, state)
            for user in self.boris + self.anna:
                theirs = plan.with_user(user)
                for attempt in (
                    theirs.action_archive,
                    lambda one=theirs: one.write(
                        {"active": False, "user_id": self.boris.id}
                    ),
                    lambda one=theirs: one.load(
                        [".id", "active"], [[str(plan.id), "0"]]
                    ),
                ):
                    with (
                        self.assertRaisesRegex(AccessError, "head of sales"),
                        self.cr.savepoint(),
                    ):
                        self._raise_messages(attempt())
            with self.assertRaisesRegex(UserError, "Discard the new version"):
                plan.with_user(self.anna).unlink()
            if state == "draft":
                plan.with_user(self.anna).action_submit()
        self.assertTrue(plan.active)
        plan.with_user(self.head).action_archive()
        self.assertFalse(plan.active)

    def _raise_messages(self, result):
        """Raise what an import says, if this is one."""
        for message in (result or {}).get("messages", ()):
            raise AccessError(message["message"])

    def test_plan_without_goals_or_strategy_is_not_submitted(self):
        plan = self._plan(strategy=False)
        plan.goal_ids.unlink()
        with self.assertRaisesRegex(UserError, "leading strategy\n- at least one goal"):
            plan.action_submit()

    def test_open_actions_keep_a_plan_open(self):
        plan = self._plan("running", review_days=30)
        plan.activity_schedule("mail.mail_activity_data_todo", user_id=self.anna.id)
        with self.assertRaisesRegex(UserError, "has open actions"):
            plan.with_user(self.anna).action_close()

    def test_state_and_version_are_typed_by_nobody(self):
        plan = self._plan()
        for vals in ({"state": "approved"}, {"version": 3}):
            with self.assertRaises(AccessError):
                plan.with_user(self.head).write(vals)

    def test_reopened_plan_gets_its_next_review(self):
        plan = self._plan("closed", review_days=30)
        self.assertFalse(plan.activity_ids)
        plan.with_user(self.head).action_reopen()
        self.assertEqual(len(plan.activity_ids), 1)
