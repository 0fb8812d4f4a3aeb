from odoo.tests import freeze_time, tagged

from ..models.plan.kam_plan_content import SWOT_FIELDS
from .plan_common import TODAY, PlanCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanHealth(PlanCommon):
    """Complete or not, alive or stale: seen, searched for, and said in words."""

    def _is_found(self, plan):
        found = self.env["kam.plan"].search(
            [("is_stale", "=", True), ("company_id", "=", self.company.id)]
        )
        rest = self.env["kam.plan"].search(
            [("is_stale", "=", False), ("company_id", "=", self.company.id)]
        )
        plan.invalidate_recordset(["is_stale", "stale_reason"])
        self.assertEqual(plan in found, plan.is_stale)
        self.assertEqual(plan in rest, not plan.is_stale)
        return plan.is_stale

    def _act(self, plan, day):
        return plan.activity_schedule(
            "mail.mail_activity_data_todo", date_deadline=day, user_id=self.anna.id
        )

    def test_completeness_follows_the_lines(self):
        plan = self._plan()
        first = plan.completeness
        self.assertGreater(first, 0)
        plan.wallet = 100
        self.assertGreater(plan.completeness, first)
        goal = self._free_goal(side="customer", target=0, plan_id=plan.id)
        second = plan.completeness
        goal = self.env["kam.plan.goal"].create(goal)
        # the customer's goal is there, but has no target
        self.assertEqual(plan.completeness, second)
        goal.target = 5
        self.assertGreater(plan.completeness, second)
        goal.unlink()
        self.assertEqual(plan.completeness, second)

    def test_review_of_the_plan_is_no_action_of_it(self):
        plan = self._plan()
        before = plan.completeness
        plan.activity_schedule("kam_management.mail_activity_type_plan_review")
        self.assertEqual(plan.completeness, before)
        self._act(plan, "2030-01-01")
        self.assertGreater(plan.completeness, before)

    def test_full_plan_is_complete_and_not_found_among_the_others(self):
        goals = [self._free_goal(), self._free_goal(side="customer")]
        plan = self._plan(goals=goals, wallet=100, strategy_note="Stay near")
        plan.member_ids = [(0, 0, {"user_id": self.boris.id})]
        self.assertIn("fa-circle-o", plan.completeness_checklist)
        words = dict.fromkeys((*SWOT_FIELDS, "situation"), "Said in words")
        lines = {
            "need_ids": {"name": "Dry air"},
            "stage_ids": {"name": "Visitors"},
            "expectation_ids": {"name": "Within a day"},
            "barrier_ids": {"name": "One contract", "kind": "contract"},
        }
        plan.write({**words, **{key: [(0, 0, line)] for key, line in lines.items()}})
        self._act(plan, "2030-01-01")
        parts = plan._get_completeness_parts()
        missing = [label for label, is_done in parts if not is_done]
        self.assertEqual((plan.completeness, missing), (100, []))
        self.assertNotIn("fa-circle-o", plan.completeness_checklist)

    def test_each_part_that_is_read_is_depended_upon(self):
        """A part whose field is not listed would leave the stored figure wrong."""
        plan = self._plan()
        for name in plan._get_completeness_fields():
            model, *path = plan, *name.split(".")
            for step in path:
                self.assertIn(step, model._fields, name)
                model = model[step] if model._fields[step].relational else None

    def test_plan_that_has_just_begun_is_not_stale(self):
        self.assertFalse(self._is_found(self._plan("running")))

    def test_plan_without_actions_goes_stale_after_a_while(self):
        plan = self._plan("running")
        with freeze_time("2020-07-16"):
            self.assertTrue(self._is_found(plan))
            self.assertIn("no action is planned", plan.stale_reason)
            action = self._act(plan, "2020-09-01")
            self.assertFalse(self._is_found(plan))
            action.action_done()
            self.assertFalse(self._is_found(plan), "done lately")
        with freeze_time("2020-11-16"):
            self.assertTrue(self._is_found(plan), "done long ago")

    def test_the_planned_review_is_no_action(self):
        plan = self._plan("running", review_days=60)
        self.assertTrue(plan.activity_ids)
        with freeze_time("2020-07-16"):
            self.assertTrue(self._is_found(plan))

    def test_overdue_review_makes_stale_until_it_is_done(self):
        plan = self._plan("running", review_days=20)
        self._act(plan, "2020-12-01")
        with freeze_time("2020-07-21"):
            self.assertFalse(self._is_found(plan))
        with freeze_time("2020-07-22"):
            self.assertTrue(self._is_found(plan))
            self.assertEqual(plan.stale_reason, "the review is overdue")
            review = self.env["kam.plan.review"].create({"plan_id": plan.id})
            review.action_done()
            self.assertFalse(self._is_found(plan))

    def test_overdue_touch_makes_stale(self):
        plan = self._plan("running")
        self._act(plan, "2020-12-01")
        self.account.sudo().next_touch_date = "2020-06-30"
        self.env.flush_all()
        self.assertTrue(self._is_found(plan))
        self.assertEqual(plan.stale_reason, "a touch is overdue")

    def test_only_running_plans_go_stale(self):
        plan = self._plan("submitted")
        with freeze_time("2020-12-16"):
            self.assertFalse(self._is_found(plan))

    def test_plan_is_stale_from_the_day_after_its_next_review(self):
        plan = self._plan("running", review_days=45)
        self._act(plan, "2020-12-31")
        due = plan.next_review_date
        with freeze_time(due):
            self.assertFalse(self._is_found(plan))
        with freeze_time("2020-08-16"):
            self.assertLess(due.isoformat(), "2020-08-16")
            self.assertTrue(self._is_found(plan))

    def test_glance_counts_the_goals(self):
        plan = self._plan("running", goals=[self._free_goal(), self._free_goal()])
        plan.goal_ids[0].actual = 10
        self.assertEqual(plan.goals_summary, "1 reached")
