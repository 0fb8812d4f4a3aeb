from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .stakeholder_common import StakeholderCommon


@tagged("post_install", "-at_install")
class TestStakeholderDeparture(StakeholderCommon):
    """A person who left is replaced, not lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = cls._dossier("Ada", "decides", org_level="1_top")
        cls.leaver = cls._dossier(
            "Bob", "pays uses", parent_id=cls.top.id, org_level="2_director"
        )
        cls.low = cls._dossier("Cleo", "technical", parent_id=cls.leaver.id)

    def _leave(self, dossier=None, successor=None, day=date(2020, 5, 1)):
        dossier = (dossier or self.leaver).with_user(self.anna)
        action = dossier.action_leave()
        wizard = self.env["kam.stakeholder.departure"].with_user(self.anna)
        wizard = wizard.with_context(**action["context"]).create(
            {"date": day, "successor_id": successor and successor.id}
        )
        wizard.action_apply()

    def test_leaver_is_put_away_and_found_by_filter(self):
        self._leave()
        self.assertFalse(self.leaver.active)
        self.assertEqual(self.leaver.left_date, date(2020, 5, 1))
        Dossier = self.env["kam.stakeholder"].with_context(active_test=False)
        mine = [("account_id", "=", self.account.id)]
        gone = Dossier.search([("is_unreplaced", "=", True), *mine])
        self.assertEqual(gone, self.leaver)
        rest = Dossier.search([("is_unreplaced", "=", False), *mine])
        self.assertEqual(rest, self.top + self.low)

    def test_new_successor_takes_over_roles_holder_and_reporting_line(self):
        eve = self._person("Eve")
        self._leave(successor=eve)
        dossier = eve.kam_stakeholder_ids
        self.assertEqual(dossier.role_ids, self.leaver.role_ids)
        self.assertEqual(dossier.parent_id, self.top)
        self.assertEqual(dossier.org_level, "2_director")
        self.assertEqual(dossier.user_id, self.anna)
        self.assertEqual(self.low.parent_id, dossier)
        self.assertEqual(self.leaver.successor_id, dossier)
        self.assertFalse(self.leaver.is_unreplaced)

    def test_successor_may_be_named_later(self):
        self._leave()
        self.assertTrue(self.leaver.is_unreplaced)
        self._leave(successor=self._person("Eve"))
        self.assertFalse(self.leaver.is_unreplaced)
        self.assertEqual(self.low.parent_id.partner_id.name, "Eve")

    def test_subordinate_who_follows_his_boss_moves_up(self):
        self._leave(successor=self.low.partner_id)
        self.assertEqual(self.low.parent_id, self.top)
        self.assertIn(self._role("pays"), self.low.role_ids)
        self.assertIn(self._role("technical"), self.low.role_ids)

    def test_boss_who_takes_over_keeps_his_place(self):
        self._leave(successor=self.top.partner_id)
        self.assertFalse(self.top.parent_id)
        self.assertEqual(self.low.parent_id, self.top)
        self.assertEqual(self.top.org_level, "1_top")

    def test_successor_who_had_left_comes_back(self):
        self._leave(self.low)
        self._leave(successor=self.low.partner_id)
        self.assertTrue(self.low.active)
        self.assertFalse(self.low.left_date)

    def test_leaver_who_comes_back_has_not_left(self):
        self._leave()
        self.leaver.with_user(self.anna).action_unarchive()
        self.assertTrue(self.leaver.active)
        self.assertFalse(self.leaver.left_date)

    def test_departure_in_the_future_or_to_oneself_is_refused(self):
        tomorrow = fields.Date.today() + timedelta(days=2)
        with self.assertRaisesRegex(ValidationError, "in the future"):
            self._leave(day=tomorrow)
        with self.assertRaisesRegex(ValidationError, "cannot succeed"):
            self._leave(successor=self.leaver.partner_id)
        self.assertTrue(self.leaver.active)
