from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_touch_capture import TouchCaptureCommon


@tagged("post_install", "-at_install")
class TestTouchArchive(TouchCaptureCommon):
    """A captured touch that was none is archived, and stays away."""

    def _call(self):
        call = self.env.ref("mail.mail_activity_data_call")
        self.customer.message_post(body="Call", mail_activity_type_id=call.id)
        touch = self._captured()
        self._account().manager_id = self.anna
        return touch

    def test_deleted_captured_touch_does_not_come_back(self):
        touch = self._call()
        touch.with_user(self.anna).unlink()
        self.assertTrue(touch.exists())
        self.assertFalse(touch.active)
        self.assertFalse(self._captured())

    def test_user_is_told_that_it_was_archived(self):
        touch, told = self._call(), []
        self.patch(
            type(self.env["res.users"]),
            "_bus_send",
            lambda users, kind, message, **_kw: told.append(message["message"]),
        )
        touch.with_user(self.anna).unlink()
        self.assertIn("archived instead of deleted", told[0])

    def test_archived_touch_counts_nowhere(self):
        touch = self._call()
        self._drain()
        account = self._account()
        self.assertEqual(account.level, "engaged")
        touch.action_archive()
        self._drain()
        self.assertEqual(account.level, "potential")
        self.assertFalse(account.last_touch_date)
        self.assertFalse(self._log(account))
        account.invalidate_recordset()
        self.assertEqual(account.touch_count, 0)
        touch.action_unarchive()
        self._drain()
        self.assertEqual(account.level, "engaged")

    def test_archived_touch_of_a_lead_does_not_engage_it(self):
        lead = self._lead()
        touch = self.Touch.create({"lead_id": lead.id})
        self.assertEqual(lead.kam_level, "engaged")
        touch.action_archive()
        lead.invalidate_recordset()
        self.assertEqual(lead.kam_level, "potential")
        leads = self.env["crm.lead"]
        self.assertIn(lead, leads.search([("kam_level", "=", "potential")]))
        self.assertNotIn(lead, leads.search([("kam_level", "=", "engaged")]))

    def test_typed_touch_is_deleted_for_good(self):
        self._account().manager_id = self.anna
        touch = self._touch("2020-03-10")
        touch.with_user(self.anna).unlink()
        self.assertFalse(touch.exists())

    def test_touch_of_others_is_not_archived_either(self):
        touch = self._call()
        with self.assertRaises(AccessError):
            touch.with_user(self.boris).unlink()
        self.assertTrue(touch.active)


