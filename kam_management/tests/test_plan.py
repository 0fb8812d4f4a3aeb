from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestPlan(KamCommon):
    """The way of a service plan from its draft to its end, and who may go it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.write({"manager_id": cls.anna.id, "accountable_id": cls.head.id})
        cls.Plan = cls.env["kam.plan"]

    @classmethod
    def _plan(cls, user=None, **values):
        """Return a plan of the account for 2020, ready to be submitted."""
        return cls.Plan.with_user(user or cls.anna).create(
            {
                "account_id": cls.account.id,
                "date_start": "2020-01-01",
                "strategy": "retain",
                "goal_ids": [
                    Command.create({"name": "Visits", "unit": "visits", "target": 12})
                ],
                **values,
            }
        )

    def _approved(self, **values):
        plan = self._plan(**values)
        plan.action_submit()
        plan.with_user(self.head).action_approve()
        return plan

    def _start_due_plans(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=60):
            self.Plan._cron_start()

    def test_plan_takes_over_who_leads_the_account_and_lasts_a_year(self):
        plan = self._plan()
        self.assertRecordValues(
            plan,
            [
                {
                    "name": f"{self.customer.name} 2020",
                    "date_end": date(2020, 12, 31),
                    "user_id": self.anna.id,
                    "accountable_id": self.head.id,
                    "state": "draft",
                    "company_id": self.company.id,
                }
            ],
        )

    def test_form_needs_the_account_alone(self):
        with Form(self.Plan.with_user(self.anna)) as form:
            form.account_id = self.account
            form.date_start = date(2021, 4, 1)
        self.assertEqual(form.record.name, f"{self.customer.name} 2021")
        self.assertEqual(form.record.date_end, date(2022, 3, 31))

    @freeze_time("2020-03-01")
    def test_plan_goes_its_way(self):
        plan = self._plan()
        plan.action_submit()
        self.assertEqual(plan.state, "submitted")
        [request] = plan.activity_ids
        self.assertEqual(request.user_id, self.head)
        plan.with_user(self.head).action_approve()
        self.assertEqual((plan.state, plan.approve_user_id), ("running", self.head))
        self.assertFalse(plan.activity_ids)
        plan.action_close()
        self.assertEqual((plan.state, plan.close_date), ("closed", date(2020, 3, 1)))
        plan.with_user(self.head).action_reopen()
        self.assertEqual(plan.state, "running")

    def test_approved_plan_runs_from_its_first_day_on(self):
        with freeze_time("2019-12-20"):
            plan = self._approved()
            self._start_due_plans()
            self.assertEqual(plan.state, "approved")
        with freeze_time("2020-01-01"):
            self._start_due_plans()
            self.assertEqual(plan.state, "running")

    def test_start_of_plans_goes_on_where_it_was_interrupted(self):
        with freeze_time("2019-12-20"):
            plans = self._approved()
            for name, day in (("Other", 1), ("Later", 2)):
                account = self._account(self._create_customer(name))
                account.write(
                    {"manager_id": self.anna.id, "accountable_id": self.head.id}
                )
                start = date(2020, 1, day)
                plans |= self._approved(account_id=account.id, date_start=start)
        module = "odoo.addons.kam_management.models.plan.kam_plan_state"
        cron = type(self.env["ir.cron"])
        with freeze_time("2020-01-01"), patch(f"{module}.BATCH_SIZE", 1):
            # time is up after the first batch
            with patch.object(cron, "_commit_progress", side_effect=[60, 0]):
                self.Plan._cron_start()
            self.assertEqual(plans.mapped("state").count("running"), 1)
            self._start_due_plans()
            self.assertEqual(plans.mapped("state").count("running"), 2)

    def test_plan_without_goal_strategy_or_manager_is_not_submitted(self):
        for values, missing in (
            ({"goal_ids": False}, "at least one goal"),
            ({"strategy": False}, "leading strategy"),
            ({"user_id": False}, "the plan owner"),
        ):
            with self.subTest(missing), self.cr.savepoint():
                plan = self._plan(**values)
                plan.user_id = values.get("user_id", self.anna)
                with self.assertRaisesRegex(UserError, missing):
                    plan.action_submit()
                plan.unlink()

    def test_step_that_does_not_follow_is_refused(self):
        plan = self._plan()
        for step in ("action_approve", "action_close", "action_reopen"):
            with self.subTest(step), self.assertRaisesRegex(UserError, "is draft"):
                getattr(plan.with_user(self.head), step)()

    def test_manager_neither_approves_nor_reopens(self):
        plan = self._plan()
        plan.action_submit()
        with self.assertRaisesRegex(AccessError, "Only a head of sales"):
            plan.action_approve()
        plan.with_user(self.head).action_approve()
        plan.action_close()
        with self.assertRaisesRegex(AccessError, "Only a head of sales"):
            plan.action_reopen()

    def test_head_does_not_approve_his_own_plan_unless_settings_allow_it(self):
        plan = self._plan(user=self.head)
        plan.action_submit()
        with self.assertRaisesRegex(AccessError, "another head of sales"):
            plan.action_approve()
        self.company.kam_plan_self_approval = True
        plan.action_approve()
        self.assertEqual(plan.approve_user_id, self.head)

    def test_state_cannot_be_typed_in(self):
        for values in ({"state": "approved"}, {"approve_user_id": self.head.id}):
            with self.subTest(values), self.assertRaisesRegex(AccessError, "buttons"):
                self._plan().write(values)
            self.Plan.search([("account_id", "=", self.account.id)]).unlink()
        self.assertEqual(
            self.Plan.with_context(default_state="running")
            .with_user(self.anna)
            .create({"account_id": self.account.id})
            .state,
            "draft",
        )

    def test_plans_of_one_customer_do_not_overlap(self):
        self._plan()
        for start, end in (("2020-12-31", "2021-01-31"), ("2019-06-01", "2020-01-01")):
            with (
                self.subTest(start),
                self.assertRaisesRegex(ValidationError, "has a plan for this time"),
                self.cr.savepoint(),
            ):
                self._plan(date_start=start, date_end=end)
        self.assertTrue(self._plan(date_start="2021-01-01"))
        other = self._account(self._create_customer("Another"))
        other.manager_id = self.anna
        self.assertTrue(self._plan(account_id=other.id))

    def test_archived_plan_makes_room_and_does_not_come_back_over_another(self):
        first = self._plan()
        first.active = False
        self._plan()
        with self.assertRaisesRegex(ValidationError, "has a plan for this time"):
            first.action_unarchive()

    def test_period_that_ends_before_it_begins_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._plan(date_start="2020-05-01", date_end="2020-04-01").flush_recordset()

    def test_closed_plan_stays_as_it_is(self):
        plan = self._approved()
        plan.action_close()
        for change in (
            lambda: plan.write({"strategy": "expand"}),
            lambda: plan.goal_ids.write({"sequence": 3}),
            lambda: plan.goal_ids.unlink(),
            lambda: (
                self.env["kam.plan.member"]
                .with_user(self.anna)
                .create({"plan_id": plan.id, "user_id": self.boris.id})
            ),
        ):
            with (
                self.assertRaisesRegex(ValidationError, "is closed"),
                self.cr.savepoint(),
            ):
                change()

    def test_plan_with_open_actions_is_not_closed(self):
        plan = self._approved()
        plan.activity_schedule("mail.mail_activity_data_todo", user_id=self.anna.id)
        with self.assertRaisesRegex(UserError, "has open actions"):
            plan.action_close()

    def test_approved_plan_is_not_deleted(self):
        plan = self._approved()
        with self.assertRaisesRegex(ValidationError, "cannot be deleted"):
            plan.unlink()
        draft = self._plan(date_start="2021-01-01")
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_copy_is_a_draft_of_the_time_after(self):
        plan = self._approved()
        copy = plan.copy()
        self.assertRecordValues(
            copy,
            [
                {
                    "name": f"{self.customer.name} 2021",
                    "date_start": date(2021, 1, 1),
                    "date_end": date(2021, 12, 31),
                    "state": "draft",
                    "approve_user_id": False,
                }
            ],
        )
        self.assertEqual(copy.goal_ids.mapped("name"), ["Visits"])

    def test_plan_is_for_the_team_of_the_account_and_for_heads(self):
        plan = self._plan()
        for user in (self.boris, self.seller):
            with self.subTest(user.name), self.assertRaises(AccessError):
                plan.with_user(user).check_access("read")
        self.assertEqual(self.Plan.with_user(self.head).search([]) & plan, plan)
        with self.assertRaises(AccessError):
            self._plan(user=self.boris, date_start="2022-01-01")

    def test_plan_is_not_moved_to_the_customer_of_another_team(self):
        plan = self._plan()
        other = self._account(self._create_customer("Another"))
        with self.assertRaises(AccessError):
            plan.account_id = other

    def test_colleague_in_the_team_of_the_plan_sees_the_account(self):
        plan = self._plan()
        member = self.env["kam.plan.member"].with_user(self.anna)
        member.create({"plan_id": plan.id, "user_id": self.boris.id, "role": "Trainer"})
        self.assertIn(self.boris, self.account.team_user_ids)
        self.assertEqual(plan.with_user(self.boris).name, plan.name)

    def test_company_of_ours_keeps_its_plans_to_itself(self):
        plan = self._plan()
        sister = self._create_company("Sister")
        self.head.company_ids += sister
        mine = self.Plan.with_user(self.head).with_context(
            allowed_company_ids=sister.ids
        )
        self.assertFalse(mine.search([]) & plan)

    def test_running_plan_sets_the_rhythm_of_touches(self):
        self._touch("2020-03-01")
        plan = self._approved(touch_days=4)
        self._drain()
        self.assertEqual(self.account.next_touch_date, date(2020, 3, 5))
        plan.touch_days = 9
        self._drain()
        self.assertEqual(self.account.next_touch_date, date(2020, 3, 10))
        plan.action_close()
        self._drain()
        self.assertGreater(self.account.next_touch_date, date(2020, 3, 10))

    def test_account_shows_the_plan_of_today_else_the_next_else_the_last(self):
        last = self._plan(date_start="2019-01-01")
        self.assertEqual(self.account.plan_id, last)
        now = self._plan()
        coming = self._plan(date_start="2021-01-01")
        self.env.invalidate_all()
        for day, expected in (
            ("2019-05-01", last),
            ("2020-05-01", now),
            ("2020-12-31", now),
            ("2021-01-01", coming),
            ("2025-01-01", coming),
        ):
            with self.subTest(day), freeze_time(day):
                self.account.invalidate_recordset(["plan_id"])
                self.assertEqual(self.account.plan_id, expected)

    def test_merged_accounts_bring_all_their_plans(self):
        double = self._create_customer("Double")
        theirs = self._plan(user=self.env.user, account_id=self._account(double).id)
        mine = self._plan()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((double + self.customer).ids, self.customer)
        self.assertEqual(self.account.plan_ids, mine + theirs)
