from itertools import count

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintMail(ComplaintCommon, MailCase):
    """A mail to complaints@ is the customer's complaint, or waits to be assigned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "ours.example", "company_ids": cls.company.ids}
        )
        cls.mailbox = (
            cls.env["kam.complaint.mailbox"]
            .with_user(cls.head)
            .create({"name": "Complaints", "alias_name": "kam-test-complaints"})
        )
        cls.ines = cls._person("Ines", email="ines@meyer.example")
        cls.numbers = count(1)
        cls.Mail = cls.env["kam.complaint.mail"]

    @classmethod
    def _deliver(cls, sender, *headers, subject="It leaks", text="Oil everywhere"):
        """Hand a raw mail to the gateway, as the mail server does."""
        raw = [
            f"From: {sender}",
            "To: kam-test-complaints@ours.example",
            f"Subject: {subject}",
            f"Message-Id: <{next(cls.numbers)}.complaint@test.example>",
            "Date: Mon, 15 Jun 2026 09:59:00 +0000",
            *headers,
            "",
            text,
        ]
        cls.env["mail.thread"].message_process(False, "\r\n".join(raw))

    def _get(self, what="kam.complaint"):
        return self.env[what].search([("company_id", "=", self.company.id)])

    # Known senders

    def test_mail_of_a_customer_is_their_complaint(self):
        order = self._order("2026-06-01")
        self._order("2026-06-02")
        with self.mock_mail_gateway():
            self._deliver(
                "Ines <ines@meyer.example>", subject=f"Re {order.name}: leaks"
            )
        complaint = self._get()
        self.assertRecordValues(
            complaint,
            [
                {
                    "name": f"Re {order.name}: leaks",
                    "account_id": self.account.id,
                    "partner_id": self.ines.id,
                    "order_id": order.id,
                    "user_id": self.anna.id,
                    "kind": "complaint",
                    "stage": "new",
                    "is_shared": True,
                }
            ],
        )
        self.assertIn("Oil everywhere", complaint.description)
        [message] = complaint._get_portal_messages()
        self.assertEqual(message.author_id, self.ines)
        self.assertFalse(self._get("kam.complaint.mail"), "nothing is left to assign")

    def test_order_of_another_customer_is_not_taken(self):
        other = self._order("2026-06-01", partner=self._create_customer("Rival"))
        with self.mock_mail_gateway():
            self._deliver("ines@meyer.example", text=f"See {other.name}")
        self.assertFalse(self._get().order_id)
        self.assertEqual(self._get().account_id, self.account)

    def test_reply_stays_in_the_thread_and_is_one_touch_each(self):
        self.company.email = "office@ours.example"
        with self.mock_mail_gateway():
            self._deliver("ines@meyer.example")
            complaint = self._get()
            first = complaint._get_portal_messages().message_id
            self._deliver(
                "ines@meyer.example", f"In-Reply-To: {first}", text="And more"
            )
        self.assertEqual(self._get(), complaint)
        self.assertEqual(len(complaint._get_portal_messages()), 2)
        self.env["kam.touch"]._capture()
        self.env["kam.touch"]._capture()
        touches = self.env["kam.touch"].search([("account_id", "=", self.account.id)])
        self.assertEqual(touches.mapped("direction"), ["in", "in"])

    # Unknown senders

    def test_mail_of_a_stranger_waits_for_the_head(self):
        with self.mock_mail_gateway():
            self._deliver("Paul <paul@else.example>")
        mail = self._get("kam.complaint.mail")
        self.assertRecordValues(
            mail,
            [
                {
                    "name": "It leaks",
                    "email_from": '"Paul" <paul@else.example>',
                    "account_id": False,
                }
            ],
        )
        self.assertFalse(self._get())
        self.assertTrue(mail.with_user(self.head).name)
        for user in (self.anna, self.seller):
            with self.assertRaises(AccessError):
                mail.with_user(user).read(["name"])
        with self.assertRaisesRegex(UserError, "Choose the customer"):
            mail.with_user(self.head).action_assign()

    def test_assigning_makes_the_complaint_with_the_thread(self):
        with self.mock_mail_gateway():
            self._deliver("Paul <paul@else.example>")
        mail = self._get("kam.complaint.mail").with_user(self.head)
        paul = self._person("Paul", email="paul@else.example")
        mail.write({"account_id": self.account.id, "partner_id": paul.id})
        action = mail.action_assign()
        complaint = self._get()
        self.assertEqual(action["res_id"], complaint.id)
        self.assertEqual(
            (complaint.user_id, complaint.partner_id, complaint.name),
            (self.anna, paul, "It leaks"),
        )
        [message] = complaint._get_portal_messages()
        self.assertEqual(message.author_id, paul)
        self.assertFalse(mail.active)
        self.assertEqual(mail.action_assign()["res_id"], complaint.id, "once only")
        with self.mock_mail_gateway():
            self._deliver("paul@else.example", f"In-Reply-To: {message.message_id}")
        self.assertEqual(self._get(), complaint)
        self.assertEqual(len(complaint._get_portal_messages()), 2)

    def test_order_named_by_a_stranger_is_but_a_hint(self):
        order = self._order("2026-06-01")
        with self.mock_mail_gateway():
            self._deliver("paul@else.example", subject=f"About {order.name}")
        mail = self._get("kam.complaint.mail")
        self.assertEqual((mail.account_id, mail.order_id), (self.account, order))
        self.assertFalse(self._get())

    def test_customer_of_another_company_waits(self):
        sister = self._create_company("Sister")
        theirs = self._create_customer(
            "Theirs", company_id=sister.id, email="x@y.example"
        )
        self._account(theirs, sister)
        with self.mock_mail_gateway():
            self._deliver("x@y.example")
        self.assertFalse(self._get())
        self.assertFalse(self._get("kam.complaint.mail").account_id)

    # Who takes care

    def test_it_goes_to_who_can_open_it(self):
        """The mail bounced when the manager had left, or was no manager any more."""
        group = self.env.ref("kam_management.group_kam_user")
        self.account.accountable_id = False
        for values in ({"group_ids": [Command.unlink(group.id)]}, {"active": False}):
            with self.subTest(values=values), self.mock_mail_gateway():
                self.anna.write(values)
                before = self._get()
                self._deliver("ines@meyer.example")
                self.assertEqual((self._get() - before).user_id, self.head)
                self.anna.write({"active": True, "group_ids": [Command.link(group.id)]})

    def test_it_waits_when_nobody_can_open_it(self):
        self.anna.active = False
        heads = self.account._get_heads(leaver=self.account.accountable_id)
        heads.active = False
        with self.mock_mail_gateway():
            self._deliver("ines@meyer.example")
        self.assertFalse(self._get())
        mail = self._get("kam.complaint.mail")
        self.assertEqual((mail.account_id, mail.partner_id), (self.account, self.ines))
        self.assertIn("Oil everywhere", mail.description)
        heads.active = True
        mail.with_user(self.head).action_assign()
        self.assertEqual(self._get().user_id, self.head)

    # Programs

    def test_programs_complain_about_nothing(self):
        for header in (
            "Auto-Submitted: auto-replied",
            "Precedence: bulk",
            "List-Unsubscribe: <x>",
            "X-Autoreply: yes",
        ):
            for sender in ("ines@meyer.example", "paul@else.example"):
                with self.subTest(header=header, sender=sender):
                    with self.mock_mail_gateway():
                        self._deliver(sender, header)
                    self.assertFalse(self._get() | self._get())
                    self.assertFalse(self._get("kam.complaint.mail"))

    def test_loop_of_mails_ends(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "3")
        with (
            self.mock_mail_gateway(),
            mute_logger("odoo.addons.mail.models.mail_thread"),
        ):
            for _turn in range(6):
                self._deliver("ines@meyer.example")
                self.env.flush_all()
        self.assertEqual(len(self._get()), 3)

    # Mailboxes

    def test_mailbox_says_company_and_kind(self):
        self.mailbox.kind = "wish"
        with self.mock_mail_gateway():
            self._deliver("ines@meyer.example")
        self.assertEqual(self._get().kind, "wish")

    def test_defaults_of_the_address_say_nothing_of_whose_it_is(self):
        """A head of another company let mails come in at ours, for an account of ours."""
        sister = self._create_company("Sister")
        theirs = self._account(
            self._create_customer("Theirs", company_id=sister.id), sister
        )
        self.mailbox.sudo().alias_id.alias_defaults = repr(
            {
                "company_id": sister.id,
                "account_id": theirs.id,
                "partner_id": theirs.partner_id.id,
                "kind": "wish",
                "active": False,
            }
        )
        with self.mock_mail_gateway():
            self._deliver("paul@else.example")
            self._deliver("ines@meyer.example")
        self.assertRecordValues(
            self._get("kam.complaint.mail"),
            [{"account_id": False, "partner_id": False, "kind": "complaint"}],
        )
        self.assertRecordValues(
            self._get(), [{"account_id": self.account.id, "kind": "complaint"}]
        )
        self.assertFalse(self.Complaint.search([("account_id", "=", theirs.id)]))

    def test_mailboxes_are_the_heads(self):
        with self.assertRaises(AccessError):
            self.env["kam.complaint.mailbox"].with_user(self.anna).create(
                {"name": "Mine"}
            )
