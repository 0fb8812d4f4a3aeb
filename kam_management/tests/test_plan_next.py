from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestPlanNext(KamCommon):
    """Next year's plan starts from this year's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        plan = cls.env["kam.plan"].create(
            {
                "account_id": cls.account.id,
                "date_start": "2026-01-01",
                "date_end": "2026-06-30",
                "strategy": "retain",
                "situation": "He builds a new hall.",
                "strengths": "Nights",
                "member_ids": [Command.create({"user_id": cls.boris.id})],
                "goal_ids": [
                    Command.create(
                        {
                            "name": name,
                            "unit": "h",
                            "direction": direction,
                            "baseline": 10,
                            "target": target,
                            "actual": actual,
                        }
                    )
                    for name, direction, target, actual in (
                        ("Steps", "up", 20, 15),
                        ("Passed", "up", 20, 25),
                        ("Stops", "down", 4, 6),
                        ("Quiet", "down", 4, 3),
                    )
                ],
                "need_ids": [
                    Command.create({"name": state, "state": state})
                    for state in ("open", "matched", "delivered", "dropped")
                ],
                "expectation_ids": [
                    Command.create({"name": state, "state": state})
                    for state in ("open", "met")
                ],
                "barrier_ids": [Command.create({"name": "Data", "kind": "data"})],
                "stage_ids": [Command.create({"name": "Visits", "volume": 10})],
            }
        )
        cls.plan = plan.with_user(cls.anna)

    def _next(self):
        self.plan.sudo().state = "running"
        action = self.plan.action_next_plan()
        return self.env["kam.plan"].with_user(self.anna).browse(action["res_id"])

    def test_it_begins_the_day_after_and_lasts_as_long(self):
        self.assertRecordValues(
            self._next(),
            [
                {
                    "date_start": date(2026, 7, 1),
                    "date_end": date(2026, 12, 31),
                    "state": "draft",
                    "previous_plan_id": self.plan.id,
                    "strategy": "retain",
                }
            ],
        )

    def test_open_things_come_along(self):
        plan = self._next()
        self.assertEqual(plan.need_ids.mapped("name"), ["open", "matched"])
        self.assertEqual(plan.expectation_ids.mapped("name"), ["open"])
        self.assertEqual(plan.barrier_ids.name, "Data")
        self.assertEqual(plan.stage_ids.name, "Visits")
        self.assertEqual(plan.member_ids.user_id, self.boris)
        self.assertEqual(plan.strengths, "Nights")
        self.assertFalse(plan.action_ids)

    def test_goals_start_from_where_this_year_has_brought_them(self):
        self.assertRecordValues(
            self._next().goal_ids.sorted("id"),
            [
                {"name": "Steps", "baseline": 15, "target": 20, "actual": 0},
                {"name": "Passed", "baseline": 25, "target": 25, "actual": 0},
                {"name": "Stops", "baseline": 6, "target": 4, "actual": 0},
                {"name": "Quiet", "baseline": 3, "target": 3, "actual": 0},
            ],
        )

    def test_second_click_opens_the_same(self):
        self.assertEqual(self._next(), self._next())
        self.assertEqual(len(self.account.plan_ids), 2)

    def test_plan_made_by_hand_is_found(self):
        plan = self.env["kam.plan"].create(
            {"account_id": self.account.id, "date_start": "2026-07-01"}
        )
        self.assertEqual(self._next(), plan)

    def test_closed_plan_has_a_next_one(self):
        self.plan.sudo().state = "closed"
        self.assertTrue(self.plan.action_next_plan()["res_id"])

    def test_drafts_have_none(self):
        with self.assertRaisesRegex(UserError, "is not possible"):
            self.plan.action_next_plan()

    def test_not_for_a_colleague(self):
        self.plan.sudo().state = "running"
        stranger = self._create_user("stranger", "kam_management.group_kam_user")
        with self.assertRaises(AccessError):
            self.plan.with_user(stranger).action_next_plan()

    def test_year_with_a_leap_day(self):
        self.plan.sudo().write({"date_start": "2028-01-01", "date_end": "2028-12-31"})
        plan = self._next()
        self.assertEqual(plan.date_start, date(2029, 1, 1))
        self.assertEqual(plan.date_end, date(2029, 12, 31))
