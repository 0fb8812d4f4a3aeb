from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .talk_common import TalkCommon


@tagged("post_install", "-at_install")
class TestTalk(TalkCommon):
    """One dialog, one save: the contact, the person, the next step."""

    def test_one_save_makes_touch_person_and_next_step(self):
        with self._open(self.account.action_log_touch()) as form:
            form.partner_ids.add(self.eva)
            form.person_name = "Joan"
            form.person_phone = "+41 31 555 00 00"
            form.person_email = "joan@example.com"
            form.person_role_ids.add(self.role)
            form.note = "Wants the remote offer\nfor all sites"
            form.outcome = "next_step"
            form.quality = 4
            form.next_summary = "Send offer for all sites"
            form.next_date = "2040-05-04"
        form.record.action_save()
        touch = self.account.touch_ids
        joan = touch.partner_ids - self.eva
        self.assertRecordValues(
            touch,
            [
                {
                    "partner_id": self.eva.id,
                    "user_id": self.anna.id,
                    "channel": "phone",
                    "direction": "out",
                    "outcome": "next_step",
                    "quality": 4,
                    "summary": "Wants the remote offer",
                    "note": "Wants the remote offer\nfor all sites",
                }
            ],
        )
        self.assertRecordValues(
            joan,
            [
                {
                    "name": "Joan",
                    "parent_id": self.customer.id,
                    "phone": "+41 31 555 00 00",
                    "email": "joan@example.com",
                    "company_id": self.company.id,
                }
            ],
        )
        stakeholder = self.account.stakeholder_ids
        self.assertEqual(stakeholder.partner_id, joan)
        self.assertEqual(stakeholder.role_ids, self.role)
        self.assertRecordValues(
            self._steps(self.account),
            [
                {
                    "summary": "Send offer for all sites",
                    "date_deadline": fields.Date.to_date("2040-05-04"),
                    "user_id": self.anna.id,
                }
            ],
        )

    def test_dates_of_the_account_are_right_at_once(self):
        self._talk(outcome="talked").action_save()
        today = fields.Date.today()
        self.assertRecordValues(
            self.account,
            [
                {
                    "level": "engaged",
                    "last_touch_date": today,
                    "next_touch_date": today + timedelta(days=30),
                }
            ],
        )
        self.env.cr.flush()
        left = [("partner_id", "=", self.customer.id)]
        self.assertFalse(self.env["kam.account.event"].search(left))

    def test_reminder_goes_and_the_row_of_my_day_leaves(self):
        self.account.sudo().next_touch_date = fields.Date.today() - timedelta(days=3)
        self.account._remind()
        cockpit = self.env["kam.cockpit"].with_user(self.anna)
        self.assertEqual(len(cockpit.get_my_day()["lines"]), 1)
        self._talk(outcome="talked").action_save()
        self.assertFalse(self._steps(self.account))
        self.assertEqual(len(cockpit.get_my_day()["lines"]), 0)

    def test_answer_ends_the_waiting_at_once(self):
        asked = fields.Datetime.now() - timedelta(hours=5)
        question = self.env["kam.touch"].create(
            {
                "account_id": self.account.id,
                "direction": "in",
                "channel": "email",
                "date": asked,
                "summary": "How long does it last?",
                "partner_id": self.eva.id,
            }
        )
        with self._open(question.with_user(self.anna).action_answer()) as form:
            self.assertEqual(form.note, "How long does it last?")
            self.assertEqual(form.partner_ids.ids, self.eva.ids)
        form.record.action_save()
        self.assertEqual(question.answer_id, self.account.touch_ids - question)

    def test_save_works_while_another_refresh_runs(self):
        with patch.object(
            type(self.env["kam.engine"]), "_try_turn", return_value=False
        ):
            self._talk(outcome="talked").action_save()
        self.assertEqual(self.account.level, "potential")
        self._drain()
        self.assertEqual(self.account.level, "engaged")

    def test_talk_outlives_a_refresh_that_fails(self):
        engine, logger = type(self.env["kam.engine"]), "odoo.addons.kam_management"
        with (
            patch.object(engine, "_run", side_effect=ZeroDivisionError),
            self.assertLogs(logger, "ERROR"),
        ):
            self._talk(outcome="talked").action_save()
        self.assertTrue(self.account.touch_ids)
        self.assertEqual(self.account.level, "potential")
        self._drain()
        self.assertEqual(self.account.level, "engaged")

    def test_customer_who_is_put_off_is_not_tried_by_a_talk(self):
        self._forget_news()
        self.env["kam.account.event"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.customer.id,
                "retry_date": fields.Datetime.now() + timedelta(hours=1),
            }
        )
        Event = self.env["kam.account.event"]
        pairs = [(self.company, self.customer)]
        with patch.object(type(self.env["kam.engine"]), "_run") as run:
            Event._process_now(pairs)
        run.assert_not_called()

    def test_without_next_step_nothing_is_planned(self):
        self._talk(outcome="talked").action_save()
        self.assertFalse(self._steps(self.account))

    def test_nobody_reached_proposes_another_call(self):
        with self._open(self.account.action_log_touch()) as form:
            form.outcome = "not_reached"
            self.assertEqual(form.next_summary, "Call again")
        form.record.action_save()
        step = self._steps(self.account)
        self.assertEqual(step.activity_type_id, self.call)
        call = self.call.with_user(self.anna)
        self.assertEqual(step.date_deadline, call._get_date_deadline())

    def test_what_was_typed_in_stays_when_the_outcome_changes(self):
        with self._open(self.account.action_log_touch()) as form:
            form.next_summary = "Send offer"
            form.outcome = "later"
            self.assertEqual(form.next_summary, "Send offer")

    def test_resources_complaint_and_decision_date_are_kept(self):
        expert = self.env["kam.resource"].create({"name": "Expert", "cost": 90})
        deal = self.env["crm.lead"].create(
            {
                "name": "Compressors",
                "partner_id": self.customer.id,
                "type": "opportunity",
                "user_id": self.anna.id,
            }
        )
        self._talk(
            resource_ids=[
                Command.create({"resource_id": expert.id, "quantity": 2}),
            ],
            complaint="The fan is loud",
            partner_ids=self.otto.ids,
            deal_id=deal.id,
            deal_date="2040-03-01",
        ).action_save()
        self.assertEqual(self.account.touch_ids.cost, 180)
        complaint = self.env["kam.complaint"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertEqual(complaint.name, "The fan is loud")
        self.assertEqual(complaint.partner_id, self.otto)
        self.assertEqual(deal.date_deadline.isoformat(), "2040-03-01")

    def test_objection_is_part_of_the_notes(self):
        self._talk(
            note="About the offer", outcome="objection", objection="Too dear"
        ).action_save()
        self.assertEqual(self.account.touch_ids.note, "Objection: Too dear")

    def test_click_too_many_saves_once(self):
        talk = self._talk(next_summary="Send offer")
        talk.action_save()
        talk.action_save()
        self.assertEqual(len(self.account.touch_ids), 1)
        self.assertEqual(len(self._steps(self.account)), 1)

    def test_known_person_is_not_made_twice(self):
        self._talk(person_name="eva", person_role_ids=self.role.ids).action_save()
        self.assertEqual(self.account.touch_ids.partner_id, self.eva)
        self.assertEqual(self.account.stakeholder_ids.partner_id, self.eva)

    def test_next_customer_of_my_day_follows(self):
        second = self._account(self._create_customer("Huber Hoists"))
        second.manager_id = self.anna
        (self.account + second).sudo().next_touch_date = fields.Date.today()
        action = self._talk(outcome="talked").action_save_and_next()
        self.assertEqual(action["context"], {"default_account_id": second.id})
        unheard = self._talk(account_id=second.id, outcome="not_reached")
        last = unheard.action_save_and_next()
        self.assertEqual(last["tag"], "display_notification")

    # Bad input

    def test_agreed_step_must_be_named(self):
        with self.assertRaisesRegex(UserError, "say what it is"):
            self._talk(outcome="next_step").action_save()
        self.assertFalse(self.account.touch_ids)

    def test_customer_must_be_chosen(self):
        with self.assertRaisesRegex(UserError, "Choose the customer"):
            self._talk(account_id=False).action_save()

    def test_person_of_another_company_is_refused(self):
        stranger = self.env["res.partner"].create({"name": "Zoe"})
        with self.assertRaisesRegex(ValidationError, "Zoe: not a contact"):
            self._talk(partner_ids=stranger.ids).action_save()

    def test_new_person_needs_a_name(self):
        with self.assertRaisesRegex(UserError, "name of the new person"):
            self._talk(person_phone="1").action_save()

    def test_conversation_of_tomorrow_is_refused(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._talk(date=tomorrow).action_save()

    def test_customer_without_people_and_archived_account_are_talked_to(self):
        (self.eva + self.otto).unlink()
        self.account.active = False
        with self._open(self.account.action_log_touch()) as form:
            form.note = "Alone"
            form.person_name = "Joan"
        form.record.action_save()
        self.assertEqual(self.account.touch_ids.summary, "Alone")

    def test_what_the_dialog_begins_with_is_no_default_of_what_it_makes(self):
        """Whoever made up the context would have set what nobody may type in."""
        talk = self._talk(next_summary="Send offer", note="Hello").with_context(
            default_active=False, default_automated=True, default_user_id=self.boris.id
        )
        talk.action_save()
        touch = self.account.touch_ids
        self.assertEqual((touch.user_id, touch.active), (self.anna, True))
        self.assertFalse(self._steps(self.account).automated)

    def test_silent_customer_asks_before_a_call_is_planned(self):
        self.account.write({"do_not_contact": True, "do_not_contact_reason": "Asked"})
        talk = self._talk(next_summary="Call", next_type_id=self.call.id)
        with self.assertRaisesRegex(UserError, "Contact Anyway"):
            talk.action_save()
        talk.kam_contact_anyway = True
        talk.action_save()
        self.assertEqual(self._steps(self.account).summary, "Call")

    # Rights

    def test_member_of_the_team_talks_to_the_customer(self):
        self.account.member_ids = self.boris
        self._talk(self.boris, person_name="Joan", next_summary="Ask").action_save()
        self.assertEqual(self.account.touch_ids.user_id, self.boris)

    def test_customer_of_others_is_closed(self):
        with self.assertRaises(AccessError):
            self._talk(self.boris)
        with self.assertRaises(AccessError):
            self._talk(self.seller)

    def test_person_nobody_may_see_is_not_named(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = self.env["res.partner"].create(
            {"name": "Hidden", "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            self._talk(partner_ids=hidden.ids)
