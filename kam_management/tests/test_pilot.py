from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .deal_common import DealCommon


@tagged("post_install", "-at_install")
class TestPilot(DealCommon):
    """A pilot project shows what we can do, and opens a branch or department."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unit = cls.env["kam.customer.unit"].create(
            {"account_id": cls.account.id, "name": "North"}
        )
        cls.pilot = cls._pilot()

    @classmethod
    def _pilot(cls, user=None, **values):
        return (
            cls.env["kam.pilot"]
            .with_user(user or cls.anna)
            .create(
                {
                    "name": "A third less energy",
                    "lead_id": cls.lead.id,
                    "date_end": "2026-02-12",
                    "unit_id": cls.unit.id,
                    **values,
                }
            )
        )

    def test_a_success_opens_one_opportunity_there_once(self):
        self.pilot.result = "31 % less"
        action = self.pilot.action_succeed()
        lead = self.pilot.next_lead_id
        self.assertEqual(action["res_id"], lead.id)
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "Air for the new plant – North",
                    "type": "opportunity",
                    "partner_id": self.customer.id,
                    "user_id": self.anna.id,
                    "kam_unit_id": self.unit.id,
                }
            ],
        )
        self.pilot.action_reopen()
        self.pilot.action_succeed()
        self.assertEqual(self.pilot.next_lead_id, lead)
        lead.sudo().unlink()
        self.pilot.action_reopen()
        self.pilot.action_succeed()
        self.assertFalse(self.pilot.next_lead_id, "it was opened once")

    def test_a_failure_opens_nothing(self):
        self.pilot.result = "No meter"
        self.pilot.action_fail()
        self.assertEqual(self.pilot.state, "failed")
        self.assertFalse(self.pilot.next_lead_id)

    def test_without_a_place_a_success_opens_nothing(self):
        self.pilot.write({"result": "31 % less", "unit_id": False})
        self.assertFalse(self.pilot.action_succeed())
        self.assertEqual(self.pilot.state, "success")

    def test_the_result_is_written_down(self):
        with self.assertRaisesRegex(UserError, "enter the result"):
            self.pilot.action_succeed()

    def test_only_buttons_decide(self):
        for values in ({"state": "success"}, {"is_opened": True}):
            with self.assertRaisesRegex(AccessError, "Use the buttons"):
                self.pilot.write(values)

    def test_places_are_of_the_customer(self):
        other = self._account(self._create_customer("Other"))
        unit = self.unit.create({"account_id": other.id, "name": "East"})
        with self.assertRaisesRegex(ValidationError, "no branch"):
            self._pilot(self.env.user, unit_id=unit.id)

    def test_it_is_for_who_may_change_the_deal(self):
        self.assertFalse(self.env["kam.pilot"].with_user(self.boris).search([]))
        with self.assertRaises(AccessError):
            self._pilot(self.boris)
        self.account.member_ids = self.boris
        pilot = self.pilot.with_user(self.boris)
        self.assertEqual(pilot.name, "A third less energy")

    def test_it_goes_along_when_deals_are_merged(self):
        other = self._deal()
        pilot = self._pilot(lead_id=other.id)
        left = (self.lead + other).merge_opportunity(auto_unlink=True)
        self.assertEqual((pilot + self.pilot).sudo().lead_id, left)

    def test_it_stays_with_its_deal(self):
        with self.assertRaisesRegex(UserError, "stays with its opportunity"):
            self.pilot.lead_id = self._deal()

    def test_my_day_asks_for_the_evaluation(self):
        find = self.env["kam.cockpit"].with_user(self.anna)._find_pilots
        self.assertFalse(find())
        with freeze_time("2026-02-14 10:00:00"):
            [reason] = find()
        self.assertEqual((reason.record, reason.days), (self.pilot, 2))
        self.assertEqual(reason.account, self.account)
