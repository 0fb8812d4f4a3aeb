from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .plan_common import TODAY, PlanCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanMissing(PlanCommon):
    """A draft names everything it lacks at once, and where it is filled in."""

    def test_everything_is_named_at_once_with_its_place(self):
        plan = self._empty()
        self.assertEqual(
            [(part["label"], part["page"], part["field"]) for part in plan.missing],
            [
                ("the plan owner", None, "user_id"),
                ("the leading strategy", None, "strategy"),
                ("at least one goal", "evaluation", "goal_ids"),
            ],
        )
        with self.assertRaisesRegex(
            UserError, "plan owner\n.*leading strategy\n.*at least one goal"
        ):
            plan.action_submit()

    def test_idle_targets_are_named_with_the_rest(self):
        self._order("2019-06-01", 500)
        goals = [
            self._measured(name, 400, target_reason=False)
            for name in ("revenue", "transaction")
        ]
        plan = self._plan(goals=goals, strategy=False).with_user(self.anna)
        self.assertEqual(len(plan.missing), 1, "the baselines are not taken yet")
        action = plan.action_try_submit()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual(plan.state, "draft")
        self.assertEqual(
            [(part["page"], part["field"]) for part in plan.missing],
            [(None, "strategy"), *[("evaluation", "goal_ids")] * 2],
        )
        self.assertIn("400 is worse than the baseline of 500", plan.missing[1]["label"])
        with self.assertRaisesRegex(UserError, "strategy\n.*Revenue.*\n.*purchase"):
            plan.action_submit()

    def test_goals_without_a_target_are_named(self):
        """No complaint at all is a target, and so is a zero somebody gives a reason for."""
        goals = [
            self._free_goal(name="Reach"),
            self._free_goal(name="Empty", target=0),
            self._free_goal(name="Complaints", target=0, direction="down"),
            self._free_goal(name="Pause", target=0, target_reason="Sabbatical"),
            self._measured("revenue", target_reason=False),
        ]
        plan = self._plan(goals=goals).with_user(self.anna)
        self.assertEqual(
            [(part["label"], part["page"], part["field"]) for part in plan.missing],
            [
                ("the target of “Empty”", "evaluation", "goal_ids"),
                ("the target of “Revenue”", "evaluation", "goal_ids"),
            ],
        )
        with self.assertRaisesRegex(UserError, "Empty.*\n.*Revenue"):
            plan.action_submit()
        plan.goal_ids.filtered(lambda goal: not goal.target).target = 5
        self.assertFalse(plan.missing)

    def test_list_grows_shorter_while_one_types(self):
        form = Form(self._empty())
        form.strategy = "retain"
        self.assertEqual([p["field"] for p in form.missing], ["user_id", "goal_ids"])

    def test_complete_plan_is_submitted_by_the_button(self):
        plan = self._plan().with_user(self.anna)
        self.assertFalse(plan.missing)
        plan.action_try_submit()
        self.assertEqual(plan.state, "submitted")
        self.assertFalse(plan.missing)
        with self.assertRaisesRegex(UserError, "is submitted"):
            plan.action_try_submit()

    def test_strangers_submit_nothing(self):
        with self.assertRaises(AccessError):
            self._plan().with_user(self.boris).action_try_submit()

    def test_plans_are_named_one_by_one(self):
        plans = self._empty() | self._plan(
            strategy=False, date_start="2021-01-01", date_end="2021-12-31"
        )
        with self.assertRaisesRegex(
            UserError, "2020.*incomplete(.|\n)*2021.*incomplete"
        ):
            plans.action_submit()

    def _empty(self):
        plan = self._plan(strategy=False)
        plan.write({"user_id": False, "goal_ids": [Command.clear()]})
        return plan
