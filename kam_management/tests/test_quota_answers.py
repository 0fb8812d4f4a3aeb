from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

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
        self.assertEqual(self.month.answer_ids, self.quarter.decision_ids)
        self.assertEqual(
            self.env["kam.quota.decision"].search(
                self.month.action_view_decisions()["domain"]
            ),
            self.quarter.decision_ids,
        )

    def test_what_is_to_decide_is_counted_where_it_is_asked(self):
        """The month said 3, its list was empty, and the tile of the head counted 4."""
        self._let_stand(self.month, self.quarter)
        self._let_stand(self.month, indicator="touches")
        asked = {
            quota: quota.open_decision_count
            for quota in (self.month, self.quarter, self.year)
        }
        self.assertEqual(asked, {self.month: 1, self.quarter: 1, self.year: 0})
        self.assertEqual(self.month.asked_elsewhere, self.quarter.name)
        self.assertFalse(self.quarter.asked_elsewhere)
        Decision = self.env["kam.quota.decision"]
        for quota, count in asked.items():
            domain = quota.action_view_open_decisions()["domain"]
            self.assertEqual(Decision.search_count(domain), count)
            self.assertEqual(Decision.search(domain).quota_id, quota[:count])
        self._check_everywhere(sum(asked.values()))
        self._decide(self.quarter.decision_ids)
        self.env.invalidate_all()
        self.assertFalse(self.month.asked_elsewhere)
        self._check_everywhere(1)

    def _check_everywhere(self, count):
        """The tile, the list behind it, the day of the head and the digest say the same."""
        cockpit = self.env["kam.cockpit"].with_user(self.head)
        cockpit = cockpit.with_context(allowed_company_ids=self.company.ids)
        [tile] = (
            card
            for card in cockpit.get_managers_cards()["cards"]
            if card["key"] == "decisions"
        )
        Decision = self.env["kam.quota.decision"].with_user(self.head)
        rows = [
            row
            for row in cockpit.get_my_decisions()["rows"]
            if row["model"] == "kam.quota.decision"
        ]
        digest = self.env["digest.digest"].create(
            {"name": "Key Accounts", "company_id": self.company.id}
        )
        self.assertEqual(
            {
                tile["count"],
                Decision.search_count(tile["action"]["domain"]),
                len(rows),
                digest.with_user(self.head).kpi_kam_decisions_value,
            },
            {count},
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
        self.assertEqual(self.month.asked_elsewhere, self.year.name)
        self.month.sudo().state = "draft"
        self.assertFalse(self.month.answer_ids)

    def test_every_subject_asks_for_itself(self):
        self._let_stand(self.month, self.year)
        self._let_stand(self.month, self.year, indicator="touches")
        self.assertEqual(len(self.quotas.decision_ids), 2)
        self.assertEqual(self.quotas.decision_ids.quota_id, self.year)

    def test_every_manager_asks_for_himself(self):
        boris = self._quota({"won": 10}, "running", user_id=self.boris.id)
        self.quotas |= boris
        self._let_stand(self.month, boris)
        self.assertEqual(self.quotas.decision_ids.quota_id, self.month | boris)

    def test_nothing_is_asked_while_the_last_decision_is_carried_out(self):
        april = self._quota({"won": 10}, "running", date_start="2020-04-01")
        self._let_stand(self.month)
        decision = self._decide(self.month.decision_ids)
        self.quotas |= april
        self._let_stand(self.month, april, self.year)
        self.assertEqual(self.quotas.decision_ids, decision)
        self.assertEqual(april.answer_ids, decision)

    def test_year_asks_even_when_the_month_alone_is_measured(self):
        self._let_stand(self.month, self.year)
        self.quotas.decision_ids.sudo().unlink()
        self.month.sudo()._handle_measured()
        self.assertEqual(self.quotas.decision_ids.quota_id, self.year)

    def test_month_closes_with_what_was_decided_for_the_year(self):
        self._let_stand(self.month, self.year)
        with self.assertRaisesRegex(UserError, "Decide about these"):
            self.month._check_decided()
        decision = self._decide(self.year.decision_ids)
        self.month._check_decided()
        checked = {"state": "checked", "date": "2020-03-10", "date_due": "2020-03-20"}
        decision.sudo().write(checked)
        self.month._check_decided()

    def test_month_that_had_its_decision_closes_while_the_year_waits(self):
        self._let_stand(self.month)
        decision = self._decide(self.month.decision_ids)
        decision.sudo().state = "checked"
        self._let_stand(self.year)
        self.assertEqual(self.year.decision_ids.state, "open")
        self.month._check_decided()

    def test_what_was_carried_out_at_another_time_does_not_count(self):
        self._let_stand(self.month, self.year)
        decision = self._decide(self.year.decision_ids)
        for dates in (("2020-02-10", "2020-02-20"), ("2020-04-10", "2020-04-20")):
            start, due = dates
            decision.sudo().write({"state": "checked", "date": start, "date_due": due})
            with self.subTest(dates=dates):
                self.assertFalse(self.month.answer_ids)
                with self.assertRaisesRegex(UserError, "Decide about these"):
                    self.month._check_decided()
                self.year._check_decided()
            self.month.invalidate_recordset(["answer_ids"])

    def test_closed_month_waits_for_nothing(self):
        self._let_stand(self.month, self.year)
        self.month.sudo().state = "closed"
        self.assertFalse(self.month.open_decision_count)

    def test_archived_quota_asks_for_nothing(self):
        self._let_stand(self.month, self.year)
        self.year.action_archive()
        dropped = self.year.with_context(active_test=False).decision_ids
        self.assertEqual(dropped.state, "dropped")
        self.assertIn("no longer running", dropped.message_ids[0].body)
        self._let_stand(self.month)
        self.assertEqual(self.month.decision_ids.state, "open")

    def test_effect_is_that_of_the_present_period(self):
        self._let_stand(self.month)
        decision = self._decide(self.month.decision_ids)
        april = self._quota({"won": 10}, "running", date_start="2020-04-01")
        april.line_ids.sudo().write({"standing": "on_track", "deviation": -5})
        with freeze_time("2020-04-20 12:00:00"):
            decision.sudo()._check_effect()
        self.assertRecordValues(
            decision, [{"effect": "better", "deviation_after": -5, "deviation": -50}]
        )
        self.assertIn("April 2020", decision.message_ids[0].body)
