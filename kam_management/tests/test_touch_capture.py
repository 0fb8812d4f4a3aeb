from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import KamCommon


class TouchCaptureCommon(KamCommon):
    """A customer with a contact, and what happens between him and us in Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Ines",
                "email": "ines@meyer.example",
                "parent_id": cls.customer.id,
                "company_id": cls.company.id,
            }
        )
        cls.rival = cls._create_customer("Rival Machines", email="hi@rival.example")
        cls.now = fields.Datetime.now()
        cls.Touch = cls.env["kam.touch"]
        cls.Touch._capture()

    @classmethod
    def _send_waiting(cls):
        """Have all mails that wait leave: in tests Odoo sends none."""
        cls.env["mail.mail"].search([("state", "=", "outgoing")]).state = "sent"
        waiting = [("notification_status", "=", "ready")]
        cls.env["mail.notification"].search(waiting).notification_status = "sent"

    @classmethod
    def _captured(cls, partner=None):
        """Send what waits, capture, and return a customer's touches, oldest first."""
        cls._send_waiting()
        cls.Touch._capture()
        account = cls.Account._get_for(cls.company, partner or cls.customer)
        return account.touch_ids.sorted("id")

    @classmethod
    def _lead(cls, **values):
        """Return an opportunity of our company."""
        return cls.env["crm.lead"].create(
            {"name": "Compressors", "type": "opportunity", "user_id": False, **values}
        )

    @classmethod
    def _quotation(cls):
        """Return a quotation for the contact."""
        return cls.env["sale.order"].create({"partner_id": cls.contact.id})

    def assertTouch(self, touch, **expected):
        """Assert that there is one touch, with these values."""
        self.assertRecordValues(touch, [expected])


@tagged("post_install", "-at_install")
class TestTouchCaptureActivities(TouchCaptureCommon):
    """A done activity is a touch, when its type reaches the customer."""

    @classmethod
    def _done(cls, record, kind="call", user=None):
        """Plan an activity of a type of Odoo's on a record and mark it as done."""
        activity = record.activity_schedule(
            f"mail.mail_activity_data_{kind}", user_id=(user or cls.anna).id
        )
        activity.with_user(user or cls.anna).action_done()

    def test_done_call_is_a_phone_touch_by_who_did_it(self):
        self._done(self.contact)
        self.assertTouch(
            self._captured(),
            channel="phone",
            direction="out",
            user_id=self.anna.id,
            partner_id=self.contact.id,
            company_id=self.company.id,
        )

    def test_channel_is_that_of_the_type(self):
        for kind in ("call", "meeting", "email"):
            self._done(self.customer, kind)
        channels = self._captured().mapped("channel")
        self.assertEqual(channels, ["phone", "meeting", "email"])

    def test_type_that_reaches_nobody_is_no_touch(self):
        """A to-do for a colleague counted, and answered the mail of the customer."""
        self._done(self.customer, "upload_document")
        self._done(self.customer, "todo")
        self.assertFalse(self._captured())

    def test_new_type_suggests_a_channel_by_category(self):
        types = self.env["mail.activity.type"].create(
            [
                {"name": category, "category": category}
                for category in ("phonecall", "meeting", "upload_file", "default")
            ]
        )
        self.assertEqual(
            types.mapped("kam_channel"), ["phone", "meeting", False, False]
        )

    def test_activity_that_is_not_done_is_no_touch(self):
        self.customer.activity_schedule("mail.mail_activity_data_call")
        self.assertFalse(self._captured())

    def test_activity_on_order_lead_and_account_counts_for_the_customer(self):
        account, lead = self._account(), self._lead(partner_id=self.contact.id)
        for record in (self._quotation(), lead, account):
            self._done(record, user=self.env.user)
        touches = self._captured()
        self.assertEqual(len(touches), 3)
        self.assertEqual(touches.lead_id, lead)

    def test_call_and_mail_on_an_invoice_are_touches(self):
        """Who called about an invoice had not been in touch."""
        invoice = self._invoice("2020-03-10", partner=self.customer)
        self._done(invoice, user=self.env.user)
        invoice.with_user(self.anna).sudo().message_post(
            body="Your invoice",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
        )
        touches = self._captured()
        self.assertEqual(touches.mapped("channel"), ["phone", "email"])
        self.assertEqual(touches[1].partner_id, self.contact)

    def test_call_on_a_bill_of_a_vendor_is_no_touch(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "journal_id": self.env["account.journal"]
                .create(
                    {
                        "name": "Bills",
                        "code": "KAMB",
                        "type": "purchase",
                        "company_id": self.company.id,
                    }
                )
                .id,
            }
        )
        self._done(bill, user=self.env.user)
        self.assertFalse(self._captured())

    def test_call_with_a_person_makes_him_a_customer(self):
        person = self.env["res.partner"].create(
            {"name": "Freelancer", "company_id": self.company.id}
        )
        self._done(person)
        self.assertTouch(self._captured(person), channel="phone")
        self.assertEqual(self._account(person).manager_id, self.anna)

    def test_call_with_a_vendor_or_a_colleague_is_no_touch(self):
        vendor = self._create_customer("Steel Supplies", supplier_rank=1)
        for partner in (vendor, self.boris.partner_id, self.company.partner_id):
            self._done(partner)
            self.assertFalse(self._captured(partner))


