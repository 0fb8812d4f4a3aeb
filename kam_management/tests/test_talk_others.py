from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .talk_common import TalkCommon


@tagged("post_install", "-at_install")
class TestTalkOthers(TalkCommon):
    """One's own lead, quotation or activity at a customer that a colleague leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.manager_id = cls.boris
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Compressors",
                "partner_id": cls.eva.id,
                "type": "opportunity",
                "user_id": cls.anna.id,
                "date_deadline": "2040-01-01",
            }
        )

    def _change(self, action):
        """Return what the dialog asks for when a button opens it."""
        Talk = self.env["kam.talk"].with_user(self.anna)
        spec = {
            "account_id": {},
            "lead_id": {},
            "order_id": {},
            "chip_ids": {},
            "partner_ids": {},
            "deal_id": {},
            "is_touch": {},
        }
        self.env.invalidate_all()
        return Talk.with_context(**action["context"]).onchange({}, [], spec)["value"]

    def test_own_lead_is_talked_about(self):
        action = self.lead.with_user(self.anna).action_kam_log_touch()
        values = self._change(action)
        self.assertFalse(values["account_id"])
        self.assertEqual(values["lead_id"], self.lead.id)
        self.assertTrue(values["chip_ids"])
        with self._open(action) as form:
            form.note = "Wants two"
        form.record.action_save()
        touch = self.account.touch_ids
        self.assertEqual((touch.lead_id, touch.summary), (self.lead, "Wants two"))

    def test_own_quotation_is_talked_about_and_asked_for(self):
        order = self._quotation()
        action = order.action_kam_log_touch()
        values = self._change(action)
        self.assertFalse(values["account_id"])
        self.assertFalse(values["is_touch"])
        with self._open(action) as form:
            form.note = "They <think>\nabout it"
            form.outcome = "objection"
            form.objection = "Too dear"
            form.next_summary = "Ask again"
        form.record.action_save()
        form.record.action_save()
        self.assertFalse(self.account.touch_ids)
        self.assertEqual(self._steps(order).summary, "Ask again")
        self.assertEqual(len(self._steps(order)), 1)
        self.assertIn(
            "They &lt;think&gt;<br>about it<br>Objection: Too dear",
            order.message_ids.sorted("id")[-1:].body,
        )

    def test_activity_passed_on_is_done_and_captured(self):
        activity = self._activity(self.account.sudo())
        values = self._change(activity.action_kam_log_touch())
        self.assertFalse(values["account_id"])
        self.assertFalse(values.get("chip_ids"))
        with self._open(activity.action_kam_log_touch()) as form:
            form.note = "It runs"
            form.outcome = "talked"
        form.record.action_save()
        self.assertFalse(activity.active)
        self.env["kam.touch"]._capture()
        self.assertEqual(self.account.touch_ids.note, "It runs")

    def test_step_after_an_activity_passed_on_is_refused_with_a_reason(self):
        activity = self._activity(self.account.sudo())
        talk = self._talk(
            account_id=False, activity_id=activity.id, next_summary="Call"
        )
        with self.assertRaisesRegex(UserError, "Leave “Next Step” empty"):
            talk.action_save()

    def test_lead_of_an_activity_passed_on_is_not_told(self):
        self.lead.user_id = self.boris
        activity = self._activity(self.lead)
        Talk = self.env["kam.talk"].with_user(self.anna)
        values = Talk.create({"activity_id": activity.id}).read(
            ["lead_id", "deal_id", "deal_date", "account_id", "partner_ids"]
        )[0]
        del values["id"]
        self.assertFalse(any(values.values()), values)

    def test_lead_and_customer_must_belong_together(self):
        other = self._account(self._create_customer("Huber Hoists"))
        other.manager_id = self.anna
        talk = self._talk(account_id=other.id, lead_id=self.lead.id)
        with self.assertRaisesRegex(ValidationError, "belongs to another customer"):
            talk.action_save()
        talk = self._talk(account_id=other.id, order_id=self._quotation().id)
        with self.assertRaisesRegex(ValidationError, "belongs to another customer"):
            talk.action_save()

    def test_decision_date_a_colleague_has_moved_stays(self):
        with self._open(self.lead.with_user(self.anna).action_kam_log_touch()) as form:
            form.note = "Nothing new"
            self.lead.date_deadline = "2040-02-02"
        form.record.action_save()
        self.assertEqual(self.lead.date_deadline.isoformat(), "2040-02-02")

    def test_decision_date_can_be_taken_away(self):
        talk = self._talk(account_id=False, lead_id=self.lead.id)
        talk.deal_date = False
        talk.action_save()
        self.assertFalse(self.lead.date_deadline)

    def test_lead_without_an_account_waits_for_no_refresh(self):
        self.lead.partner_id = False
        with patch.object(type(self.env["kam.engine"]), "_try_turn") as turn:
            self._talk(account_id=False, lead_id=self.lead.id).action_save()
        turn.assert_not_called()
