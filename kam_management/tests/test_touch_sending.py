from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.kam_management.models.contact import kam_touch_capture
from odoo.addons.kam_management.models.evidence.contacts import MAX_RECIPIENTS
from odoo.addons.mail.tests.common import MailCase

from .test_touch_capture import TouchCaptureCommon


@tagged("post_install", "-at_install")
class TestTouchSending(TouchCaptureCommon, MailCase):
    """A mail is a touch when it leaves: not before, and whatever becomes of it then."""

    def _queue(self, *partners, **values):
        """Return mails that wait to be sent, one to each of the partners."""
        return self.env["mail.mail"].create(
            [
                {
                    "model": "res.partner",
                    "res_id": partner.id,
                    "author_id": self.anna.partner_id.id,
                    "email_from": "anna@acme.example",
                    "recipient_ids": [Command.link(partner.id)],
                    "message_type": "email_outgoing",
                    "partner_ids": [Command.link(partner.id)],
                    "subject": "Offer",
                    "is_notification": False,
                    **values,
                }
                for partner in partners
            ]
        )

    def _comment(self, **values):
        """Return a comment on the customer that his contact is to receive by mail."""
        comment = self.customer.with_user(self.anna).sudo()
        return comment.message_post(
            body="Hello",
            subject="Offer",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
            **values,
        )

    def _shops(self, count):
        return self.env["res.partner"].create(
            [
                {
                    "name": f"Shop {number}",
                    "email": f"hi@shop{number}.example",
                    "is_company": True,
                    "company_id": self.company.id,
                }
                for number in range(count)
            ]
        )

    def _send(self, mails):
        with self.mock_mail_gateway(mail_unlink_sent=True):
            mails.send()

    def _forget_look_back(self):
        """Let the cron look at new messages alone, as after thousands of others."""
        self.Touch._capture()
        self.startPatcher(patch.object(kam_touch_capture, "MESSAGES_LOOKED_BACK", 0))

    def _touches(self, partner=None):
        """Capture without sending anything, and return the customer's touches."""
        self.Touch._capture()
        return self.Account._get_for(self.company, partner or self.customer).touch_ids

    def test_mail_that_waits_is_no_touch_until_it_leaves(self):
        mail = self._queue(self.contact)
        self.assertFalse(self._touches())
        self._send(mail)
        self.assertEqual(mail.state, "sent")
        self.assertTouch(self._touches(), direction="out", summary="Offer")

    def test_comment_that_waits_is_no_touch_until_it_leaves(self):
        message = self._comment()
        self.assertEqual(message.notification_ids.notification_status, "ready")
        self.assertFalse(self._touches())
        self._send(message.mail_ids)
        self.assertTouch(self._touches(), partner_ids=self.contact.ids)

    def test_mail_that_leaves_late_is_a_touch_of_that_day(self):
        """It failed, or was scheduled, and the cron is far past it by now."""
        before = fields.Datetime.now() - timedelta(days=3)
        mail = self._queue(self.contact, date=before, state="exception")
        self._forget_look_back()
        mail.action_retry()
        self._send(mail)
        touch = self._touches()
        self.assertTouch(touch, message_id=mail.mail_message_id.id, summary="Offer")
        self.assertGreater(touch.date, before + timedelta(days=2))

    def test_comment_that_leaves_late_is_a_touch_although_its_mail_is_gone(self):
        message = self._comment()
        message.date -= timedelta(days=3)
        mail = message.mail_ids
        mail.auto_delete = True
        self._forget_look_back()
        self.assertFalse(self._touches())
        self._send(mail)
        self.assertFalse(mail.exists())
        self.assertTouch(self._touches(), message_id=message.id)

    def test_mail_that_fails_again_is_no_touch(self):
        mail = self._queue(self.contact, date=fields.Datetime.now() - timedelta(days=3))
        self._forget_look_back()
        self.contact.email = False
        self._send(mail)
        self.assertEqual(mail.state, "exception")
        self.assertFalse(self._touches())

    def test_mail_that_leaves_at_once_is_left_to_the_cron(self):
        message = self._comment()
        with patch.object(type(self.Touch), "_capture_sent") as captured:
            self._send(message.mail_ids)
        captured.assert_not_called()

    def test_mails_alike_to_a_few_are_touches_though_cleared_away(self):
        """One with another alike waiting was lost: as if it were a mass mailing."""
        mails = self._queue(self.contact, self.rival, auto_delete=True)
        self._send(mails)
        self.assertFalse(mails.exists())
        self.assertTouch(self._touches(), summary="Offer", message_id=False)
        self.assertTouch(self._touches(self.rival), summary="Offer")

    def test_mass_mailing_cleared_away_one_by_one_is_none(self):
        """The last mail of it was a touch: nothing alike was left."""
        shops = self._shops(MAX_RECIPIENTS + 1)
        mails = self._queue(*shops, auto_delete=True)
        self._send(mails)
        self.assertFalse(mails.exists())
        for shop in (shops[0], shops[-1]):
            self.assertFalse(self._touches(shop))

    def test_mass_mailing_of_a_communication_is_one_though_cleared_away(self):
        plan = self.env["kam.communication"].create(
            {"name": "Air and Energy", "target": "all", "company_id": self.company.id}
        )
        shops = self._shops(MAX_RECIPIENTS + 1)
        self._send(self._queue(*shops, subject="Air and Energy 3", auto_delete=True))
        for shop in (shops[0], shops[-1]):
            self.assertTouch(self._touches(shop), communication_id=plan.id)

    def test_newsletter_is_none_however_few_get_it(self):
        """Few customers on the list were few personal contacts."""
        headers = repr({"List-Unsubscribe": "<https://ours.example/bye>"})
        kept = self._queue(self.contact, headers=headers)
        gone = self._queue(self.rival, headers=headers, auto_delete=True)
        logged = self._queue(
            self.contact,
            headers=headers,
            subject="Spring",
            auto_delete=True,
            is_notification=True,
        )
        message = logged.mail_message_id
        self._send(kept + gone + logged)
        self.assertEqual(kept.state, "sent")
        self.assertFalse((gone + logged).exists())
        self.assertTrue(message.exists())
        self.assertFalse(self._touches())
        self.assertFalse(self._touches(self.rival))

    def test_mail_of_a_mailing_is_a_newsletter(self):
        """Of Email Marketing, whose headers are added when it leaves."""
        if "mailing_id" not in self.env["mail.mail"]._fields:
            mark = patch.object(
                type(self.env["mail.mail"]), "_kam_is_newsletter", lambda mail: True
            )
            values = {}
        else:
            mailing = self.env["mailing.mailing"].create(
                {"name": "News", "subject": "News"}
            )
            mark, values = nullcontext(), {"mailing_id": mailing.id}
        with mark:
            mail = self._queue(self.contact, **values)
        self._send(mail)
        self.assertEqual(mail.state, "sent")
        self.assertFalse(self._touches())

    def test_newsletter_of_a_communication_is_one_however_few_get_it(self):
        plan = self.env["kam.communication"].create(
            {"name": "Air and Energy", "target": "all", "company_id": self.company.id}
        )
        headers = repr({"Precedence": "list"})
        self._send(self._queue(self.contact, subject=plan.name, headers=headers))
        self.assertTouch(self._touches(), communication_id=plan.id)

    def test_headers_that_make_no_sense_are_those_of_a_mail(self):
        for headers in ("{List-Unsubscribe", "{'X-Mailer': 'ours'}"):
            self._send(self._queue(self.contact, subject=headers, headers=headers))
        self.assertEqual(len(self._touches()), 2)

    def test_mails_deleted_long_after_are_not_captured_again(self):
        """Deleted one by one, the last of a mass mailing are no few mails alike."""
        mails = self._queue(*self._shops(MAX_RECIPIENTS + 1), state="sent")
        self.Touch._capture()
        last = mails[-1].recipient_ids
        for mail in mails:
            mail.unlink()
        self.assertFalse(self._touches(last))

    def test_deleting_many_mails_looks_for_all_at_once(self):
        """There was one search for each mail, for others alike."""

        def count_queries(mails):
            mails.mapped("subject")
            self.env.flush_all()
            before = self.cr.sql_log_count
            mails.unlink()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        few, many = (
            self._queue(*self._shops(count), subject=f"To {count}", state="sent")
            for count in (2, 12)
        )
        count_queries(self._queue(self.contact, state="sent"))
        self.assertLess(count_queries(many) - count_queries(few), 6)

    def test_cron_reports_what_it_looked_at(self):
        """It reported a whole batch of 50 000, whatever there was."""
        self._queue(*self._shops(3), state="sent")
        cron = self.env.ref("kam_management.ir_cron_capture")
        reported = []

        def report(_cron, processed=0, *, remaining=None):
            reported.append((processed, remaining))
            return 100

        with (
            patch.object(type(cron), "_commit_progress", report),
            patch.object(kam_touch_capture, "retrying", lambda func, _env: func()),
            patch.object(kam_touch_capture, "MESSAGES_PER_BATCH", 2),
        ):
            self.Touch._cron_capture()
        self.assertEqual(reported, [(2, 1), (1, 0), (0, 0)])