@tagged("post_install", "-at_install")
class TestTouchCaptureMeetings(TouchCaptureCommon):
    """A meeting that has ended is a touch with each customer who was there."""

    @classmethod
    def _meeting(cls, *guests, days=-1, **values):
        """Return a meeting with guests that began some days from now."""
        start = cls.now + timedelta(days=days)
        return cls.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + timedelta(hours=1),
                "user_id": cls.anna.id,
                "partner_ids": [
                    Command.set([cls.anna.partner_id.id, *[g.id for g in guests]])
                ],
                **values,
            }
        )

    def test_past_meeting_is_a_touch_with_the_guest(self):
        meeting = self._meeting(self.contact)
        self.assertTouch(
            self._captured(),
            channel="meeting",
            date=meeting.start,
            user_id=self.anna.id,
            partner_id=self.contact.id,
            summary="Visit",
            company_id=self.company.id,
        )

    def test_guest_who_declined_was_not_there(self):
        meeting = self._meeting(self.contact, self.rival)
        guest = meeting.attendee_ids.filtered(lambda a: a.partner_id == self.contact)
        guest.do_decline()
        self.assertFalse(self._captured())
        self.assertTrue(self._captured(self.rival))

    def test_meeting_to_come_or_under_way_is_no_touch_yet(self):
        self._meeting(self.contact, days=1)
        self._meeting(self.contact, days=-1, stop=self.now + timedelta(hours=5))
        self.assertFalse(self._captured())

    def test_cancelled_meeting_is_no_touch(self):
        self._meeting(self.contact).action_archive()
        self.assertFalse(self._captured())

    def test_meeting_among_ourselves_is_no_touch(self):
        self._meeting(self.boris.partner_id)
        self.assertFalse(self._captured(self.boris.partner_id))

    def test_meeting_with_two_customers_is_a_touch_of_each(self):
        self._meeting(self.contact, self.rival)
        self.assertEqual(len(self._captured()), 1)
        self.assertEqual(len(self._captured(self.rival)), 1)

    def test_two_contacts_of_a_customer_are_one_touch(self):
        self._meeting(self.contact, self.customer)
        self.assertEqual(len(self._captured()), 1)

    def _colleague(self):
        """Return a second contact of the customer."""
        return self.contact.copy({"name": "Otto", "email": "otto@meyer.example"})

    def test_everybody_of_the_customer_who_came_was_met(self):
        """Of two deciders in one meeting only one counted as met."""
        otto, late = self._colleague(), self._colleague()
        meeting = self._meeting(self.contact, otto, late, self.rival)
        guest = meeting.attendee_ids.filtered(lambda a: a.partner_id == late)
        guest.do_decline()
        touch = self._captured()
        self.assertEqual(touch.partner_ids, self.contact + otto)
        guest = meeting.attendee_ids.filtered(lambda a: a.partner_id == otto)
        guest.do_decline()
        self.assertEqual(self._captured().partner_ids, self.contact)

    def test_meeting_of_a_lead_is_with_who_came(self):
        lead = self._lead(partner_id=self.contact.id)
        self._drain()
        otto = self._colleague()
        self._meeting(otto, opportunity_id=lead.id)
        self.assertTouch(
            self._captured(),
            lead_id=lead.id,
            partner_id=otto.id,
            partner_ids=otto.ids,
        )

    def test_date_before_our_time_or_to_come_is_not_captured(self):
        """A mail of the year 1 had the working hours of two thousand years counted."""
        self._meeting(self.contact, days=-365 * 60)
        message = self.customer.message_post(
            body="Call",
            mail_activity_type_id=self.env.ref("mail.mail_activity_data_call").id,
        )
        for moment in ("0001-01-01", "1900-01-01", "2090-01-01"):
            message.date = f"{moment} 12:00:00"
            self.assertFalse(self._captured(), moment)

    def test_meeting_of_a_lead_without_customer_is_a_touch_of_the_lead(self):
        lead = self._lead()
        self._meeting(opportunity_id=lead.id)
        self.Touch._capture()
        self.assertTouch(lead.kam_touch_ids, account_id=False, channel="meeting")
        self.assertEqual(lead.kam_level, "engaged")

    def test_meeting_of_a_lead_with_its_customer_is_one_touch_of_both(self):
        lead = self._lead(partner_id=self.contact.id)
        self._drain()
        self._meeting(self.contact, opportunity_id=lead.id)
        self.assertTouch(self._captured(), lead_id=lead.id, partner_id=self.contact.id)

    def test_private_meeting_keeps_its_subject_to_itself(self):
        self._meeting(self.contact, privacy="private", name="Job interview")
        self.assertTouch(self._captured(), summary=False)
        self.anna.with_user(self.anna).calendar_default_privacy = "private"
        self._meeting(self.rival, name="Job interview")
        self.assertTouch(self._captured(self.rival), summary=False)

    def test_meeting_written_down_weeks_later_is_captured(self):
        """Only meetings of the last days were looked at, whenever they were entered."""
        self._meeting(self.contact, days=-40)
        self.assertEqual(len(self._captured()), 1)


