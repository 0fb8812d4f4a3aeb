from odoo.exceptions import UserError
from odoo.tests import tagged

from .talk_common import TalkCommon


@tagged("post_install", "-at_install")
class TestTalkPeople(TalkCommon):
    """A new person is who was typed in, letter by letter."""

    def test_name_is_no_pattern(self):
        for name in ("%", "E_a", "Jo\\"):
            self._talk(person_name=name).action_save()
            touch = self.account.touch_ids.sorted("id")[-1:]
            self.assertEqual(touch.partner_id.name, name)

    def test_blanks_of_a_name_do_not_matter(self):
        self.eva.name = "Eva Muster"
        self._talk(person_name=" eva   muster ").action_save()
        self.assertEqual(self.account.touch_ids.partner_id, self.eva)

    def test_known_person_gets_what_was_missing_and_keeps_the_rest(self):
        self.eva.email = "eva@example.com"
        self._talk(
            person_name="Eva", person_phone="+41 31 555 00 00", person_email="b@c.ch"
        ).action_save()
        self.assertEqual(self.eva.phone, "+41 31 555 00 00")
        self.assertEqual(self.eva.email, "eva@example.com")

    def test_new_person_is_taken_for_who_was_proposed(self):
        proposed = self.env["kam.touch"]._prepare_talk_action(
            account_id=self.account.id, partner_ids=self.eva.ids
        )
        with self._open(proposed) as form:
            self.assertEqual(form.partner_ids[:], self.eva)
            form.person_name = "Joan"
            self.assertFalse(form.partner_ids[:])
        form.record.action_save()
        self.assertEqual(self.account.touch_ids.partner_id.name, "Joan")
        with self._open(proposed) as form:
            form.partner_ids.add(self.otto)
            form.person_name = "Kwame"
            self.assertEqual(form.partner_ids[:], self.eva | self.otto)

    def test_the_only_contact_is_who_one_talks_to(self):
        talk = self.account.with_user(self.anna).action_log_touch()
        self.assertFalse(self._open(talk).partner_ids[:], "there are two")
        self.otto.unlink()
        with self._open(talk) as form:
            self.assertEqual(form.partner_ids[:], self.eva)
            form.person_name = "Joan"
            self.assertFalse(form.partner_ids[:])
        form.record.action_save()
        self.assertEqual(self.account.touch_ids.partner_id.name, "Joan")

    def test_talk_with_nobody_is_refused_saying_what_to_do(self):
        """Touches without a person were saved, though a touch needs one on each side."""
        for channel in ("phone", "meeting", "email"):
            talk = self._talk(partner_ids=False, channel=channel, outcome="talked")
            with self.assertRaisesRegex(UserError, "Choose a person under “With”"):
                talk.action_save()
        self.assertFalse(self.account.touch_ids)

    def test_nobody_answered_and_a_note_need_no_person(self):
        self._talk(partner_ids=False, outcome="not_reached").action_save()
        self._talk(partner_ids=False, channel="other").action_save()
        self.assertEqual(len(self.account.touch_ids), 2)

    def test_customer_who_is_no_company_is_the_person(self):
        person = self._create_customer("Ute", is_company=False)
        self._order("2020-01-10", partner=person)
        account = self._account(person)
        account.manager_id = self.anna
        self._talk(account_id=account.id, partner_ids=False).action_save()
        self.assertTrue(account.touch_ids)

    def test_numbers_of_the_chosen_people_are_shown(self):
        self.eva.phone = "+41 31 555 00 01"
        with self._open(self.account.action_log_touch()) as form:
            self.assertFalse(form.phones)
            form.partner_ids.add(self.eva)
            form.partner_ids.add(self.otto)
            self.assertEqual(
                form.phones,
                [{"id": self.eva.id, "name": "Eva", "phone": "+41 31 555 00 01"}],
            )

    def test_dialog_knows_the_customer_of_the_screen(self):
        Talk = self.env["kam.talk"].with_user(self.anna)
        stakeholder = self.env["kam.stakeholder"].create(
            {"account_id": self.account.id, "partner_id": self.eva.id}
        )
        complaint = self.env["kam.complaint"].create(
            {"name": "Noise", "account_id": self.account.id}
        )
        self.env.flush_all()
        for record in (self.account, stakeholder, complaint):
            context = Talk.get_dialog(record._name, record.id)["context"]
            self.assertEqual(context["default_account_id"], self.account.id)
        context = Talk.get_dialog("kam.stakeholder", stakeholder.id)["context"]
        self.assertEqual(context["default_partner_ids"], self.eva.ids)

    def test_dialog_asks_where_no_customer_is_known(self):
        Talk = self.env["kam.talk"]
        unknown = [
            (None, None),
            ("kam.account", None),
            ("kam.account", 2**30),
            ("kam.nothing", 1),
            ("res.partner", self.customer.id),
            ("kam.quota.cause", self.env["kam.quota.cause"].search([], limit=1).id),
        ]
        for model, res_id in unknown:
            with self.subTest(model=model, id=res_id):
                action = Talk.with_user(self.anna).get_dialog(model, res_id)
                self.assertEqual(action["context"], {})
        # the account of a colleague
        action = Talk.with_user(self.boris).get_dialog("kam.account", self.account.id)
        self.assertEqual(action["context"], {})
