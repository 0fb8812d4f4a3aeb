from odoo import Command
from odoo.exceptions import AccessError, UserError
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

    def test_silence_cancels_the_calls_planned_before(self):
        lead = self.env["crm.lead"].create({"name": "Pump", "partner_id": self.open.id})
        calls = [
            record.activity_schedule("mail.mail_activity_data_call")
            for record in (self.open, lead)
        ]
        paper = self.open.activity_schedule("mail.mail_activity_data_todo")
        paper.activity_type_id.kam_channel = False
        self.open.kam_do_not_contact = True
        self.assertFalse([call for call in calls if call.exists()])
        self.assertTrue(paper.exists())

    def test_done_call_is_not_followed_by_the_next_one_in_silence(self):
        follow_up = self.env["mail.activity.type"].create(
            {
                "name": "Call until he answers",
                "kam_channel": "phone",
                "chaining_type": "trigger",
            }
        )
        follow_up.triggered_next_type_id = follow_up
        call = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.open.id,
                "activity_type_id": follow_up.id,
                "user_id": self.anna.id,
            }
        )
        # noted past the ORM, as an import does it
        self.env.cr.execute(
            "UPDATE res_partner SET kam_do_not_contact = TRUE WHERE id = %s",
            [self.open.id],
        )
        self.env.invalidate_all()
        call.action_feedback()
        self.assertFalse(self.open.activity_ids)

    def test_merged_contacts_and_leads_bring_their_activities_along(self):
        lead, other = self.env["crm.lead"].create(
            [
                {"name": "Pump", "partner_id": self.open.id, "type": "opportunity"},
                {"name": "Fan", "partner_id": self.silent.id, "type": "opportunity"},
            ]
        )
        call = lead.activity_schedule("mail.mail_activity_data_call")
        (other | lead).merge_opportunity(user_id=self.anna.id)
        self.assertTrue(call.exists())

    def test_form_refuses_a_mail_to_a_silent_person(self):
        composer = self._compose(
            partner_ids=[Command.set((self.silent | self.open).ids)]
        )
        with self.assertRaisesRegex(UserError, "Ines Silent"):
            composer.action_send_mail()

    def test_mail_sent_without_a_form_goes_to_the_others(self):
        """A cron that sends invoices must not stop at one person."""
        with self.mock_mail_gateway():
            message = self.customer.message_post(
                body="News",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=(self.silent | self.open).ids,
            )
        receivers = {a for sent in self._mails for a in sent["email_to"]}
        self.assertEqual(len(receivers), 1)
        states = {
            n.res_partner_id: n.notification_status for n in message.notification_ids
        }
        self.assertEqual(states[self.silent], "canceled")
        self.assertEqual(states[self.open], "sent")

    def test_address_that_others_share_and_that_of_a_colleague_are_never_silent(self):
        Partner = self.env["res.partner"]
        shared = Partner.create({"name": "Reception", "email": self.silent.email})
        self.assertFalse(Partner._get_kam_silent_emails(["ines@meyer.example.com"]))
        shared.kam_do_not_contact = True
        self.assertTrue(Partner._get_kam_silent_emails(["ines@meyer.example.com"]))
        self.anna.email = "anna@our.example.com"
        Partner.create(
            {
                "name": "Enemy of Anna",
                "email": self.anna.email,
                "kam_do_not_contact": True,
            }
        )
        self.assertFalse(Partner._get_kam_silent_emails(["anna@our.example.com"]))

    def test_mail_needed_to_log_in_is_sent(self):
        mail = self.env["mail.mail"].create(
            {
                "subject": "Password",
                "body_html": "Link",
                "model": "res.users",
                "res_id": self.anna.id,
                "email_to": self.silent.email,
            }
        )
        with self.mock_mail_gateway():
            mail.send()
        self.assertEqual(len(self._mails), 1)

    def test_mail_leaves_silent_people_out_however_they_got_on_the_list(self):
        mail = self.env["mail.mail"].create(
            {
                "subject": "News",
                "body_html": "News",
                "model": "res.partner",
                "res_id": self.customer.id,
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
                "model": "res.partner",
                "res_id": self.customer.id,
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

    def test_reason_is_told_to_the_team_alone_and_within_the_company(self):
        self.account.write(
            {"do_not_contact": True, "do_not_contact_reason": "merger talks"}
        )
        self.env = self.env(user=self.seller)
        composer = self._compose()
        self.assertEqual(composer.kam_silence, "Meyer Machines")
        accounts = self.Account.sudo()
        elsewhere = self._create_company("Other").ids
        self.assertTrue(accounts._get_silent_for(self.account))
        accounts = accounts.with_context(allowed_company_ids=elsewhere)
        self.assertFalse(accounts._get_silent_for(self.account))

    def test_chatter_asks_what_the_user_may_know(self):
        self.account.write(
            {
                "do_not_contact": True,
                "do_not_contact_reason": "merger talks",
                "manager_id": self.anna.id,
            }
        )
        Account = self.Account
        for user, expected in (
            (self.anna, "Meyer Machines (merger talks)"),
            (self.seller, "Meyer Machines"),
        ):
            with self.subTest(user=user.login):
                ask = Account.with_user(user).get_silence
                self.assertEqual(ask("res.partner", self.open.id), expected)
        self.assertFalse(
            Account.with_user(self.anna).get_silence(
                "res.partner", self.anna.partner_id.id
            )
        )
        with self.assertRaises(AccessError):
            Account.with_user(self.boris).get_silence("kam.account", self.account.id)

    def test_chatter_of_a_silent_person_says_that_no_mail_goes_to_him(self):
        ask = self.Account.with_user(self.seller).get_silence
        with self.assertRaisesRegex(UserError, "Ines Silent.*asked on the phone"):
            ask("res.partner", self.silent.id)
        self.assertFalse(ask("res.partner", self.open.id))

    def test_merged_accounts_keep_silence_and_the_shortest_rhythm(self):
        rival = self._account(self._create_customer("Rival Machines"))
        self.account.write({"touch_days": 30})
        rival.write(
            {
                "touch_days": 7,
                "do_not_contact": True,
                "do_not_contact_reason": "merger talks",
            }
        )
        rival.sudo()._merge_twins({rival.sudo(): self.account})
        self.assertRecordValues(
            self.account,
            [
                {
                    "touch_days": 7,
                    "do_not_contact": True,
                    "do_not_contact_reason": "merger talks",
                }
            ],
        )

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
