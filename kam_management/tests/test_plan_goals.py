from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .plan_common import START, TODAY, PlanCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanGoals(PlanCommon):
    """Goals: chosen from a catalogue, measured by the app, fixed by the approval."""

    def test_indicator_fills_name_unit_and_direction(self):
        goal = self._plan(goals=[self._measured("cycle", 30)]).goal_ids
        self.assertRecordValues(
            goal,
            [
                {
                    "name": "Sales cycle length",
                    "unit": "days",
                    "direction": "down",
                    "is_cumulative": False,
                }
            ],
        )
        goal.indicator = "revenue"
        self.assertEqual((goal.name, goal.unit), ("Revenue", "USD"))
        self.assertTrue(goal.is_cumulative)

    def test_own_name_of_a_measured_goal_stays(self):
        goal = self._plan(goals=[self._measured("revenue", name="Growth")]).goal_ids
        goal.indicator = "margin"
        self.assertEqual(goal.name, "Growth")

    def test_goal_is_a_number(self):
        goal = self._plan(goals=[self._measured("revenue", target=5)]).goal_ids
        for value in (float("nan"), 1e300):
            with (
                self.subTest(value=value),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                goal.target = value
                self.env.flush_all()

    def test_plan_is_of_years_that_people_live_in(self):
        for start, end in (
            ("1900-01-01", "1900-12-31"),
            ("2026-01-01", "2400-12-31"),
            ("2020-01-01", "2031-12-31"),
        ):
            with (
                self.subTest(start=start),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._plan(date_start=start, date_end=end)
                self.env.flush_all()

    def test_goal_without_unit_is_refused(self):
        for unit in (False, "", "  "):
            with (
                self.assertRaisesRegex(ValidationError, "has no unit"),
                self.cr.savepoint(),
            ):
                self._plan(goals=[self._free_goal(unit=unit)])

    def test_target_worse_than_the_baseline_wants_a_reason(self):
        worse = self._free_goal(baseline=20, target=10)
        less = self._free_goal(baseline=10, target=20, direction="down")
        for goal in (worse, less):
            with (
                self.assertRaisesRegex(ValidationError, "worse than the baseline"),
                self.cr.savepoint(),
            ):
                self._plan(goals=[goal])
            self._plan(goals=[{**goal, "target_reason": "Fewer shifts"}]).unlink()

    def test_measured_target_is_looked_at_when_the_plan_is_submitted(self):
        self._order("2019-06-01", 500)
        plan = self._plan(goals=[self._measured("revenue", 400, target_reason=False)])
        with self.assertRaisesRegex(ValidationError, "400 .*baseline of 500 USD"):
            plan.with_user(self.anna).action_submit()
        plan.goal_ids.target = 600
        plan.with_user(self.anna).action_submit()

    def test_all_targets_worse_than_their_baselines_are_named_at_once(self):
        self._order("2019-06-01", 500)
        goals = [
            self._measured(name, 400, target_reason=False)
            for name in ("revenue", "transaction")
        ]
        plan = self._plan(goals=goals)
        with self.assertRaisesRegex(ValidationError, "Revenue.*\n.*purchase value"):
            plan.with_user(self.anna).action_submit()

    def test_approval_takes_baseline_and_actual(self):
        self._order("2019-06-01", 500)
        self._order("2020-06-01", 150)
        goal = self._plan("approved", goals=[self._measured("revenue", 600)]).goal_ids
        self.assertRecordValues(
            goal,
            [
                {
                    "baseline": 500,
                    "baseline_date": TODAY,
                    "actual": 150,
                    "actual_date": TODAY,
                    "standing": "behind",
                    "progress": 0.25,
                }
            ],
        )
        # of the 262 working days of 2020, 130 are over on the 1st of July
        self.assertAlmostEqual(goal.expected, 600 * 130 / 262)

    def test_refresh_shows_the_baseline_in_a_draft_and_keeps_it_later(self):
        self._order("2019-06-01", 500)
        plan = self._plan(goals=[self._measured("revenue", 600)])
        plan.with_user(self.anna).action_refresh_goals()
        self.assertEqual(plan.goal_ids.baseline, 500)
        self.assertFalse(plan.goal_ids.baseline_date)
        plan.with_user(self.anna).action_submit()
        plan.with_user(self.head).action_approve()
        self._order("2019-07-01", 50)
        self._order("2020-02-01", 70)
        plan.with_user(self.anna).action_refresh_goals()
        self.assertRecordValues(plan.goal_ids, [{"baseline": 500, "actual": 70}])

    def test_nobody_types_the_actual_of_a_measured_goal(self):
        plan = self._plan("running", goals=[self._measured("revenue", 600)])
        for user in (self.anna, self.head):
            with self.assertRaisesRegex(UserError, "measured automatically"):
                plan.goal_ids.with_user(user).actual = 1000
        draft = self._draft_of_another()
        values = {**self._measured("revenue"), "plan_id": draft.id, "actual": 7}
        with self.assertRaisesRegex(UserError, "measured automatically"):
            self.env["kam.plan.goal"].with_user(self.anna).create(values)

    def test_nobody_types_what_the_app_finds_out(self):
        goal = self._plan().goal_ids.with_user(self.head)
        for name, value in (
            ("baseline_date", "2020-01-01"),
            ("actual_date", "2020-01-01"),
            ("progress", 1),
            ("standing", "reached"),
            ("expected", 5),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                goal.write({name: value})

    def test_actual_of_a_free_goal_is_typed_in_while_the_plan_runs(self):
        goal = self._plan("running").goal_ids
        self.assertFalse(goal.standing, "no figure yet, so it stands nowhere")
        goal.with_user(self.anna).actual = 6
        self.assertRecordValues(
            goal, [{"actual": 6, "actual_date": TODAY, "standing": "on_track"}]
        )
        goal.with_user(self.anna).actual = 10
        self.assertEqual(goal.standing, "reached")

    def test_goals_are_fixed_from_submission_on(self):
        for state in ("submitted", "running"):
            plan = self._plan(state)
            goal = plan.goal_ids.with_user(self.head)
            for vals in (
                {"target": 1},
                {"name": "Less"},
                {"indicator": "revenue"},
                {"direction": "down"},
                {"baseline": 1},
            ):
                with self.subTest(state=state, vals=vals):
                    with self.assertRaisesRegex(UserError, "new version"):
                        goal.write(vals)
            with self.assertRaisesRegex(UserError, "new version"):
                goal.unlink()
            with self.assertRaisesRegex(UserError, "new version"):
                goal.create({**self._free_goal(), "plan_id": plan.id})
            plan.sudo().active = False

    def test_period_and_strategy_are_fixed_with_the_goals(self):
        plan = self._plan("running").with_user(self.head)
        for vals in ({"date_end": "2021-12-31"}, {"strategy": "expand"}):
            with self.assertRaisesRegex(UserError, "new version"):
                plan.write(vals)

    def test_goal_of_another_customer_is_not_served(self):
        other = self._account(self._create_customer("Other"))
        theirs = self.env["kam.customer.goal"].create(
            {"name": "Grow", "account_id": other.id, "org_level": "1_top"}
        )
        with self.assertRaisesRegex(ValidationError, "another customer"):
            self._plan(goals=[self._free_goal(customer_goal_id=theirs.id)])

    def test_level_follows_the_goal_of_the_customer(self):
        his = self.env["kam.customer.goal"].create(
            {"name": "Grow", "account_id": self.account.id, "org_level": "1_top"}
        )
        goal = self._free_goal(customer_goal_id=his.id, side="customer")
        self.assertEqual(self._plan(goals=[goal]).goal_ids.org_level, "1_top")

    def test_next_year_starts_where_this_one_arrived(self):
        plan = self._plan("running", goals=[self._free_goal(), self._measured("cost")])
        plan.goal_ids[0].actual = 8
        copy = plan.copy()
        self.assertRecordValues(
            copy.goal_ids,
            [
                {"name": "Stops", "baseline": 8, "actual": 0, "baseline_date": False},
                {
                    "name": "Cost to serve",
                    "baseline": 0,
                    "actual": 0,
                    "baseline_date": False,
                },
            ],
        )

    def test_figure_that_is_unknown_stands_nowhere(self):
        plan = self._plan("running", goals=[self._measured("loyalty", 4)])
        self.assertRecordValues(
            plan.goal_ids, [{"actual": 0, "actual_date": False, "standing": False}]
        )

    def test_cron_measures_once_a_day_and_leaves_closed_plans_alone(self):
        plan = self._plan("running", goals=[self._measured("revenue", 600)])
        self._order("2020-06-01", 150)
        Plan, cron = self.env["kam.plan"], self.env["ir.cron"]
        with patch.object(type(cron), "_commit_progress", return_value=60):
            Plan._cron_measure_goals()
            self.assertEqual(plan.goal_ids.actual, 0, "measured today already")
            with freeze_time("2020-07-02"):
                Plan._cron_measure_goals()
                self.assertEqual(plan.goal_ids.actual, 150)
                self.assertEqual(plan.goals_date, fields.Date.today())
            plan.with_user(self.head).action_close()
            self._order("2020-06-02", 150)
            with freeze_time("2020-07-03"):
                Plan._cron_measure_goals()
        self.assertEqual(plan.goal_ids.actual, 150)

    def test_cron_goes_on_where_it_was_interrupted(self):
        plans = self._plan("running", goals=[self._measured("revenue", 600)])
        for n in range(3):
            account = self._account(self._create_customer(f"Customer {n}"))
            account.manager_id = self.anna
            plans |= self._plan("running", account_id=account.id)
        with (
            freeze_time("2020-07-02"),
            patch(
                "odoo.addons.kam_management.models.plan.kam_plan_goals.BATCH_SIZE", 2
            ),
        ):
            cron = type(self.env["ir.cron"])
            # time is up after the first batch
            with patch.object(cron, "_commit_progress", side_effect=[60, 0]):
                plans._cron_measure_goals()
            today = fields.Date.today()
            self.assertEqual(
                len(plans.filtered(lambda plan: plan.goals_date == today)), 2
            )
            with patch.object(cron, "_commit_progress", return_value=60):
                plans._cron_measure_goals()
            self.assertEqual(set(plans.mapped("goals_date")), {today})

    def test_picture_shows_each_goal_and_escapes_its_name(self):
        plan = self._plan(goals=[self._free_goal(name="<b>Stops</b>")])
        self.assertIn("&lt;b&gt;Stops", plan.goals_picture)
        self.assertIn("<svg", plan.goals_picture)

    def test_form_takes_goals_of_both_kinds(self):
        plan = self._plan().with_user(self.anna)
        with Form(plan) as form:
            with form.goal_ids.new() as goal:
                goal.indicator = "revenue"
                goal.target = 100
        self.assertEqual(plan.goal_ids.mapped("name"), ["Stops", "Revenue"])
        self.assertEqual(plan.date_start, START)

    def _draft_of_another(self):
        account = self._account(self._create_customer("Another"))
        account.manager_id = self.anna
        return self._plan(account_id=account.id)
