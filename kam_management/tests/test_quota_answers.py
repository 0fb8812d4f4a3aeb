from odoo.exceptions import UserError
from odoo.tests import tagged

from .quota_process_common import QuotaProcessCommon


@tagged("post_install", "-at_install")
class TestQuotaAnswers(QuotaProcessCommon):
    """Month, quarter and year of a manager ask for one decision about one deviation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month, cls.quarter, cls.year = (
            cls._quota({"won": 10, "touches": 40}, "running", period=period)
            for period in ("month", "quarter", "year")
        )
        cls.quotas = cls.month | cls.quarter | cls.year

    def _let_stand(self, *quotas, standing="behind", indicator="won"):
        """Let the line of an indicator stand alike in some quotas, and handle all."""
        for quota in quotas:
            line = quota.line_ids.filtered(lambda ln: ln.indicator == indicator)
            line.sudo().write(
                {"standing": standing, "deviation": -50, "expected": 10, "actual": 5}
            )
        self.quotas._handle_measured()

    def test_the_longest_period_that_is_behind_asks(self):
        self._let_stand(self.month, self.quarter)
        self._let_stand(self.month, self.quarter)
        self.assertEqual(self.quotas.decision_ids.quota_id, self.quarter)
        self.assertEqual(len(self.quotas.decision_ids), 1)
        self.assertEqual(self.month.open_decision_count, 1)
        self.assertEqual(self.month.answer_ids, self.quarter.decision_ids)
        self.assertEqual(
            self.env["kam.quota.decision"].search(
                self.month.action_view_decisions()["domain"]
            ),
            self.quarter.decision_ids,
        )

    def test_what_is_open_for_the_month_is_not_asked_again_for_the_year(self):
        self._let_stand(self.month)
        self._let_stand(self.month, self.year)
        self.assertEqual(self.quotas.decision_ids.quota_id, self.month)

    def test_year_asks_when_the_month_is_back_on_track(self):
        self._let_stand(self.month)
        self._let_stand(self.year)
        self._let_stand(self.month, standing="on_track")
        self.assertEqual(self.month.decision_ids.state, "dropped")
        self.assertEqual(self.year.open_decision_count, 1)
        self._let_stand(self.year, standing="on_track")
        self.assertFalse(self.quotas.answer_ids)

    def test_what_stands_well_shows_no_decision_of_another_period(self):
        self._let_stand(self.year)
        self._let_stand(self.month, standing="on_track")
        self.assertFalse(self.month.answer_ids)
        self._let_stand(self.month)
        self.assertEqual(self.month.open_decision_count, 1)
        self.month.sudo().state = "draft"
        self.assertFalse(self.month.answer_ids)

    def test_every_subject_asks_for_itself(self):
        self._let_stand(self.month, self.year)
        self._let_stand(self.month, self.year, indicator="touches")
        self.assertEqual(len(self.quotas.decision_ids), 2)
        self.assertEqual(self.quotas.decision_ids.quota_id, self.year)

    def test_every_manager_and_month_asks_for_itself(self):
        april = self._quota({"won": 10}, "running", date_start="2020-04-01")
        boris = self._quota({"won": 10}, "running", user_id=self.boris.id)
        self.quotas |= april | boris
        self._let_stand(self.month, april, boris)
        self.assertEqual(self.quotas.decision_ids.quota_id, self.month | april | boris)

    def test_month_closes_with_what_was_decided_for_the_year(self):
        self._let_stand(self.month, self.year)
        with self.assertRaisesRegex(UserError, "Decide about these"):
            self.month._check_decided()
        decision = self._decide(self.year.decision_ids)
        self.month._check_decided()
        decision.sudo().write({"state": "checked", "date_due": "2020-03-20"})
        self.month._check_decided()

    def test_what_was_carried_out_before_a_period_does_not_count_for_it(self):
        self._let_stand(self.month, self.year)
        decision = self._decide(self.year.decision_ids)
        decision.sudo().write({"state": "checked", "date_due": "2020-02-20"})
        with self.assertRaisesRegex(UserError, "Decide about these"):
            self.month._check_decided()
        self.year._check_decided()
