from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .complaint_common import ComplaintCommon
from .quota_common import QuotaCommon

TODAY = "2026-06-15"


@tagged("post_install", "-at_install")
class TestLoyalty(ComplaintCommon, QuotaCommon):
    """One index of what customers answer: on the account, in health, quotas and goals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._order("2026-05-01")

    def _index(self):
        self._refresh(as_of=date(2026, 6, 15))
        self.account.invalidate_recordset()
        return self.account.loyalty, self.account.loyalty_count

    def test_nothing_answered_is_no_index(self):
        self.assertEqual(self._index(), (0, 0))

    def test_answers_of_the_older_half_of_the_window_count_half(self):
        self._give_rating(self.account, 5, "2026-06-01")
        self._give_rating(self.account, 2, "2025-08-01")
        self._give_rating(self.account, 1, "2025-06-15")  # has left the window
        self.assertEqual(self._index(), (4, 2))

    def test_answers_count_by_the_influence_of_who_gave_them(self):
        boss = self._dossier("Ada", "decides")
        boss.influence = "5"
        clerk = self._dossier("Bob", "uses")
        clerk.influence = "1"
        self._give_rating(self.account, 5, TODAY, boss.partner_id)
        self._give_rating(self.account, 2, TODAY, clerk.partner_id)
        self.assertEqual(self._index(), (4.5, 2))
        boss.influence = clerk.influence = "0"
        self.assertEqual(self._index(), (3.5, 2))

    def test_solved_complaint_that_is_rated_counts_as_well(self):
        complaint = self._complain(solution="Silencer")
        complaint.action_solve()
        rated = complaint.sudo()
        rated.rating_apply(4, rated._get_rating_key())
        self.assertEqual(self._index(), (4, 1))
        [answer] = self.env["kam.answer"].search([("account_id", "=", self.account.id)])
        self.assertEqual((answer.source, answer.score), ("Oil in the air", 4))

    def test_trend_is_against_three_months_ago(self):
        self._give_rating(self.account, 2, "2026-02-01")
        self.assertEqual(self._index(), (2, 1))
        self.assertEqual(self.account.loyalty_trend, 0)
        self._give_rating(self.account, 4, "2026-05-01")
        self._index()
        self.assertEqual(self.account.loyalty_trend, 1)

    def test_index_quota_and_health_are_one_figure(self):
        self._give_rating(self.account, 5, "2026-06-01")
        self._give_rating(self.account, 2, "2025-08-01")
        self.account.manager_id = self.anna
        quota = self._quota("2026-06-01", "2026-06-30", "loyalty", user=self.anna)
        self.assertAlmostEqual(self._actual(quota, "loyalty"), self._index()[0])
        row = self.account._get_health_rows()[self.account.id]
        self.assertEqual(row["parts"]["satisfaction"]["facts"]["stars"], 4)
        # the records show what the weights leave of the stars, beside the weights
        records = self._records(quota.line_ids)
        self.assertAlmostEqual(
            sum(records.mapped("value")) / sum(records.mapped("weight")), 4
        )

    def test_promoters_less_critics(self):
        self.account.manager_id = self.anna
        for stars in (5, 5, 4, 1):
            answer = self._give_rating(self.account, stars, TODAY)
            answer.question = "recommend"
        self.env.flush_all()
        quota = self._quota("2026-06-01", "2026-06-30", "promoters", user=self.anna)
        self.assertEqual(self._actual(quota, "promoters"), 25)

    def test_survey_asks_for_recommendation_where_the_company_wants_it(self):
        survey = self.env["kam.survey"].create({"account_id": self.account.id})
        self.assertEqual(survey._get_asked(), ["informed", "care"])
        self.company.kam_survey_nps = True
        self.assertEqual(survey._get_asked(), ["informed", "care", "recommend"])

    def test_answers_are_seen_by_the_team_of_the_account(self):
        self.account.manager_id = self.anna
        self._give_rating(self.account, 5, "2026-06-01")
        mine = [("account_id", "=", self.account.id)]
        Answer = self.env["kam.answer"]
        self.assertTrue(Answer.with_user(self.anna).search(mine))
        self.assertFalse(Answer.with_user(self.boris).search(mine))
        with self.assertRaises(AccessError):
            Answer.with_user(self.seller).search(mine)
