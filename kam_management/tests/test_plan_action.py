from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .plan_content_common import PlanContentCommon


@tagged("post_install", "-at_install")
class TestPlanAction(PlanContentCommon):
    """Actions of a plan are Odoo's activities, wherever they hang."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.env["kam.plan.goal"].create(
            {"plan_id": cls.plan.id, "name": "More revenue", "unit": "USD"}
        )

    def test_activity_on_the_plan_is_an_action_of_it(self):
        activity = self._activity(self.plan)
        self.assertEqual(activity.kam_plan_id, self.plan)
        self.assertEqual(self.plan.action_ids, activity)

    def test_activity_on_a_lead_of_the_plan_is_an_action_of_it(self):
        lead = self._lead(kam_plan_id=self.plan.id)
        self.assertEqual(self._activity(lead).kam_plan_id, self.plan)
        self.assertFalse(self._activity(self._lead()).kam_plan_id)

    def test_activity_elsewhere_is_no_action(self):
        self.assertFalse(self._activity(self.account).kam_plan_id)

    def test_request_for_approval_is_no_action(self):
        self.plan.accountable_id = self.head
        self.plan._ask_for_approval()
        self.assertTrue(self.plan.activity_ids)
        self.assertFalse(self.plan.action_ids)

    def test_done_actions_stay_in_the_plan(self):
        activity = self._activity(self.plan)
        activity.with_user(self.anna).action_feedback("Went well")
        self.plan.invalidate_recordset(["action_ids"])
        self.assertEqual(self.plan.action_ids.state, "done")

    def test_late_actions_are_counted_and_found(self):
        self._activity(self.plan, days=-2)
        self._activity(self.account, days=-2, kam_plan_id=self.plan.id)
        self._activity(self.plan, days=-2).action_done()
        self._activity(self.plan)
        self.assertEqual(self.plan.late_action_count, 2)
        Plan = self.env["kam.plan"]
        late = Plan.search([("late_action_count", ">", 0)])
        self.assertIn(self.plan, late)
        self.assertNotIn(self.other_plan, late)
        self.assertIn(self.other_plan, Plan.search([("late_action_count", "=", 0)]))

    def test_plan_with_an_open_action_elsewhere_does_not_close(self):
        self._activity(self.account, kam_plan_id=self.plan.id, summary="Call Ada")
        self.plan.sudo().state = "running"
        with self.assertRaisesRegex(UserError, "has open actions: Call Ada"):
            self.plan.with_user(self.head).action_close()
        self.plan.action_ids.action_done()
        self.plan.with_user(self.head).action_close()
        self.assertEqual(self.plan.state, "closed")

    def test_dialog_offers_the_goals_of_the_plan(self):
        action = self.plan.with_user(self.anna).action_plan_action()
        Schedule = self.env["mail.activity.schedule"].with_user(self.anna)
        with Form(Schedule.with_context(**action["context"])) as form:
            self.assertEqual(form.kam_plan_id, self.plan)
            form.kam_goal_id = self.goal
            form.summary = "Make an offer"
        form.record.action_schedule_activities()
        self.assertRecordValues(
            self.plan.action_ids,
            [{"summary": "Make an offer", "kam_goal_id": self.goal.id}],
        )

    def test_dialog_on_the_account_offers_its_plans(self):
        context = {"active_model": "kam.account", "active_ids": self.account.ids}
        Schedule = self.env["mail.activity.schedule"].with_user(self.anna)
        with Form(Schedule.with_context(**context)) as form:
            self.assertFalse(form.kam_plan_id)
            form.kam_plan_id = self.plan
        form.record.action_schedule_activities()
        self.assertEqual(self.plan.action_ids.res_model, "kam.account")

    def test_dialog_works_for_who_has_nothing_to_do_with_plans(self):
        context = {"active_model": "res.partner", "active_ids": self.customer.ids}
        Schedule = self.env["mail.activity.schedule"].with_user(self.seller)
        with Form(Schedule.with_context(**context)) as form:
            form.summary = "Call"
        form.record.action_schedule_activities()
        self.assertEqual(self.customer.activity_ids.summary, "Call")

    def test_goal_of_another_plan_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "belongs to another plan"):
            self._activity(self.other_plan, kam_goal_id=self.goal.id)

    def test_nobody_adds_to_plans_he_does_not_work_on(self):
        Activity = self.env["mail.activity"].with_user(self.boris)
        values = {"summary": "Mine", "user_id": self.boris.id}
        with self.assertRaisesRegex(AccessError, "cannot change this plan"):
            Activity.create({**values, "kam_plan_id": self.plan.id})
        with self.assertRaisesRegex(AccessError, "cannot change this plan"):
            Activity.with_context(default_kam_plan_id=self.plan.id).create(values)
        mine = Activity.create(values)
        with self.assertRaisesRegex(AccessError, "cannot change this plan"):
            mine.kam_plan_id = self.plan
        lead = self._lead(user_id=self.boris.id).with_user(self.boris)
        with self.assertRaisesRegex(AccessError, "cannot change this plan"):
            lead.kam_plan_id = self.plan
        with self.assertRaisesRegex(AccessError, "cannot change this plan"):
            lead.copy({"kam_plan_id": self.plan.id})

    def test_call_done_on_the_plan_is_a_touch_of_the_customer(self):
        activity = self._activity(self.plan)
        activity.activity_type_id = self.env.ref("mail.mail_activity_data_call")
        self.assertTrue(activity.kam_is_touch)
        activity.with_user(self.anna).action_feedback("Spoke with Ada")
        self.env["kam.touch"]._capture()
        touch = self.account.touch_ids
        self.assertRecordValues(
            touch, [{"channel": "phone", "user_id": self.anna.id, "direction": "out"}]
        )

    def test_to_do_done_on_the_plan_is_no_touch(self):
        self._activity(self.plan).with_user(self.anna).action_done()
        self.env["kam.touch"]._capture()
        self.assertFalse(self.account.touch_ids)

    def test_meeting_scheduled_from_the_plan_is_seen_there(self):
        action = self.plan.with_user(self.anna).action_plan_meeting()
        context = action["context"]
        meeting = (
            self.env["calendar.event"]
            .with_user(self.anna)
            .with_context(**context)
            .create({"start": self.today, "stop": self.today + timedelta(days=1)})
        )
        self.assertEqual(self.plan.meeting_ids, meeting)
        self.assertFalse(self.other_plan.meeting_ids)
        self.assertEqual(self.plan.action_ids.calendar_event_id, meeting)

    def test_expectation_becomes_an_action_with_one_click(self):
        line = self.env["kam.plan.expectation"].create(
            {
                "plan_id": self.plan.id,
                "name": "An engineer within four hours",
                "user_id": self.boris.id,
                "date_due": self.today + timedelta(days=9),
                "expected": 5,
                "perceived": 2,
            }
        )
        self.assertEqual(line.gap, 3)
        line.with_user(self.anna).action_plan_action()
        line.with_user(self.anna).action_plan_action()
        self.assertRecordValues(
            self.plan.action_ids,
            [
                {
                    "summary": line.name,
                    "user_id": self.boris.id,
                    "date_deadline": line.date_due,
                }
            ],
        )
        with self.assertRaises(AccessError):
            line.with_user(self.boris).action_plan_action()