@tagged("post_install", "-at_install")
class TestTouchSourcesChange(TouchCaptureCommon):
    """Touches follow their meetings and messages."""

    @classmethod
    def _meeting(cls, *guests, days=-1, **values):
        start = cls.now + timedelta(days=days)
        return cls.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + timedelta(hours=1.5),
                "user_id": cls.anna.id,
                "partner_ids": [
                    Command.set([cls.anna.partner_id.id, *[g.id for g in guests]])
                ],
                **values,
            }
        )

    def _later(self):
        """Let what was captured so far have been captured an hour ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kam_touch SET write_date = write_date - INTERVAL '1 hour'"
        )
        self.env.invalidate_all()

    def test_duration_is_that_of_the_meeting(self):
        self._meeting(self.contact)
        self.assertTouch(self._captured(), duration=1.5)

    def test_moved_and_renamed_meeting_takes_its_touch_along(self):
        meeting = self._meeting(self.contact)
        touch = self._captured()
        self._later()
        start = self.now - timedelta(days=3)
        meeting.write(
            {"name": "Review", "start": start, "stop": start + timedelta(hours=3)}
        )
        self.assertEqual(self._captured(), touch)
        self.assertTouch(touch, date=start, summary="Review", duration=3)

    def test_moved_meeting_is_news_of_its_account(self):
        meeting = self._meeting(self.contact)
        self._captured()
        self._drain()
        self._later()
        start = self.now - timedelta(days=3)
        meeting.write({"start": start, "stop": start + timedelta(hours=1)})
        self._captured()
        self._drain()
        self.assertEqual(self._account().last_touch_date, start.date())

    def test_what_was_typed_on_the_touch_later_stays(self):
        self._meeting(self.contact)
        touch = self._captured()
        touch.write({"summary": "He wants two", "quality": 5})
        self._captured()
        self.assertTouch(touch, summary="He wants two", quality=5)

    def test_meeting_called_off_or_moved_ahead_is_no_touch(self):
        future = self.now + timedelta(days=2)
        for name, change in (
            ("called off", lambda meeting: meeting.action_archive()),
            (
                "moved",
                lambda meeting: meeting.write(
                    {"start": future, "stop": future + timedelta(hours=1)}
                ),
            ),
            ("declined", lambda meeting: meeting.attendee_ids.do_decline()),
            (
                "uninvited",
                lambda meeting: meeting.write(
                    {"partner_ids": [Command.unlink(self.contact.id)]}
                ),
            ),
            ("deleted", lambda meeting: meeting.unlink()),
        ):
            with self.subTest(name):
                meeting = self._meeting(self.contact)
                self.assertEqual(len(self._captured()), 1)
                self._drain()
                change(meeting)
                self.assertFalse(self._captured())
                self._drain()
                self.assertEqual(self._account().level, "potential")

    def test_meeting_that_is_on_again_is_a_touch_again(self):
        meeting = self._meeting(self.contact)
        self._captured()
        meeting.action_archive()
        self.assertFalse(self._captured())
        meeting.action_unarchive()
        self.assertEqual(len(self._captured()), 1)

    def _call_off(self, meeting, how):
        """Let a meeting not take place, by one of the ways there are."""
        future = self.now + timedelta(days=2)
        {
            "archived": lambda: meeting.action_archive(),
            "moved": lambda: meeting.write(
                {"start": future, "stop": future + timedelta(hours=1)}
            ),
            "declined": lambda: meeting.attendee_ids.do_decline(),
            "deleted": lambda: meeting.unlink(),
        }[how]()

    def test_what_was_said_of_a_meeting_outlives_it(self):
        """With the meeting went the note, the stars and the cost of its touch."""
        resource = self.env["kam.resource"].create({"name": "Lunch", "cost": 12})
        for how in ("archived", "moved", "declined", "deleted"):
            for said in (
                {"quality": 4},
                {"note": "They will order"},
                {"outcome": "talked"},
                {"resource_ids": [Command.create({"resource_id": resource.id})]},
            ):
                meeting = self._meeting(self.contact)
                touch = self._captured()
                touch.write(said)
                self._call_off(meeting, how)
                self.assertFalse(self._captured(), how)
                self.assertTrue(touch.exists(), (how, said))
                self.assertFalse(touch.active)
                touch.unlink()

    def test_meeting_that_is_on_again_has_what_was_said_of_it(self):
        """It came back bare."""
        meeting = self._meeting(self.contact)
        touch = self._captured()
        touch.write({"quality": 4, "note": "They will order"})
        meeting.action_archive()
        self.assertFalse(self._captured())
        self._drain()
        self.assertEqual(self._account().level, "potential")
        meeting.action_unarchive()
        self.assertEqual(self._captured(), touch)
        self.assertTouch(touch, quality=4, note="They will order")
        self._drain()
        self.assertEqual(self._account().level, "engaged")

    def test_touch_restored_by_hand_stays_though_the_meeting_is_off(self):
        meeting = self._meeting(self.contact)
        touch = self._captured()
        touch.quality = 4
        meeting.action_archive()
        self.assertFalse(self._captured())
        touch.action_unarchive()
        self.assertEqual(self._captured(), touch)

    def test_touch_archived_by_hand_stays_so_when_the_meeting_is_on_again(self):
        meeting = self._meeting(self.contact)
        touch = self._captured()
        touch.write({"quality": 4, "active": False})
        meeting.action_archive()
        self.assertFalse(self._captured())
        meeting.action_unarchive()
        self.assertFalse(self._captured())

    def test_what_was_said_of_a_message_outlives_it(self):
        message = self.customer.message_post(
            body="Hello",
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.anna.partner_id.id,
        )
        touch = self._captured()
        touch.note = "They will order"
        message.unlink()
        self.assertFalse(self._captured())
        self.assertRecordValues(touch, [{"active": False, "note": "They will order"}])

    def test_guest_who_changed_his_company_was_there_for_the_former_one(self):
        self._meeting(self.contact)
        touch = self._captured()
        self.contact.parent_id = self.rival
        self.Touch._capture()
        self.assertEqual(touch.exists().account_id, self._account())
        # nor was he there for the new one
        self.assertFalse(self._captured(self.rival))

    def test_corrected_customer_of_a_lead_takes_the_meeting_along(self):
        """It was a touch of both, the wrong customer and the right one."""
        lead = self._lead(partner_id=self.rival.id)
        self._drain()
        self._meeting(opportunity_id=lead.id)
        touch = self._captured(self.rival)
        self.assertTrue(touch)
        lead.partner_id = self.contact
        self._drain()
        self.assertEqual(self._captured(), touch)
        self.assertFalse(self._captured(self.rival))
        self._drain()
        self.assertEqual(self._account(self.rival).level, "potential")
        self.assertEqual(self._account().level, "engaged")

    def test_deleted_lead_leaves_its_meeting_a_touch(self):
        """The touch stayed, and was called off a few minutes later."""
        lead = self._lead(partner_id=self.contact.id)
        self._drain()
        self._meeting(opportunity_id=lead.id)
        touch = self._captured()
        lead.unlink()
        self.assertEqual(self._captured(), touch)
        lead = self._lead(partner_id=self.contact.id)
        self._drain()
        self._meeting(self.contact, opportunity_id=lead.id)
        both = self._captured()
        self.assertEqual(len(both), 2)
        lead.unlink()
        self.assertEqual(self._captured(), both)

    def test_deleted_contact_leaves_the_touches_of_his_company(self):
        """The messages on the contact went, and with them the history of his company."""
        self.contact.message_post(
            body="Hello",
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.anna.partner_id.id,
        )
        touch = self._captured()
        self.assertTrue(touch)
        self.contact.unlink()
        self.assertEqual(self._captured(), touch)

    def test_deleted_message_takes_its_touch_along(self):
        message = self.customer.message_post(
            body="Hello",
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.anna.partner_id.id,
        )
        self.assertTrue(self._captured())
        self._drain()
        message.unlink()
        self.assertFalse(self._captured())
        self._drain()
        self.assertEqual(self._account().level, "potential")

    def test_message_deleted_in_the_chatter_is_no_touch(self):
        message = self.customer.message_post(
            body="Hello",
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.anna.partner_id.id,
        )
        self.assertTrue(self._captured())
        self.customer._message_update_content(message, body="", strict=False)
        self.assertFalse(self._captured())

    def test_mail_that_odoo_clears_away_after_sending_stays_a_touch(self):
        mail = self.env["mail.mail"].create(
            {
                "model": "res.partner",
                "res_id": self.customer.id,
                "author_id": self.anna.partner_id.id,
                "recipient_ids": [Command.link(self.contact.id)],
                "message_type": "email_outgoing",
                "partner_ids": [Command.link(self.contact.id)],
                "subject": "Offer",
                "is_notification": False,
            }
        )
        touch = self._captured()
        self.assertTouch(touch, direction="out", summary="Offer")
        message = mail.mail_message_id
        mail.unlink()
        self.assertFalse(message.exists())
        self.assertEqual(self._captured(), touch)

    def _sent_mail(self, partner, **values):
        return self.env["mail.mail"].create(
            {
                "model": "res.partner",
                "res_id": partner.id,
                "author_id": self.anna.partner_id.id,
                "recipient_ids": [Command.link(partner.id)],
                "message_type": "email_outgoing",
                "partner_ids": [Command.link(partner.id)],
                "subject": "Offer",
                "is_notification": False,
                "state": "sent",
                **values,
            }
        )

    def test_mail_cleared_away_before_the_capture_is_a_touch(self):
        """What a template sends is gone with its message before the cron runs."""
        self._sent_mail(self.contact).unlink()
        touch = self._captured()
        self.assertTouch(
            touch, direction="out", summary="Offer", partner_ids=self.contact.ids
        )
        self.assertEqual(self._captured(), touch)

    def test_mail_cleared_away_unsent_is_none(self):
        for state in ("exception", "outgoing", "cancel"):
            self._sent_mail(self.contact, state=state).unlink()
        self.assertFalse(self._captured())

    def test_touches_of_a_meeting_are_found_by_an_index(self):
        """Deleting one meeting, and each run of the capture, read all touches."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("EXPLAIN SELECT FROM kam_touch WHERE event_id = 1")
        plan = "\n".join(line for [line] in self.env.cr.fetchall())
        self.assertNotIn("Seq Scan", plan)

    def test_deleted_quotation_leaves_its_touch(self):
        quotation = self._quotation()
        quotation.with_context(tracking_disable=True).message_post(
            body="Offer",
            partner_ids=self.contact.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=self.anna.partner_id.id,
        )
        touch = self._captured()
        self.assertTrue(touch)
        quotation.unlink()
        self.assertEqual(self._captured(), touch)
