from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .talk_common import TalkCommon
from .test_query_counts import QueryCounter


@tagged("post_install", "-at_install")
class TestTalkOrigins(QueryCounter, TalkCommon):
    """Wherever the dialog is opened, it knows what it is about, and takes care of it."""

    def test_planned_call_is_done_and_leaves_one_touch(self):
        activity = self._activity(self.account, summary="Ask about the pump")
        with self._open(activity.action_kam_log_touch()) as form:
            self.assertEqual(form.account_id, self.account)
            form.note = "It runs"
            form.partner_ids.add(self.eva)
            form.outcome = "talked"
            form.quality = 5
        form.record.action_save()
        self.assertFalse(activity.active)
        self.assertEqual(activity.feedback, "It runs")
        self.env["kam.touch"]._capture()
        touch = self.account.touch_ids
        self.assertEqual((touch.summary, touch.quality), ("It runs", 5))

    def test_step_after_an_activity_stays_where_it_was(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Compressors",
                "partner_id": self.eva.id,
                "type": "opportunity",
                "user_id": self.anna.id,
            }
        )
        activity = self._activity(lead)
        with self._open(activity.action_kam_log_touch()) as form:
            self.assertEqual(form.lead_id, lead)
            self.assertEqual(form.partner_ids.ids, self.eva.ids)
            self.assertEqual(form.deal_id, lead)
            form.next_summary = "Send offer"
        form.record.action_save()
        self.assertEqual(self._steps(lead).summary, "Send offer")
        self.assertFalse(self._steps(self.account))
        self.assertEqual(self.account.touch_ids.lead_id, lead)

    def test_deal_and_quotation_show_what_was_said(self):
        order = self._quotation()
        lead = self.env["crm.lead"].create(
            {
                "name": "Compressors",
                "partner_id": self.eva.id,
                "type": "opportunity",
                "user_id": self.anna.id,
                "order_ids": order.ids,
            }
        )
        before = order.message_ids
        with self._open(order.action_kam_log_touch()) as form:
            form.note = "Too loud\nShe measures on Monday"
        form.record.action_save()
        for record in (lead, order):
            said = record.sudo().message_ids - before
            said = said.filtered(lambda one: "Too loud" in (one.body or ""))
            self.assertEqual(len(said), 1, record)
            self.assertIn("Phone · Eva", said.body)
        self.env["kam.touch"]._capture()
        self.assertEqual(len(lead.sudo().kam_account_id.touch_ids), 1)

    def test_chain_of_activity_types_is_proposed(self):
        meeting = self.env.ref("mail.mail_activity_data_meeting")
        kind = self.env["mail.activity.type"].create(
            {
                "name": "Receipt confirmed?",
                "category": "phonecall",
                "chaining_type": "suggest",
                "suggested_next_type_ids": meeting.ids,
            }
        )
        activity = self._activity(self.account)
        activity.activity_type_id = kind
        with self._open(activity.action_kam_log_touch()) as form:
            self.assertEqual(form.next_type_id, meeting)
            self.assertTrue(form.next_summary)

    def test_step_that_follows_by_itself_is_the_one_that_was_agreed(self):
        kind = self.env["mail.activity.type"].create(
            {
                "name": "Receipt confirmed?",
                "category": "phonecall",
                "chaining_type": "trigger",
                "triggered_next_type_id": self.call.id,
            }
        )
        activity = self._activity(self.account)
        activity.activity_type_id = kind
        with self._open(activity.action_kam_log_touch()) as form:
            form.next_summary = "Ask for the date"
            form.partner_ids.add(self.eva)
        form.record.action_save()
        self.assertEqual(self._steps(self.account).summary, "Ask for the date")

    def test_quotation_without_an_answer_is_asked_for(self):
        order = self._quotation()
        with self._open(order.action_kam_log_touch()) as form:
            self.assertEqual(form.account_id, self.account)
            self.assertEqual(form.partner_ids.ids, self.eva.ids)
            self.assertIn(order.name, form.next_summary)
        form.record.action_save()
        self.assertIn(order.name, self._steps(order).summary)
        self.assertTrue(self.account.touch_ids)

    def test_quotation_leaves_my_day_until_it_is_asked_for(self):
        order = self._quotation()
        order.date_order = fields.Datetime.now() - timedelta(days=9)
        self.assertIn(order, self._asked_for())
        self._talk(order_id=order.id, next_summary="Ask").action_save()
        self.assertNotIn(order, self._asked_for())
        self._steps(order).date_deadline = "2020-01-01"
        self.assertIn(order, self._asked_for())

    def _asked_for(self):
        """Return the quotations My Day asks for."""
        lines = self.env["kam.cockpit"].with_user(self.anna).get_my_day()["lines"]
        return self.env["sale.order"].browse(
            reason["id"]
            for line in lines
            for reason in line["reasons"]
            if reason["model"] == "sale.order"
        )

    def test_person_and_stakeholder_are_ticked(self):
        stakeholder = self.env["kam.stakeholder"].create(
            {"account_id": self.account.id, "partner_id": self.otto.id}
        )
        for action in (
            self.otto.with_user(self.anna).action_kam_log_touch(),
            stakeholder.with_user(self.anna).action_log_touch(),
        ):
            with self._open(action) as form:
                self.assertEqual(form.account_id, self.account)
                self.assertEqual(form.partner_ids.ids, self.otto.ids)

    def test_decision_makers_are_the_first_to_choose(self):
        self.env["res.partner"].create(
            [{"name": f"A {n}", "parent_id": self.customer.id} for n in range(9)]
        )
        self.env["kam.stakeholder"].create(
            {"account_id": self.account.id, "partner_id": self.otto.id}
        )
        talk = self._talk()
        self.assertEqual(talk.chip_ids[0], self.otto)
        self.assertEqual(len(talk.chip_ids), 6)
        self.assertTrue(talk.has_more_people)

    def test_lead_without_a_customer_is_talked_to(self):
        lead = self.env["crm.lead"].create(
            {"name": "Somebody", "user_id": self.anna.id, "company_id": self.company.id}
        )
        with self._open(lead.with_user(self.anna).action_kam_log_touch()) as form:
            form.note = "Who are you?"
            form.next_summary = "Call again"
        form.record.action_save()
        self.assertEqual(lead.kam_touch_ids.summary, "Who are you?")
        self.assertEqual(self._steps(lead).summary, "Call again")

    def test_activity_of_others_is_not_done(self):
        other = self._account(self._create_customer("Huber Hoists"))
        activity = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("kam.account"),
                "res_id": other.id,
                "activity_type_id": self.call.id,
                "user_id": self.boris.id,
            }
        )
        with self.assertRaises(AccessError):
            self._talk(activity_id=activity.id).action_save()
        self.assertTrue(activity.active)

    def test_save_asks_as_often_for_many_touches_as_for_one(self):
        def save(account):
            talk = account.env["kam.talk"].create(
                {
                    "account_id": account.id,
                    "outcome": "talked",
                    "partner_ids": self.eva.ids,
                    "next_summary": "Send offer",
                }
            )
            talk.action_save()

        account = self.account.with_user(self.anna)
        self._count(save, account)
        few = self._count(save, account)
        self.env["kam.touch"].create(
            [{"account_id": self.account.id, "direction": "in"} for _ in range(100)]
        )
        self.assertLessEqual(self._count(save, account), few)
        self.assertLessEqual(few, 110)
