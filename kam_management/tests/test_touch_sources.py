from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.kam_management.models.evidence.contacts import MAX_RECIPIENTS

from .test_touch_capture import TouchCaptureCommon


@tagged("post_install", "-at_install")
class TestTouchDoneActivities(TouchCaptureCommon):
    """What is said when an activity is marked as done goes to its touch."""

    def _plan(self, record=None, kind="call", user=None, **values):
        return (record or self._account()).activity_schedule(
            f"mail.mail_activity_data_{kind}", user_id=(user or self.anna).id, **values
        )

    def test_quality_outcome_and_feedback_go_to_the_touch(self):
        activity = self._plan(summary="Ask about prices")
        activity.write({"kam_quality": 4, "kam_outcome": "next_step"})
        activity.action_feedback(feedback="He will order")
        self.assertTouch(
            self._captured(),
            quality=4,
            outcome="next_step",
            note="He will order",
            summary="Ask about prices",
        )

    def test_resources_go_to_the_touch(self):
        self._account().manager_id = self.anna
        resource = self.env["kam.resource"].create({"name": "Filter", "cost": 12})
        mine = self._plan().with_user(self.anna)
        mine.kam_resource_ids = [
            Command.create({"resource_id": resource.id, "quantity": 3})
        ]
        line = mine.kam_resource_ids
        mine.action_done()
        touch = self._captured()
        self.assertEqual((line.touch_id, line.company_id), (touch, self.company))
        self.assertFalse(line.activity_id)
        self.assertEqual(touch.cost, 36)
        self.assertEqual(self._captured().cost, 36)

    def test_resources_of_a_colleagues_activity_are_not_mine(self):
        resource = self.env["kam.resource"].create({"name": "Filter", "cost": 12})
        activity = self._plan(kind="call", user=self.head)
        self._account().manager_id = self.anna
        line = self.env["kam.touch.resource"].create(
            {"activity_id": activity.id, "resource_id": resource.id}
        )
        with self.assertRaises(AccessError):
            line.with_user(self.boris).read(["cost"])

    def test_each_of_several_activities_done_at_once_keeps_its_own(self):
        first, second = self._plan(), self._plan()
        other = self._plan(self.rival, user=self.anna)
        for quality, activity in enumerate((first, second, other), start=1):
            activity.kam_quality = quality
        (second + other + first).action_done()
        touches = self._captured()
        self.assertEqual(sorted(touches.mapped("quality")), [1, 2])
        self.assertEqual(
            first.kam_message_id,
            touches.filtered(lambda touch: touch.quality == 1).message_id,
        )
        self.assertEqual(self._captured(self.rival).quality, 3)

    def test_message_of_an_activity_is_read_and_written_by_nobody(self):
        """Who linked any message to an own activity read its subject."""
        activity = self._plan(user=self.anna).with_user(self.anna)
        message = self.env["mail.message"].search([], limit=1)
        with self.assertRaises(AccessError):
            activity.kam_message_id = message.id
        with self.assertRaises(AccessError):
            activity.read(["kam_message_id"])

    def test_mark_corrected_on_the_touch_is_not_taken_back(self):
        activity = self._plan()
        activity.kam_quality = 4
        activity.action_done()
        touch = self._captured()
        touch.quality = 2
        self.Touch._capture()
        self.assertEqual(touch.quality, 2)

    def test_done_activity_wakes_the_capture(self):
        cron = self.env.ref("kam_management.ir_cron_capture")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._plan(kind="upload_document").action_done()
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before)
        self._plan().action_done()
        self.assertGreater(triggers.search_count([("cron_id", "=", cron.id)]), before)

    def _meeting_with_activity(self, days=-1):
        """Return an activity and the meeting made for it, as the calendar does."""
        activity = self._plan(kind="meeting")
        start = self.now + timedelta(days=days)
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": start,
                "stop": start + timedelta(hours=2),
                "user_id": self.anna.id,
                "partner_ids": [Command.set((self.anna.partner_id + self.contact).ids)],
            }
        )
        activity.calendar_event_id = meeting
        return activity, meeting

    def test_done_meeting_activity_and_its_event_are_one_touch(self):
        activity, meeting = self._meeting_with_activity()
        activity.kam_quality = 5
        activity.action_done()
        self.assertTouch(
            self._captured(),
            date=meeting.start,
            duration=2,
            quality=5,
            event_id=meeting.id,
        )

    def test_meeting_captured_before_it_was_marked_as_done_is_the_same_touch(self):
        activity, meeting = self._meeting_with_activity()
        touch = self._captured()
        activity.kam_quality = 5
        activity.action_done()
        self.assertEqual(self._captured(), touch)
        self.assertTouch(touch, quality=5, message_id=activity.kam_message_id.id)
        # it took place, whatever becomes of the calendar
        meeting.unlink()
        self.assertEqual(self._captured(), touch)

    def test_activities_done_before_the_addon_came_are_one_touch_too(self):
        activity, _meeting = self._meeting_with_activity()
        activity.action_done()
        activity.kam_message_id = False
        self.assertEqual(len(self._captured()), 1)


