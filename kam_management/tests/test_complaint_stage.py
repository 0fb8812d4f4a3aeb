from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .complaint_common import ComplaintCommon

NOON = datetime(2026, 6, 15, 10)


@tagged("post_install", "-at_install")
class TestComplaintStage(ComplaintCommon):
    """Heard first, answered, solved, confirmed: how far a complaint has come."""

    def test_first_answer_takes_it_up(self):
        complaint = self._complain(expectation="A technician today")
        self.assertEqual((complaint.stage, complaint.state), ("new", "open"))
        self._answer(complaint)
        self.assertEqual((complaint.stage, complaint.state), ("progress", "open"))
        self.assertEqual(complaint.date_answered, NOON)
        with freeze_time("2026-06-16 10:00:00"):
            self._answer(complaint)
        self.assertEqual(complaint.date_answered, NOON, "the first one counts")

    def test_answer_says_what_was_said(self):
        complaint = self._complain()
        with self.assertRaisesRegex(UserError, "What Was Said"):
            self._answer(complaint, note=False, outcome="talked")
        self._answer(complaint, note=False, outcome="not_reached")
        self.assertFalse(complaint.date_answered, "nobody answered")
        self._answer(complaint, note="A technician comes today")
        self.assertEqual(complaint.date_answered, NOON)
        self.assertIn("A technician comes today", complaint.message_ids[0].body)
        self.assertEqual(len(self.account.complaint_ids), 1)

    def test_answer_is_to_a_complaint_of_that_customer(self):
        partner = self.env["res.partner"].create({"name": "Other", "is_company": True})
        other = self._account(partner)
        other.manager_id = self.anna
        with self.assertRaises(ValidationError):
            self._answer(self._complain(), account_id=other.id)

    def test_reply_is_a_mail_to_who_reported_it(self):
        person = self._person("Ada", email="ada@meyer.example")
        complaint = self._complain(partner_id=person.id)
        action = complaint.with_user(self.anna).action_reply()
        composer = self.env["mail.compose.message"].with_user(self.anna)
        composer.with_context(**action["context"]).create(
            {"body": "Sorry, we look into it"}
        )._action_send_mail()
        self.assertEqual(complaint.date_answered, NOON)

    def test_message_to_the_customer_is_an_answer(self):
        person = self._person("Ada", email="ada@meyer.example")
        complaint = self._complain(partner_id=person.id)
        for values in (
            {"subtype_xmlid": "mail.mt_note", "partner_ids": person.ids},
            {"subtype_xmlid": "mail.mt_comment"},
            {
                "subtype_xmlid": "mail.mt_comment",
                "partner_ids": self.head.partner_id.ids,
            },
            {
                "subtype_xmlid": "mail.mt_comment",
                "author_id": person.id,
                "partner_ids": person.ids,
            },
        ):
            complaint.message_post(body="Hello", message_type="comment", **values)
            self.assertFalse(complaint.date_answered, values)
        complaint.message_post(
            body="Sorry, we look into it",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=person.ids,
        )
        self.assertEqual(complaint.date_answered, NOON)

    def test_what_is_solved_is_answered(self):
        complaint = self._complain(solution="Done")
        complaint.action_solve()
        self.assertEqual((complaint.stage, complaint.date_answered), ("solved", NOON))

    def test_reopening_is_counted_once_each_time(self):
        complaint = self._complain(solution="Done")
        for turn in (1, 2):
            complaint.action_solve()
            complaint.action_reopen()
            complaint.action_reopen()
            self.assertEqual(
                (complaint.reopen_count, complaint.stage), (turn, "progress")
            )

    def test_nobody_types_in_what_the_app_finds(self):
        complaint = self._complain()
        for user in (self.anna, self.head):
            for name, value in (
                ("date_answered", NOON),
                ("reopen_count", 0),
                ("satisfaction", 5),
                ("answer_escalated", NOON),
            ):
                with self.subTest(user=user.name, field=name):
                    with self.assertRaises(AccessError):
                        complaint.with_user(user).write({name: value})

    def test_buttons_are_for_the_team(self):
        complaint = self._complain()
        for user in (self.boris, self.seller):
            with self.assertRaises(AccessError):
                complaint.with_user(user).action_answer()
