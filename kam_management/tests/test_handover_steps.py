from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .handover_common import TODAY, HandoverCommon


@tagged("post_install", "-at_install")
class TestHandoverSteps(HandoverCommon):
    """What has to happen before a customer is handed over, and what ticks itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ida = cls._dossier("Ida")
        cls.handover = cls._hand_over()

    def _go_on(self):
        """Let the job look at the handovers."""
        with self.enter_registry_test_mode():
            cron = self.env.ref("kam_management.ir_cron_follow_handovers")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _is_done(self, code):
        self._go_on()
        return self._step(self.handover, code).mapped("is_done")

    def test_naming_the_successor_is_a_step_that_ticks_itself(self):
        self.assertTrue(self._step(self.handover, "named").is_done)
        self.assertEqual(self.handover.stage, "prepare")

    def test_meeting_with_both_is_a_joint_one(self):
        self._meet(self.anna, person=self.ida.partner_id)
        self.assertEqual(self._is_done("meeting"), [False])
        self._meet(self.anna, self.boris, person=self.ida.partner_id)
        self.assertEqual(self._is_done("meeting"), [True])

    def test_meeting_of_before_does_not_count(self):
        self._meet(self.anna, self.boris, person=self.ida.partner_id, day="2026-06-10")
        self.assertEqual(self._is_done("meeting"), [False])

    def test_person_met_by_the_successor_was_introduced(self):
        self._touch(TODAY, user_id=self.anna.id, partner_id=self.ida.partner_id.id)
        self.assertEqual(self._is_done("introduced"), [False])
        self._touch(TODAY, user_id=self.boris.id, partner_id=self.ida.partner_id.id)
        self.assertEqual(self._is_done("introduced"), [True])

    def test_new_people_have_to_be_met_as_well(self):
        self._dossier("Otto")
        self.assertEqual(self._is_done("introduced"), [False, False])
        self.ida.active = False
        self.assertEqual(self._is_done("introduced"), [False])

    def test_solo_contact_comes_after_the_joint_meeting(self):
        self._touch(TODAY, user_id=self.boris.id)
        self.assertEqual(self._is_done("solo"), [False])
        self._meet(self.anna, self.boris, person=self.ida.partner_id)
        self._go_on()
        self.assertEqual(self._is_done("solo"), [True])

    def test_call_nobody_answered_ticks_nothing(self):
        self._step(self.handover, "meeting").with_user(self.anna).is_done = True
        self._touch(
            TODAY,
            user_id=self.boris.id,
            partner_id=self.ida.partner_id.id,
            outcome="not_reached",
        )
        self.assertEqual(self._is_done("solo"), [False])
        self.assertEqual(self._is_done("introduced"), [False])

    def test_who_ticked_off_is_known(self):
        step = self._step(self.handover, "promises")
        step.with_user(self.anna).write({"is_done": True, "note": "Two left"})
        self.assertEqual(step.done_by_id, self.anna)
        self.assertEqual(str(step.date_done), TODAY)
        step.with_user(self.anna).is_done = False
        self.assertFalse(step.done_by_id or step.date_done)

    def test_stages_follow_the_steps(self):
        for code, stage in (
            ("briefing", "introduce"),
            ("meeting", "introduce"),
            ("introduced", "introduce"),
            ("promises", "confirm"),
            ("accepted", "confirm"),
            ("solo", "ready"),
        ):
            self._step(self.handover, code).with_user(self.boris).is_done = True
            self.assertEqual(self.handover.stage, stage, code)
        self.handover.with_user(self.boris).action_complete()
        self.assertEqual(self.handover.stage, "done")
        with self.assertRaisesRegex(UserError, "over already"):
            self.handover.step_ids[0].with_user(self.boris).is_done = False

    # The customer

    def _ask(self):
        self.ida.partner_id.email = "ida@meyer.example"
        self.handover.partner_id = self.ida.partner_id
        self.handover.with_user(self.anna).action_ask()

    def test_customer_acknowledges_by_mail(self):
        self._ask()
        mail = self.handover.sudo().rating_mail_id
        self.assertEqual(mail.email_to, self.ida.partner_id.email_formatted)
        key = self.handover.sudo()._get_rating_key()
        self.assertNotIn(key, mail.body_html)
        self.assertIn(f"/rate/{key}/5", mail._personalize_outgoing_body(mail.body_html))
        self.handover.sudo().rating_apply(5, token=key)
        self.assertTrue(self._step(self.handover, "accepted").is_done)

    def test_customer_who_says_no_alarms_the_head(self):
        self._ask()
        self.handover.sudo().rating_apply(
            1, token=self.handover.sudo()._get_rating_key()
        )
        self.assertFalse(self._step(self.handover, "accepted").is_done)
        self.assertEqual(self.handover.irritation, "strong")
        self.assertEqual(self.handover.activity_ids.user_id, self.head)

    def test_only_who_can_be_mailed_is_asked(self):
        with self.assertRaisesRegex(UserError, "email address"):
            self.handover.action_ask()
        self.ida.partner_id.email = "ida@meyer.example"
        self.handover.partner_id = self.ida.partner_id
        self.account.do_not_contact = True
        with self.assertRaisesRegex(UserError, "cannot be contacted"):
            self.handover.action_ask()

    def test_person_of_another_customer_is_not_asked(self):
        stranger = self._create_customer("Rival")
        with self.assertRaisesRegex(ValidationError, "does not belong to"):
            self.handover.partner_id = stranger

    # Risk

    def test_risk_alarms_the_accountable_head_once(self):
        self.handover.with_user(self.anna).risk = "high"
        self.handover.with_user(self.anna).irritation = "strong"
        self.assertTrue(self.handover.is_alarming)
        self.assertEqual(len(self.handover.activity_ids), 1)
        self.assertEqual(self.handover.activity_ids.user_id, self.head)
        self.assertEqual(
            self.Handover.search([("is_alarming", "=", True)]), self.handover
        )
        self.handover.with_user(self.anna).write({"risk": "low", "irritation": "some"})
        self.assertFalse(self.handover.activity_ids)

    def test_one_that_fails_keeps_no_other_from_being_ticked_off(self):
        other = self._account(self._create_customer("Rival"))
        other.manager_id = self.anna
        bad, good = self.handover, self._hand_over(account_id=other.id)
        self._step(good, "named").sudo().is_done = False
        follow = type(bad)._follow_touches

        def fail(handover, touches):
            if handover == bad:
                raise ValueError("no good")
            return follow(handover, touches)

        with (
            patch.object(type(bad), "_follow_touches", fail),
            mute_logger("odoo.addons.kam_management.models.common.jobs"),
        ):
            self._go_on()
        self.env.invalidate_all()
        self.assertTrue(self._step(good, "named").is_done)
