from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .plan_common import TODAY, PlanCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanDiscard(PlanCommon):
    """A new version that nobody wants any more is given up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls._order("2019-06-01", 500)
            goals = [cls._measured("revenue", 600), cls._free_goal(), cls._free_goal()]
            goals[2]["name"] = "Visits"
            cls.plan = cls._plan("running", goals, touch_days=9)
            cls.plan.goal_ids[2].actual = 4
            cls.review = cls.env["kam.plan.review"].create({"plan_id": cls.plan.id})
            cls.review.action_done()
            cls.plan._start_new_version("Other market")
        cls.revised = cls.plan.with_user(cls.anna)

    def test_plan_goes_on_as_it_was_approved(self):
        revenue, stops, visits = self.revised.goal_ids
        revenue.indicator = "coverage"
        stops.write({"target": 99, "name": "Halts"})
        visits.unlink()
        new = {**self._free_goal(name="Audits"), "plan_id": self.plan.id}
        self.env["kam.plan.goal"].with_user(self.anna).create(new)
        self.revised.write({"strategy": "expand", "date_end": "2020-11-30"})
        self.revised.action_discard_version()
        self.assertRecordValues(
            self.plan,
            [
                {
                    "state": "running",
                    "version": 1,
                    "strategy": "retain",
                    "date_end": date(2020, 12, 31),
                    "approve_user_id": self.head.id,
                    "approve_date": TODAY,
                }
            ],
        )
        self.assertFalse(self.plan.version_ids)
        goals = [
            {"name": "Revenue", "indicator": "revenue", "baseline": 500, "target": 600},
            {"name": "Stops", "indicator": False, "baseline": 0, "target": 10},
            {"name": "Visits", "indicator": False, "baseline": 0, "target": 10},
        ]
        back = self.plan.goal_ids.sorted("name")
        self.assertRecordValues(back, goals)
        self.assertEqual(back.mapped("baseline_date"), [TODAY] * 3)
        self.assertEqual(back[2].actual, 4)

    def test_reviews_know_a_goal_that_came_back(self):
        self.revised.goal_ids[2].unlink()
        self.revised.action_discard_version()
        self.assertEqual(
            self.review.line_ids.goal_id, self.plan.goal_ids, "none is forgotten"
        )

    def test_next_review_is_planned_again(self):
        self.revised.action_discard_version()
        kind = "kam_management.mail_activity_type_plan_review"
        self.assertEqual(
            bool(self.plan.activity_search([kind])), bool(self.plan.next_review_date)
        )

    def test_plan_that_was_never_approved_has_nothing_to_go_back_to(self):
        plan = self._plan(date_start="2021-01-01").with_user(self.anna)
        with self.assertRaisesRegex(UserError, "not been approved yet"):
            plan.action_discard_version()

    def test_running_plan_is_not_discarded(self):
        self.revised.action_discard_version()
        with self.assertRaisesRegex(UserError, "is not possible"):
            self.revised.action_discard_version()

    def test_stranger_discards_nothing(self):
        with self.assertRaises(AccessError):
            self.plan.with_user(self.boris).action_discard_version()

    def test_plan_that_is_revised_still_goes_stale_and_keeps_its_rhythm(self):
        """It was a way to be left in peace: begin a new version, and let it lie."""
        self.assertEqual(self.plan.state, "draft")
        self._touch("2020-03-01")
        self._drain()
        self.assertEqual(self.account.next_touch_date, date(2020, 3, 10))
        with freeze_time("2020-12-01"):
            self.plan.invalidate_recordset(["is_stale"])
            self.assertTrue(self.plan.is_stale)
            domain = [("is_stale", "=", True)]
            self.assertIn(self.plan, self.env["kam.plan"].search(domain))