@tagged("post_install", "-at_install")
class TestTouchCaptureMails(TouchCaptureCommon, MailCase):
    """Mails to and from the customer are touches; what stays among us is none."""

    @classmethod
    def _post(cls, record, user=None, **values):
        """Post a message on a record as one of us, by default as a comment."""
        values.setdefault("message_type", "comment")
        values.setdefault("subtype_xmlid", "mail.mt_comment")
        # sudo: who may post where is none of our business
        author = record.with_user(user or cls.anna).sudo()
        return author.message_post(body="Hello", subject="Offer", **values)

    @classmethod
    def _receive(cls, record, sender=None, **values):
        """Post a mail that came in from outside on a record."""
        return record.message_post(
            body="Hello",
            subject="Question",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=sender.id if sender else False,
            email_from=sender.email if sender else "who@knows.example",
            **values,
        )

    def test_mail_to_the_customer_went_out(self):
        self._post(self.contact, partner_ids=self.contact.ids)
        self.assertTouch(
            self._captured(),
            channel="email",
            direction="out",
            user_id=self.anna.id,
            partner_id=self.contact.id,
            summary="Offer",
        )

    def test_mailing_to_the_customer_went_out(self):
        self._post(
            self.contact, message_type="email_outgoing", partner_ids=self.contact.ids
        )
        self.assertTouch(self._captured(), channel="email", direction="out")

    def test_mail_from_the_customer_came_in(self):
        self._receive(self.customer, self.contact)
        self.assertTouch(
            self._captured(),
            channel="email",
            direction="in",
            user_id=False,
            partner_id=self.contact.id,
        )

    def test_mails_on_order_lead_and_account_count_for_the_customer(self):
        account, lead = self._account(), self._lead(partner_id=self.contact.id)
        for record in (self._quotation(), lead, account):
            self._post(record, partner_ids=self.contact.ids)
            self._receive(record, self.contact)
        touches = self._captured()
        self.assertEqual(touches.mapped("direction"), ["out", "in"] * 3)
        self.assertEqual(touches.lead_id, lead)

    def test_everybody_of_the_customer_who_received_it_was_met(self):
        """A mail from the chatter of the account was with nobody."""
        otto = self.contact.copy({"name": "Otto", "email": "otto@meyer.example"})
        people = self.contact + otto
        self._post(self._account(), partner_ids=people.ids)
        self.assertTouch(
            self._captured(), partner_id=self.contact.id, partner_ids=people.ids
        )

    def test_mail_of_a_lead_is_with_who_received_it(self):
        otto = self.contact.copy({"name": "Otto", "email": "otto@meyer.example"})
        self._account()
        lead = self._lead(partner_id=self.contact.id)
        self._post(lead, partner_ids=otto.ids)
        self.assertTouch(self._captured(), partner_id=otto.id, partner_ids=otto.ids)

    def test_mail_that_never_left_is_no_touch(self):
        for status in ("canceled", "exception", "bounce"):
            message = self._post(self.contact, partner_ids=self.contact.ids)
            message.notification_ids.notification_status = status
        values = {
            "model": "res.partner",
            "res_id": self.customer.id,
            "author_id": self.anna.partner_id.id,
            "message_type": "email_outgoing",
            "partner_ids": [Command.link(self.contact.id)],
        }
        for state in ("cancel", "exception"):
            self.env["mail.mail"].create({**values, "subject": state, "state": state})
        self.assertFalse(self._captured())
        self.env["mail.mail"].create({**values, "subject": "Sent", "state": "sent"})
        self.assertTouch(self._captured(), summary="Sent")

    def test_mail_that_reached_one_of_two_is_a_touch_of_him(self):
        otto = self.contact.copy({"name": "Otto", "email": "otto@meyer.example"})
        people = self.contact + otto
        message = self._post(self.customer, partner_ids=people.ids)
        message.notification_ids.filtered(
            lambda sent: sent.res_partner_id == self.contact
        ).notification_status = "exception"
        self.assertTouch(self._captured(), partner_ids=otto.ids)

    def test_comment_for_colleagues_is_no_touch(self):
        self._post(self.customer, partner_ids=self.boris.partner_id.ids)
        self._post(self.customer)
        self.assertFalse(self._captured())

    def test_note_is_no_touch_even_with_the_customer_in_it(self):
        to = {"partner_ids": self.contact.ids}
        self._post(self.customer, subtype_xmlid="mail.mt_note", **to)
        self._post(self.customer, is_internal=True, **to)
        self.assertFalse(self._captured())

    def test_note_received_from_outside_is_no_touch(self):
        self._post(
            self.customer, self.anna, author_id=self.contact.id, is_internal=True
        )
        self.assertFalse(self._captured())

    def test_notifications_are_no_touches(self):
        for kind in ("notification", "user_notification", "auto_comment"):
            if kind == "user_notification":
                self.customer.message_notify(body="Hi", partner_ids=self.contact.ids)
            else:
                self._post(
                    self.customer, message_type=kind, partner_ids=self.contact.ids
                )
        self.assertFalse(self._captured())

    def test_tracked_changes_are_no_touches(self):
        quotation = self._quotation()
        quotation.message_subscribe(self.contact.ids)
        quotation = quotation.with_context(tracking_disable=False, mail_notrack=False)
        self.flush_tracking()
        quotation.state = "cancel"
        self.flush_tracking()
        self.assertTrue(quotation.message_ids.tracking_value_ids)
        self.assertFalse(self._captured())

    def test_mail_of_an_unknown_sender_touches_the_lead(self):
        lead = self._lead()
        self._receive(lead)
        self.Touch._capture()
        self.assertTouch(lead.kam_touch_ids, direction="in", partner_id=False)

    def test_mail_to_a_bare_address_went_out(self):
        lead = self._lead()
        self._post(lead, outgoing_email_to="fay@fresh.example")
        self._captured()
        self.assertTouch(lead.kam_touch_ids, direction="out")

    def test_mail_on_a_lead_of_another_company_is_a_touch_of_that_company(self):
        other = self._create_company("Our Other Company")
        lead = self._lead(company_id=other.id)
        self._receive(lead)
        self.Touch._capture()
        self.assertEqual(lead.kam_touch_ids.company_id, other)

    def test_reply_of_a_colleague_by_mail_went_out(self):
        self._post(self.customer, message_type="email", partner_ids=self.contact.ids)
        self.assertTouch(self._captured(), direction="out", user_id=self.anna.id)

    def test_comment_of_a_customer_in_the_portal_came_in(self):
        login = self.env["res.users"].create(
            {
                "login": "kam_test_ines",
                "partner_id": self.contact.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        self._post(self._quotation(), login)
        self.assertTouch(self._captured(), direction="in", user_id=False)


@tagged("post_install", "-at_install")
class TestTouchCaptureRuns(TouchCaptureCommon):
    """However often and in whatever pieces it runs, each source is one touch."""

    @classmethod
    def _calls(cls, count):
        """Log some done calls with the customer; return their messages."""
        call = cls.env.ref("mail.mail_activity_data_call")
        messages = [
            cls.customer.message_post(body=f"Call {n}", mail_activity_type_id=call.id)
            for n in range(count)
        ]
        return cls.env["mail.message"].union(*messages)

    def test_second_run_finds_nothing_new(self):
        self._calls(2)
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": self.now - timedelta(hours=3),
                "stop": self.now - timedelta(hours=2),
                "partner_ids": [Command.set(self.contact.ids)],
            }
        )
        first = self._captured()
        self.assertEqual(len(first), 3)
        self.assertEqual(self._captured(), first)

    def test_small_batches_give_the_same(self):
        messages = self._calls(5)
        while self.Touch._capture_messages(2):
            pass
        account = self._account()
        self.assertEqual(account.touch_ids.message_id, messages)

    def test_batch_goes_on_where_the_last_one_ended(self):
        messages = self._calls(3)
        self.assertTrue(self.Touch._capture_messages(2))
        self.assertEqual(self._account().touch_ids.message_id, messages[:2])
        self.assertTrue(self.Touch._capture_messages(2))
        self.assertEqual(self._account().touch_ids.message_id, messages)
        self.assertFalse(self.Touch._capture_messages(2))

    def test_message_that_was_committed_late_is_not_missed(self):
        early, late = self._calls(2)
        self.env.flush_all()
        # not visible yet when the later one is captured
        self.env.cr.execute(
            "UPDATE mail_message SET model = NULL WHERE id = %s", early.ids
        )
        self.assertEqual(self._captured().message_id, late)
        self.env.cr.execute(
            "UPDATE mail_message SET model = 'res.partner' WHERE id = %s", early.ids
        )
        self.assertEqual(self._captured().message_id, early + late)

    def test_past_is_captured_on_install(self):
        self._calls(2)
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2015-01-01 12:00:00",
                "stop": "2015-01-01 13:00:00",
                "partner_ids": [Command.set(self.contact.ids)],
            }
        )
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM ir_config_parameter WHERE key LIKE 'kam_%'")
        self.env.cr.execute("DELETE FROM kam_touch")
        self.env.invalidate_all()
        self.assertEqual(len(self._captured()), 3)
        self._refresh()
        self.assertEqual(
            self._log(self._account()), [("2015-01-01", "potential", "engaged")]
        )

    def test_captured_touch_reaches_the_account_through_the_queue(self):
        account = self._account()
        self._drain()
        self._calls(1)
        self.Touch._capture()
        self._drain()
        self.assertEqual(account.level, "engaged")
        self.assertEqual(account.last_touch_date, self.now.date())

    def test_bookmarks_leave_the_caches_of_the_server_alone(self):
        """Writing them as settings emptied the caches of every process each time."""
        self._calls(1)
        self.env.flush_all()
        cleared = []
        self.patch(
            type(self.env.registry), "clear_cache", lambda *names: cleared.append(names)
        )
        self.Touch._capture()
        self.assertFalse(cleared)
