from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .stakeholder_common import StakeholderCommon


@tagged("post_install", "-at_install")
class TestStakeholderCoverage(StakeholderCommon):
    """Decision maker, sponsor and user: known, and met lately."""

    def _meet(self, dossier, days_ago=1, **values):
        self.env["kam.touch"].create(
            {
                "account_id": dossier.account_id.id,
                "partner_id": dossier.partner_id.id,
                "date": datetime.now() - timedelta(days=days_ago),
                **values,
            }
        )

    def assertGaps(self, count, account=None):
        account = account or self.account
        account.invalidate_recordset()
        mine = account.with_user(self.anna)
        self.assertEqual(mine.coverage_gap_count, count, mine.coverage_checklist)
        for gap in (True, False):
            found = mine.search([("has_coverage_gap", "=", gap)])
            self.assertEqual(account in found, gap == bool(count))

    def test_account_without_people_has_three_gaps(self):
        self.assertGaps(3)
        self.assertIn("find out who it is", self.account.coverage_checklist)

    def test_known_people_count_when_they_were_met(self):
        everybody = self._dossier("Ada", "decides uses", attitude="sponsor")
        self.assertGaps(3)
        self.assertIn("not met in 90 days", self.account.coverage_checklist)
        self._meet(everybody)
        self.assertGaps(0)

    def test_who_was_not_reached_was_not_met(self):
        ada = self._dossier("Ada", "decides uses sponsor")
        self._meet(ada, outcome="not_reached")
        self.assertGaps(3)
        self._refresh()
        self.assertFalse(ada.last_touch_date)
        self._meet(ada, outcome="talked")
        self.assertGaps(0)

    def test_everybody_met_is_covered(self):
        ada, bob = self._dossier("Ada", "decides"), self._dossier("Bob", "uses sponsor")
        self._meet(ada, partner_ids=[(4, bob.partner_id.id)])
        self.assertGaps(0)
        self._refresh()
        self.assertEqual(ada.last_touch_date, bob.last_touch_date)
        self.assertTrue(bob.last_touch_date)

    def test_sponsor_is_one_by_role_or_by_attitude(self):
        self._meet(self._dossier("Ada", "sponsor"))
        self.assertGaps(2)
        self._meet(self._dossier("Bob", "decides", attitude="sponsor"))
        self.assertGaps(1)

    def test_touch_with_another_person_or_account_covers_nobody(self):
        ada = self._dossier("Ada", "decides uses sponsor")
        self._meet(self._dossier("Bob"))
        self.assertGaps(3)
        other = self._account(self._create_customer("Rival"))
        self._meet(self._dossier(ada.partner_id, account_id=other.id))
        self.assertGaps(3)

    def test_coverage_wears_off_after_the_days_of_the_company(self):
        self._meet(self._dossier("Ada", "decides uses sponsor"), days_ago=50)
        self.assertGaps(0)
        self.company.kam_coverage_days = 40
        self.assertGaps(3)

    def test_days_of_coverage_must_make_sense(self):
        for days in (0, -5, 99999):
            with self.assertRaisesRegex(ValidationError, "90 suits"):
                self.company.kam_coverage_days = days

    def test_person_who_left_is_a_gap_until_somebody_takes_over(self):
        self._meet(self._dossier("Ada", "decides uses sponsor"))
        bob = self._dossier("Bob", "pays")
        bob._leave(datetime.now().date())
        self.assertGaps(1)
        self.assertIn("1 departed, no successor", self.account.coverage_checklist)
        bob._hand_over_to(self._dossier("Eve"))
        self.assertGaps(0)

    def test_person_who_left_covers_nothing_any_more(self):
        ada = self._dossier("Ada", "decides uses sponsor")
        self._meet(ada)
        ada._leave(datetime.now().date())
        self.assertGaps(4)

    def test_new_account_in_a_form_has_no_figures_yet(self):
        account = self.Account.new({"company_id": self.company.id})
        self.assertEqual(account.coverage_gap_count, 3)

    def test_names_in_the_checklist_are_escaped(self):
        self.assertNotIn("<script", self.account.coverage_checklist)
        self.assertTrue(self.account.coverage_checklist.startswith("<ul"))
