from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .plan_content_common import PlanContentCommon


@tagged("post_install", "-at_install")
class TestPlanBarrier(PlanContentCommon):
    """What ties a customer to us, what strengthens it, and what was done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.barrier = cls._barrier(cls.plan)

    @classmethod
    def _barrier(cls, plan, **values):
        return cls.env["kam.plan.barrier"].create(
            {"plan_id": plan.id, "name": "One interface", "kind": "integration"}
            | values
        )

    def _act(self, summary, days=5, barrier=None, **values):
        barrier = barrier or self.barrier
        return self._activity(
            self.account,
            days,
            summary=summary,
            kam_plan_id=barrier.plan_id.id,
            kam_barrier_id=barrier.id,
            **values,
        )

    def _get_ties(self):
        return {
            title: [tie.text for tie in ties]
            for title, ties in self.plan.with_user(self.anna)._get_ties()
        }

    def test_barrier_shows_what_was_done_and_what_is_next(self):
        self.assertFalse(self.barrier.progress)
        self._act("Workshop").action_done()
        self._act("Second call", days=9)
        self._act("First call", days=3)
        self.barrier.invalidate_recordset()
        progress = self.barrier.with_user(self.anna).progress
        self.assertRegex(progress, r"^Done: Workshop · Next: First call, ")

    def test_action_is_scheduled_for_the_barrier(self):
        action = self.barrier.with_user(self.anna).action_schedule()
        wizard = (
            self.env["mail.activity.schedule"]
            .with_user(self.anna)
            .with_context(**action["context"])
            .create({"summary": "Show the interface"})
        )
        wizard.action_schedule_activities()
        self.assertEqual(self.barrier.action_ids.summary, "Show the interface")
        self.assertEqual(self.plan.action_ids, self.barrier.action_ids)

    def test_closed_plan_takes_no_action(self):
        self.plan.sudo().state = "closed"
        with self.assertRaisesRegex(ValidationError, "closed"):
            self.barrier.with_user(self.anna).action_schedule()

    def test_action_strengthens_barriers_of_its_own_plan(self):
        other = self._barrier(self.other_plan)
        with self.assertRaisesRegex(ValidationError, "belongs to another plan"):
            self._act("Lunch", barrier=self.barrier).kam_barrier_id = other

    def test_stranger_adds_nothing_to_a_barrier(self):
        with self.assertRaises(AccessError):
            self.barrier.with_user(self.boris).action_schedule()

    def test_nothing_known_shows_nothing(self):
        self.assertEqual(self._get_ties(), {})
        self.assertFalse(self.plan.tie_note)

    def test_services_used_are_named_with_their_revenue(self):
        self._order(self.today, 400)
        self.account._refresh()
        [line] = self._get_ties()["Services Used"]
        self.assertRegex(line, r"^Air: .*400")

    def test_solutions_people_and_reviews_strengthen(self):
        ada = self._dossier("Ada", attitude="sponsor", user_id=self.anna.id)
        self._dossier("Bob", attitude="opponent", user_id=self.anna.id)
        self._need(name="Fewer stops", value=900, state="delivered")
        self._need(name="Less noise")
        review = self.env["kam.plan.review"].create(
            {"plan_id": self.plan.id, "stakeholder_ids": ada.ids}
        )
        review.sudo().state = "done"
        ties = self._get_ties()
        self.assertRegex(
            ties["Solutions Delivered"].pop(), r"^Solved: Fewer stops, .*900"
        )
        self.assertEqual(
            ties,
            {
                "Solutions Delivered": [],
                "People": ["On our side: Ada", f"Known by: {self.anna.name}"],
                "Joint Projects": ["Reviews held together: 1"],
            },
        )
        self.assertIn("Known by", str(self.plan.with_user(self.anna).tie_note))

    def test_pilot_that_succeeded_is_a_joint_project(self):
        lead = self._lead(user_id=self.anna.id)
        pilot = self.env["kam.pilot"].create(
            {"name": "Save gas", "lead_id": lead.id, "date_end": self.today}
        )
        self.assertNotIn("Joint Projects", self._get_ties())
        pilot.sudo().state = "success"
        self.assertEqual(
            self._get_ties()["Joint Projects"], ["Pilot projects: Save gas"]
        )
