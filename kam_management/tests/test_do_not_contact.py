from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestDoNotContact(MailCase, KamCommon):
    """Who wants silence gets it: people always, customers unless somebody insists."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env["res.partner"]
        cls.silent = Partner.create(
            {
                "name": "Ines Silent",
                "email": "ines@meyer.example.com",
                "parent_id": cls.customer.id,
                "kam_do_not_contact": True,
                "kam_do_not_contact_reason": "asked on the phone",
            }
        )
        cls.open = Partner.create(
            {
                "name": "Otto Open",
                "email": "otto@meyer.example.com",
                "parent_id": cls.customer.id,
            }
        )
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.account = cls._account()

    # People

    def test_calls_with_a_silent_person_are_refused_naming_him_and_the_reason(self):
        with self.assertRaisesRegex(UserError, "Ines Silent.*asked on the phone"):
            self.silent.activity_schedule("mail.mail_activity_data_call")
        self.open.activity_schedule("mail.mail_activity_data_call")

    def test_call_on_a_lead_of_a_silent_person_is_refused(self):
        lead = self.env["crm.lead"].create(
            {"name": "Pump", "partner_id": self.silent.id}
        )
        with self.assertRaisesRegex(UserError, "Ines Silent"):
            lead.activity_schedule("mail.mail_activity_data_call")
        lead.activity_schedule("mail.mail_activity_data_todo")

    def test_activity_cannot_be_turned_into_a_call(self):
        activity = self.silent.activity_schedule("mail.mail_activity_data_todo")
        with self.assertRaisesRegex(UserError, "Ines Silent"):
            activity.activity_type_id = self.call

    def test_message_to_a_silent_person_is_refused_while_one_can_still_choose(self):
        with self.assertRaisesRegex(UserError, "Ines Silent"):
            self.customer.message_post(
                body="News",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=(self.silent | self.open).ids,
            )

    def test_mail_leaves_silent_people_out_however_they_got_on_the_list(self):
        mail = self.env["mail.mail"].create(
            {
                "subject": "News",
                "body_html": "News",
                "email_to": "ines@meyer.example.com, else@example.com",
                "recipient_ids": [Command.set((self.silent | self.open).ids)],
            }
        )
        with self.mock_mail_gateway():
            mail.send()
        receivers = {a for sent in self._mails for a in sent["email_to"]}
        self.assertEqual(len(receivers), 2)
        self.assertFalse([a for a in receivers if "ines@" in a])

    def test_mail_to_a_silent_person_alone_is_cancelled_saying_why(self):
        mail = self.env["mail.mail"].create(
            {
                "subject": "News",
                "body_html": "News",
                "recipient_ids": [Command.set(self.silent.ids)],
                "auto_delete": False,
            }
        )
        with self.mock_mail_gateway():
            mail.send()
        self.assertFalse(self._mails)
        self.assertEqual(mail.state, "cancel")
        self.assertIn("do not want to be contacted", mail.failure_reason)

    def test_silent_follower_gets_no_notification(self):
        self.customer.message_subscribe((self.silent | self.open).ids)
        with self.mock_mail_gateway():
            self.customer.message_post(
                body="News", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        receivers = {a for sent in self._mails for a in sent["email_to"]}
        self.assertFalse([a for a in receivers if "ines@" in a])
        self.assertTrue([a for a in receivers if "otto@" in a])

    # Customers

    def _compose(self, **values):
        return self.env["mail.compose.message"].create(
            {
                "model": "res.partner",
                "res_ids": self.open.ids,
                "composition_mode": "comment",
                "body": "News",
                "subject": "News",
                "partner_ids": [Command.set(self.open.ids)],
                **values,
            }
        )

    def test_mail_to_a_silent_customer_asks_before(self):
        self.account.write(
            {"do_not_contact": True, "do_not_contact_reason": "merger talks"}
        )
        composer = self._compose()
        self.assertEqual(composer.kam_silence, "Meyer Machines (merger talks)")
        with self.assertRaisesRegex(UserError, "Meyer Machines.*Contact Anyway"):
            composer.action_send_mail()
        composer.kam_contact_anyway = True
        composer.action_send_mail()
        self.assertTrue(self.open.message_ids.filtered(lambda m: m.subject == "News"))

    def test_mail_to_another_customer_asks_nothing(self):
        composer = self._compose()
        self.assertFalse(composer.kam_silence)
        composer.action_send_mail()

    def _plan(self, record, activity_type):
        return self.env["mail.activity.schedule"].create(
            {
                "res_model": record._name,
                "res_ids": str(record.ids),
                "activity_type_id": activity_type.id,
                "activity_user_id": self.anna.id,
            }
        )

    def test_call_with_a_silent_customer_asks_before(self):
        self.account.do_not_contact = True
        for record in (self.account, self.customer, self.open):
            with self.subTest(model=record._name):
                wizard = self._plan(record, self.call)
                with self.assertRaisesRegex(UserError, "Meyer Machines"):
                    wizard.action_schedule_activities()
                wizard.kam_contact_anyway = True
                wizard.action_schedule_activities()
                self.assertEqual(record.activity_ids.activity_type_id, self.call)

    def test_paper_work_on_a_silent_customer_asks_nothing(self):
        self.account.do_not_contact = True
        paper = self.env["mail.activity.type"].create(
            {"name": "Paper", "kam_channel": False}
        )
        paper.kam_channel = False
        self._plan(self.account, paper).action_schedule_activities()
        self.assertTrue(self.account.activity_ids)
