from datetime import timedelta
from email.utils import format_datetime
from itertools import count
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .test_touch_capture import TouchCaptureCommon

RECEIVED = "Received: from mx.example by mail.ours.example; "


@tagged("post_install", "-at_install")
class TestTouchGateway(TouchCaptureCommon, MailCase):
    """What arrives by Odoo's mail gateway: only what somebody of the customer wrote."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "office@ours.example"
        cls.anna.partner_id.email = "anna@ours.example"
        cls.customer.email = "office@meyer.example"
        cls.numbers = count(1)
        cls.order = cls._quotation()
        cls.Touch._capture()

    def _deliver(self, record, sender, *headers, date=None):
        """Hand a raw mail on a record to the gateway, as the mail server does."""
        date = date or self.now
        raw = [
            f"From: {sender}",
            "To: sales@ours.example",
            "Subject: Question",
            f"Message-Id: <{next(self.numbers)}.kam@test.example>",
            f"Date: {format_datetime(date.replace(tzinfo=ZoneInfo('UTC')))}",
            *headers,
            "",
            "Hello",
        ]
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                record._name, "\r\n".join(raw), thread_id=record.id
            )
        return record.message_ids[:1]

    def assertNoTouch(self, record, sender, *headers):
        before = self.Touch.search_count([])
        self._deliver(record, sender, *headers)
        self.Touch._capture()
        self.assertEqual(self.Touch.search_count([]), before, (sender, headers))

    # Who wrote it

    def test_mail_of_a_contact_is_a_touch(self):
        message = self._deliver(self.order, "Ines <ines@meyer.example>")
        self.assertEqual(message.author_id, self.contact)
        self.assertTouch(
            self._captured(),
            direction="in",
            channel="email",
            partner_id=self.contact.id,
            message_id=message.id,
        )

    def test_new_colleague_of_theirs_is_known_by_the_domain(self):
        self._deliver(self.order, "new@meyer.example")
        self.assertTouch(self._captured(), partner_id=self.customer.id)
        self.customer.email = False
        self._deliver(self.order, "newer@meyer.example")
        self.assertEqual(len(self._captured()), 2, "a contact has such an address")

    def test_stray_contact_of_theirs_is_known_by_the_domain(self):
        stray = self.env["res.partner"].create(
            {"name": "Stray", "email": "stray@meyer.example"}
        )
        self._deliver(self.order, "stray@meyer.example")
        self.assertTouch(self._captured(), partner_id=stray.id)

    def test_third_party_on_the_customers_records_is_no_touch(self):
        """A freight forwarder who answered on the order counted as the customer."""
        forwarder = self._create_customer("Fast Freight", email="ops@freight.example")
        lead = self._lead(partner_id=self.contact.id)
        for record in (self.order, self.customer, self._account(), lead):
            for sender in ("ops@freight.example", "night@freight.example"):
                self.assertNoTouch(record, sender)
        self.assertFalse(self._captured(forwarder))

    def test_colleague_without_login_is_no_customer(self):
        """They are known as contacts of our company, or by our domain alone."""
        self.env["res.partner"].create(
            {
                "name": "Warehouse",
                "email": "tim@private.example",
                "parent_id": self.company.partner_id.id,
            }
        )
        tom = self.env["res.partner"].create(
            {"name": "Tom", "email": "tom@ours.example", "company_id": self.company.id}
        )
        records = (
            self.order,
            self._lead(),
            self._lead(partner_id=self.contact.id),
            tom,
        )
        for record in records:
            for sender in ("tim@private.example", "tom@ours.example", "x@ours.example"):
                self.assertNoTouch(record, sender)

    def test_plus_address_of_a_user_is_no_customer(self):
        self.anna.partner_id.email = "anna@gmail.com"
        self.env["res.partner"].create({"name": "Anna", "email": "anna+kam@gmail.com"})
        for record in (self.order, self._lead()):
            for sender in ("anna+crm@gmail.com", "anna+kam@gmail.com"):
                self.assertNoTouch(record, sender)

    def test_former_colleague_is_no_customer(self):
        self.boris.partner_id.email = "boris@ours.example"
        self.boris.active = False
        for record in (self.order, self._lead()):
            self.assertNoTouch(record, "boris@ours.example")

    def test_free_mail_domain_proves_nothing(self):
        """A stranger counted as the customer who has an address there, too."""
        self.customer.email = "meyer.machines@gmail.com"
        self.assertNoTouch(self.order, "stranger@gmail.com")
        self._deliver(self.order, "Meyer.Machines@gmail.com")
        self.assertTouch(self._captured(), partner_id=self.customer.id)

    def test_whoever_writes_on_a_lead_without_customer_is_the_prospect(self):
        lead = self._lead()
        self._deliver(lead, "who@knows.example")
        self.Touch._capture()
        self.assertTouch(lead.kam_touch_ids, direction="in", partner_id=False)

    # How it was written

    def test_mail_of_a_program_or_to_a_list_is_no_touch(self):
        """An out-of-office reply engaged a potential, and waited for our answer."""
        for header in (
            "Auto-Submitted: auto-replied",
            "Auto-Submitted: auto-generated (rejected)",
            "Precedence: bulk",
            "precedence: List",
            "List-Unsubscribe: <mailto:off@meyer.example>",
            "List-Id: <news.meyer.example>",
            "X-Autoreply: yes",
            "Return-Path: <>",
        ):
            for record in (self.order, self._lead()):
                self.assertNoTouch(record, "ines@meyer.example", header)
        self._drain()
        self.assertEqual(self._account().level, "potential")

    def test_mail_through_a_list_of_ours_is_a_touch(self):
        """Mail to sales@ comes in through a group that passes it on to Odoo."""
        self._deliver(
            self.order,
            "ines@meyer.example",
            "List-Id: Sales <sales.ours.example>",
            "List-Unsubscribe: <mailto:sales+unsubscribe@ours.example>",
            "Precedence: list",
        )
        self.assertEqual(len(self._captured()), 1)
        self.assertNoTouch(
            self.order,
            "ines@meyer.example",
            "List-Id: <sales.ours.example>",
            "Auto-Submitted: auto-replied",
        )
        self.assertNoTouch(
            self.order,
            "ines@meyer.example",
            "List-Id: <news.yours.example>",
            "List-Unsubscribe: <mailto:off?subject=sales@ours.example>",
        )

    def test_ordinary_headers_do_no_harm(self):
        self._deliver(
            self.order,
            "ines@meyer.example",
            "Auto-Submitted: no",
            "Precedence: first-class",
            "X-Auto-Response-Suppress: OOF",
            "Return-Path: <ines@meyer.example>",
        )
        self.assertEqual(len(self._captured()), 1)

    def test_bounce_is_no_touch(self):
        self.assertNoTouch(self.order, "MAILER-DAEMON@meyer.example")

    def test_ordinary_mail_stores_nothing_of_ours(self):
        message = self._deliver(self.order, "ines@meyer.example").sudo()
        self.assertFalse(message.kam_is_automatic)
        self.assertFalse(message.kam_arrival_date)

    # When

    def assertDay(self, expected, date, *headers):
        self._deliver(self.order, "ines@meyer.example", *headers, date=date)
        touch = self._captured()[-1:]
        self.assertAlmostEqual(touch.date, expected, delta=timedelta(minutes=5))

    def test_mail_dated_next_year_arrived_today(self):
        """It was not seen until then."""
        self.assertDay(self.now, self.now + timedelta(days=365))
        self.assertDay(self.now, self.now + timedelta(hours=30))

    def test_mail_dated_1970_arrived_today(self):
        """It became the first touch, years before there was anything."""
        self.assertDay(self.now, self.now.replace(year=1970, month=1, day=2))

    def test_mail_that_waited_at_the_provider_arrived_there(self):
        """A mailbox of years, fetched for the first time, keeps its dates."""
        then = self.now - timedelta(days=400)
        received = RECEIVED + format_datetime(then.replace(tzinfo=ZoneInfo("UTC")))
        self.assertDay(then, then, received)
        self.assertDay(then, then.replace(year=1971), received)

    def test_day_on_the_way_is_no_wrong_clock(self):
        yesterday = self.now - timedelta(hours=40)
        self.assertDay(yesterday, yesterday)
