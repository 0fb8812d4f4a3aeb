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
