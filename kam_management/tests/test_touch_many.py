from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.kam_management.models.evidence.contacts import MAX_RECIPIENTS
from odoo.addons.mail.tests.common import MailCase

from .test_touch_capture import TouchCaptureCommon


@tagged("post_install", "-at_install")
class TestTouchMany(TouchCaptureCommon, MailCase):
    """What goes out to many, or not to the customer, is no contact with anybody."""

    def _shops(self, number):
        return self.env["res.partner"].create(
            [
                {
                    "name": f"Shop {place}",
                    "email": f"hi@shop{place}.example",
                    "is_company": True,
                    "company_id": self.company.id,
                }
                for place in range(number)
            ]
        )

    def _people(self, number, **values):
        return self.env["res.partner"].create(
            [
                {
                    "name": f"Person {place}",
                    "email": f"p{place}@meyer.example",
                    "parent_id": self.customer.id,
                    **values,
                }
                for place in range(number)
            ]
        )

    def _mail_merge(self, partners):
        """Mail partners from their list, each with a subject of their own."""
        composer = (
            self.env["mail.compose.message"]
            .with_context(active_model="res.partner", active_ids=partners.ids)
            .create(
                {
                    "author_id": self.anna.partner_id.id,
                    "body": "<p>News for you</p>",
                    "composition_mode": "mass_mail",
                    "email_from": "anna@ours.example",
                    "model": "res.partner",
                    "res_ids": repr(partners.ids),
                    "subject": "{{ object.name }}, news for you",
                }
            )
        )
        with self.mock_mail_gateway():
            composer._action_send_mail()
        return self.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "in", partners.ids)]
        )

    def _write_to(self, record, *partners, **values):
        return (
            record.with_user(self.anna)
            .sudo()
            .message_post(
                body="Hello",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=[partner.id for partner in partners],
                **values,
            )
        )

    def _meet(self, *guests):
        start = self.now - timedelta(hours=3)
        return self.env["calendar.event"].create(
            {
                "name": "Webinar",
                "start": start,
                "stop": start + timedelta(hours=1),
                "user_id": self.anna.id,
                "partner_ids": [
                    Command.set([self.anna.partner_id.id, *[g.id for g in guests]])
                ],
            }
        )

    def _touched(self, partners):
        """Return which of some customers have a touch."""
        self._send_waiting()
        self.Touch._capture()
        accounts = self.Account.search([("partner_id", "in", partners.ids)])
        return accounts.filtered("touch_ids").partner_id

    # Mails

    def test_mass_mail_with_merged_subjects_is_no_contact(self):
        """30 contacts mailed with their name in the subject were 30 engaged potentials."""
        shops = self._shops(30)
        subjects = self._mail_merge(shops).mapped("subject")
        self.assertEqual(len(set(subjects)), 30)
        self.assertFalse(self._touched(shops))

    def test_mass_mail_with_merged_subjects_to_a_few_is_one_with_each(self):
        shops = self._shops(3)
        self._mail_merge(shops)
        self.assertEqual(self._touched(shops), shops)

    def test_many_written_to_in_their_chatter_at_once_is_no_contact(self):
        shops = self._shops(MAX_RECIPIENTS + 1)
        for shop in shops:
            self._write_to(shop, shop, subject=f"For {shop.name}")
        self.assertFalse(self._touched(shops))

    def test_many_people_of_one_customer_are_one_contact(self):
        people = self._people(25)
        self._write_to(self.customer, *people)
        self.assertTouch(self._captured(), partner_ids=people.ids, direction="out")

    def test_mail_to_people_of_many_customers_is_no_contact(self):
        shops = self._shops(MAX_RECIPIENTS)
        self._write_to(self.customer, self.contact, *shops)
        self.assertFalse(self._captured())

    def test_mail_to_the_forwarder_alone_is_none_with_the_customer(self):
        forwarder = self._shops(1)
        order, lead = self._quotation(), self._lead(partner_id=self.contact.id)
        for record in (order, lead, self.customer, self._account()):
            self._write_to(record, forwarder)
            self._write_to(record, outgoing_email_to='"Fay" <fay@freight.example>')
        self.assertFalse(self._captured())
        self.assertFalse(self._captured(forwarder))

    def test_forwarder_in_copy_was_not_met(self):
        self._write_to(self._quotation(), self.contact, self._shops(1))
        self.assertTouch(
            self._captured(), partner_id=self.contact.id, partner_ids=self.contact.ids
        )

    def test_bare_address_of_the_customers_domain_is_theirs(self):
        self._write_to(self._quotation(), outgoing_email_to="New <new@meyer.example>")
        self.assertTouch(self._captured(), direction="out")

    def test_mail_among_colleagues_is_none_whoever_has_left_since(self):
        """A note to a colleague became a contact when they left."""
        warehouse = self.env["res.partner"].create(
            {"name": "Warehouse", "parent_id": self.company.partner_id.id}
        )
        plus = self.env["res.partner"].create(
            {"name": "Anna", "email": "anna+crm@private.example"}
        )
        self.anna.partner_id.email = "anna@private.example"
        order, lead = self._quotation(), self._lead()
        for record in (order, lead):
            for colleague in (self.boris.partner_id, warehouse, plus):
                self._write_to(record, colleague)
        self.boris.active = False
        self.boris.partner_id.active = False
        self.assertFalse(self._captured())
        self.assertFalse(lead.kam_touch_ids)

    # Meetings

    def test_webinar_is_no_contact_with_who_never_answered(self):
        """50 invited were 50 engaged potentials."""
        shops = self._shops(50)
        meeting = self._meet(*shops)
        came = meeting.attendee_ids.filtered(lambda a: a.partner_id in shops[:2])
        came.do_accept()
        self.assertEqual(self._touched(shops), shops[:2])

    def test_small_meeting_needs_no_answer(self):
        shops = self._shops(3)
        self._meet(*shops)
        self.assertEqual(self._touched(shops), shops)

    def test_many_people_of_one_customer_met_are_one_contact(self):
        people = self._people(25)
        self._meet(*people)
        self.assertEqual(self._captured().partner_ids, people)

    def test_meeting_with_who_has_left_since_is_none(self):
        lead = self._lead(partner_id=self.contact.id)
        self._drain()
        meeting = self._meet(self.boris.partner_id)
        self.boris.active = False
        self.assertFalse(self._captured(self.boris.partner_id))
        self.assertFalse(self.Touch.search([("event_id", "=", meeting.id)]))
        self.assertFalse(lead.kam_touch_ids)
