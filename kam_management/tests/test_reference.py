from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .reference_common import ReferenceCommon


@tagged("post_install", "-at_install")
class TestReference(ReferenceCommon):
    """Content customers are asked to speak for us, not too often, and bring leads."""

    def _obstacles(self):
        return self.account._get_reference_obstacles()[self.account]

    # When one may ask

    def test_content_customer_may_be_asked(self):
        self.assertEqual(self._obstacles(), [])
        self.assertEqual(self._ask().state, "asked")

    def test_open_complaint_speaks_against_it(self):
        complaint = self._complain()
        self.assertEqual(self._obstacles(), ["A complaint is open."])
        with self.assertRaisesRegex(UserError, "A complaint is open"):
            self._ask()
        self.assertTrue(self._ask(ask_anyway="They offered it"))
        complaint.kind = "wish"
        self.assertNotIn("A complaint is open.", self._obstacles())

    def test_late_delivery_speaks_against_it(self):
        goods = self.env["product.product"].create({"name": "Dryer", "type": "consu"})
        order = self._order(
            "2026-05-20", order_line=[Command.create({"product_id": goods.id})]
        )
        order.commitment_date = "2026-06-01 12:00:00"
        self.assertIn("One of the last deliveries was not on time.", self._obstacles())
        order.order_line.qty_delivered = order.order_line.product_uom_qty
        self.assertEqual(self._obstacles(), [])
        order.commitment_date = "2026-06-30 12:00:00"
        order.order_line.qty_delivered = 0
        self.assertEqual(self._obstacles(), [])

    def test_who_is_not_content_or_was_not_asked_is_left_in_peace(self):
        self.account.loyalty = 3
        self.assertEqual(
            self._obstacles(), ["Their last ratings were not good enough."]
        )
        self.account.loyalty_count = 0
        self.assertEqual(
            self._obstacles(),
            ["They have not rated us yet. Send a survey first."],
        )

    def assertRefused(self, reason, **values):
        with self.assertRaises(UserError) as caught:
            self._ask(**values)
        self.assertIn(reason, str(caught.exception))

    def test_customer_and_person_are_not_asked_too_often(self):
        self._ask(date="2025-11-15")
        self.assertRefused("Ada was asked less than 12 months ago")
        bob = self._dossier("Bob", "uses").partner_id
        self._ask(partner_id=bob.id)
        carl = self._dossier("Carl", "uses").partner_id
        self.assertRefused("They were asked not long ago", partner_id=carl.id)
        self.company.kam_reference_months = 0
        self.assertTrue(self._ask(partner_id=carl.id))

    def test_form_says_so_before_it_is_saved(self):
        self._complain()
        form = Form(self.Reference.with_context(default_account_id=self.account.id))
        self.assertEqual(form.obstacles, "A complaint is open.")

    # The way of a reference

    def test_what_is_shown_needs_consent(self):
        reference = self._ask(kind="case")
        with self.assertRaisesRegex(UserError, "Enter the consent first"):
            reference.action_give()
        reference.consent = "Ada, by mail"
        reference.action_give()
        self.assertTrue(reference.is_valid)
        reference.valid_until = "2026-06-14"
        self.assertFalse(reference.is_valid)
        self.assertNotIn(reference, self.Reference.search([("is_valid", "=", True)]))

    def test_buttons_come_in_their_order(self):
        reference = self._ask()
        with self.assertRaises(UserError):
            reference.action_end()
        reference.action_decline()
        self.assertEqual(reference.end_reason, "Declined by the customer")
        reference.action_ask_again()
        reference.action_give()
        reference.action_end()
        self.assertEqual(reference.state, "ended")

    def test_state_is_written_by_nobody(self):
        reference = self._ask()
        for values in ({"state": "given"}, {"date_given": "2020-01-01"}):
            with self.assertRaises(AccessError):
                reference.write(values)
        sneaky = self.Reference.with_user(self.anna).with_context(default_state="given")
        twin = sneaky.create({"account_id": self.account.id, "ask_anyway": "Offered"})
        self.assertEqual(twin.state, "asked")

    def test_advocate_is_of_the_customer(self):
        rival = self._create_customer("Rival")
        with self.assertRaises(ValidationError):
            self._ask(partner_id=rival.id)

    # What it brings

    def _recommend(self, reference, **values):
        dialog = self.env["kam.reference.lead"].with_user(self.anna)
        dialog = dialog.create(
            {"reference_id": reference.id, "contact_name": "Zoe", **values}
        )
        action = dialog.action_apply()
        return self.env["crm.lead"].browse(action["res_id"])

    def test_recommended_person_becomes_a_lead_that_knows_its_advocate(self):
        reference = self._give()
        lead = self._recommend(reference, partner_name="Zenith")
        self.assertEqual(lead.kam_reference_id, reference)
        self.assertEqual(
            lead.source_id, self.env.ref("kam_management.utm_source_recommendation")
        )
        self.assertEqual((lead.referred, lead.contact_name), ("Ada", "Zoe"))
        self.assertEqual(reference.lead_count, 1)

    def test_what_references_brought_is_counted(self):
        reference = self._give()
        lead = self._recommend(reference)
        self._recommend(reference, contact_name="Yan")
        lead.partner_id = self._create_customer("Zenith")
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2026-06-10 08:00:00",
                "stop": "2026-06-10 09:00:00",
                "opportunity_id": lead.id,
            }
        )
        lead.action_set_won()
        lead.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-06-01' WHERE id = %s", [lead.id]
        )
        self._order("2026-06-15", 700, partner=lead.partner_id)
        self._refresh()
        reference.invalidate_recordset()
        self.assertEqual(
            (reference.lead_count, reference.meeting_count, reference.won_count),
            (2, 1, 1),
        )
        self.assertEqual(reference.revenue, 700)

    def test_lead_is_linked_by_the_dialog_alone(self):
        reference = self._ask()
        with self.assertRaisesRegex(UserError, "given first"):
            reference.action_new_lead()
        lead = self._recommend(self._give(ask_anyway="Offered"))
        self.assertFalse(lead.copy().kam_reference_id)

    # Who leaves

    def test_advocate_leaves(self):
        letter = self._give(kind="case")
        call = self._give(kind="call", ask_anyway="Offered")
        asked = self._ask(ask_anyway="Offered")
        lead = self._recommend(letter)
        self.ada._leave("2026-06-15")
        self.assertEqual(
            (letter | call | asked).mapped("state"), ["given", "ended", "ended"]
        )
        self.assertTrue(letter.is_advocate_gone)
        self.assertEqual(lead.kam_reference_id, letter)
        todo = self.account.activity_ids.filtered(
            lambda one: "new advocate" in one.summary
        )
        self.assertEqual(todo.user_id, self.anna)

    # Who sees it

    def test_colleagues_read_what_may_be_shown_and_nothing_else(self):
        letter = self._give(kind="case")
        asked = self._ask(ask_anyway="Offered")
        boris = self.Reference.with_user(self.boris)
        mine = [("id", "in", (letter | asked).ids)]
        self.assertEqual(boris.search(mine).ids, letter.ids)
        with self.assertRaises(AccessError):
            letter.with_user(self.boris).write({"text": "Mine"})