@tagged("post_install", "-at_install")
class TestTouchSources(TouchCaptureCommon):
    """Mails of unknown senders, to many, and quotations sent without a mail."""

    def _receive(self, record, sender):
        return record.message_post(
            body="Hello",
            subject="Question",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=False,
            email_from=sender,
        )

    def _mail(self, partners, **values):
        return self.customer.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=partners.ids,
            author_id=self.anna.partner_id.id,
            **values,
        )

    def _people(self, count):
        return self.env["res.partner"].create(
            [
                {"name": f"Person {n}", "email": f"p{n}@meyer.example"}
                for n in range(count)
            ]
        )

    def test_sender_is_found_by_his_address(self):
        self._receive(self._account(), '"Ines" <INES@meyer.example>')
        self.assertTouch(self._captured(), direction="in", partner_id=self.contact.id)

    def test_bare_address_is_found_too(self):
        self._receive(self._account(), " ines@meyer.example ")
        self.assertTouch(self._captured(), partner_id=self.contact.id)

    def test_sender_of_the_customers_domain_is_somebody_of_his(self):
        self.customer.email = "office@meyer.example"
        self._receive(self._account(), "new.man@meyer.example")
        self.assertTouch(self._captured(), partner_id=self.customer.id)

    def test_stranger_on_the_record_of_a_customer_is_none_of_theirs(self):
        """They counted for the account, without a person."""
        self._receive(self._account(), "who@knows.example")
        self._receive(self._account(), "hi@rival.example")
        self.assertFalse(self._captured())
        self.assertFalse(self._captured(self.rival))

    def test_mail_on_an_account_makes_none_in_the_company_of_the_sender(self):
        """It made one there, although the account of the customer was known."""
        self.customer.company_id = False  # and that of its contacts
        self.contact.company_id = self.company
        account = self._account(company=self._create_company("Sister"))
        self._receive(account, "ines@meyer.example")
        self.assertFalse(self._captured())
        self.assertTouch(account.touch_ids, partner_id=self.contact.id)
        self.assertFalse(self.Account._get_for(self.company, self.customer))

    def test_garbage_as_sender_does_no_harm(self):
        for sender in ("", "<>", "@", "no address", False):
            self._receive(self._account(), sender)
        self.assertFalse(self._captured())
        for sender in ("", "<>", "@", "no address", False):
            self._receive(self._lead(), sender)
        self.Touch._capture()

    def test_known_sender_links_a_lead_without_customer(self):
        lead = self._lead()
        self._receive(lead, "ines@meyer.example")
        self.assertTouch(self._captured(), lead_id=lead.id, partner_id=self.contact.id)

    def test_mail_to_several_people_is_one_touch(self):
        self._mail(self._people(3))
        self.assertEqual(len(self._captured()), 1)

    def test_mail_to_too_many_is_none(self):
        self._mail(self._people(MAX_RECIPIENTS + 1))
        self.assertFalse(self._captured())

    def test_mass_mailing_one_by_one_is_none(self):
        customers = self.env["res.partner"].create(
            [
                {"name": f"Shop {n}", "is_company": True, "company_id": self.company.id}
                for n in range(MAX_RECIPIENTS + 1)
            ]
        )
        self._mass_mail(customers, "Summer sale")
        self.Touch._capture()
        self.assertFalse(self._account(customers[0]).touch_ids)
        self._mass_mail(customers[:2], "Only for you")
        self.env.flush_all()
        # in a test everything is written at once
        self.env.cr.execute(
            """UPDATE mail_message SET create_date = create_date + INTERVAL '1 minute'
                WHERE subject = 'Only for you'"""
        )
        self.Touch._capture()
        self.assertEqual(len(self._account(customers[0]).touch_ids), 1)

    def test_mass_mailing_of_a_planned_communication_is_a_touch_of_it(self):
        customers = self.env["res.partner"].create(
            [
                {"name": f"Shop {n}", "is_company": True, "company_id": self.company.id}
                for n in range(MAX_RECIPIENTS + 1)
            ]
        )
        plan = self.env["kam.communication"].create(
            {
                "name": "Air and Energy",
                "channel": "newsletter",
                "target": "all",
                "company_id": self.company.id,
            }
        )
        self._mass_mail(customers, "AIR AND ENERGY: spring issue")
        self.Touch._capture()
        touches = self._account(customers[0]).touch_ids
        self.assertTouch(touches, communication_id=plan.id, channel="newsletter")
        self.assertEqual(plan.reached_count, len(customers))

    def _mass_mail(self, customers, subject):
        self.env["mail.message"].create(
            [
                {
                    "model": "res.partner",
                    "res_id": customer.id,
                    "author_id": self.anna.partner_id.id,
                    "message_type": "email_outgoing",
                    "partner_ids": [Command.link(customer.id)],
                    "subject": subject,
                }
                for customer in customers
            ]
        )

    def _tracked_quotation(self):
        quotation = self._quotation().with_user(self.anna).sudo()
        self.env.flush_all()
        return quotation.with_context(tracking_disable=False, mail_notrack=False)

    def _flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()

    def test_quotation_marked_as_sent_went_out(self):
        quotation = self._tracked_quotation()
        self._flush_tracking()
        quotation.action_quotation_sent()
        self._flush_tracking()
        self.assertTouch(
            self._captured(),
            direction="out",
            user_id=self.anna.id,
            summary=quotation.name,
        )

    def test_quotation_sent_by_mail_is_one_touch(self):
        quotation = self._tracked_quotation()
        self._flush_tracking()
        for _time in range(2):
            self.assertIn(quotation.state, ("draft", "sent"))
            if quotation.state == "draft":
                quotation.action_quotation_sent()
                self._flush_tracking()
                quotation.message_post(
                    body="Offer",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    partner_ids=self.contact.ids,
                    author_id=self.anna.partner_id.id,
                )
        self.assertTouch(self._captured(), channel="email", direction="out")

    def test_import_of_past_mails_resumes_where_it_was_killed(self):
        """Batches are committed one by one; what is captured twice is one touch."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO mail_message (model, res_id, message_type, subtype_id, date,
                   author_id, is_internal, subject, create_date)
            SELECT 'res.partner', %s, 'email', %s,
                   '2015-01-01'::timestamp + n * '1 hour'::interval, %s, FALSE,
                   'Old mail', now()
              FROM generate_series(1, 3000) n
            """,
            [
                self.customer.id,
                self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
                self.contact.id,
            ],
        )
        with self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint():
            self.assertTrue(self.Touch._capture_messages(1000))
            raise KeyboardInterrupt
        self.env.invalidate_all()
        self.assertTrue(self.Touch._capture_messages(1000))
        seen = int(self.Touch._get_bookmark("kam_management.captured_message"))
        queries = self.cr.sql_log_count
        self.assertTrue(self.Touch._capture_messages(1000))
        queries = self.cr.sql_log_count - queries
        self.assertLess(
            queries, 60, "one batch is a matter of statements, not of mails"
        )
        self.assertEqual(
            int(self.Touch._get_bookmark("kam_management.captured_message")),
            seen + 1000,
        )
        self.assertEqual(len(self._captured()), 3000)
