from odoo.tests import freeze_time, tagged

from .quota_common import QuotaCommon


@tagged("post_install", "-at_install")
class TestQuotaJudgement(QuotaCommon):
    """What is expected by today, where it will end, and how it stands."""

    def test_expected_by_working_days_golden_table(self):
        """June 2020 has 22 working days from Monday to Friday; today counts once over."""
        quota = self._quota(
            "2020-06-01", "2020-06-30", {"indicator": "touches", "target": 22}
        )
        for today, expected in (
            ("2020-05-31", 0),
            ("2020-06-01", 0),
            ("2020-06-02", 1),
            ("2020-06-06", 5),
            ("2020-06-08", 5),
            ("2020-06-09", 6),
            ("2020-06-30", 21),
            ("2020-07-01", 22),
        ):
            with self.subTest(today=today), freeze_time(f"{today} 12:00:00"):
                quota._measure()
                self.assertAlmostEqual(quota.line_ids.expected, expected)

    def test_states_and_averages_are_expected_as_planned_from_the_first_day(self):
        quota = self._quota("2020-06-01", "2020-06-30", "kept", "touch_quality")
        with freeze_time("2020-06-02"):
            quota._measure()
        self.assertEqual(quota.line_ids.mapped("expected"), [10, 10])

    def test_figures_beyond_the_tolerance_are_behind_or_ahead(self):
        self.company.kam_quota_tolerance = 20
        quota = self._quota(
            "2020-06-01", "2020-06-30", {"indicator": "touches", "target": 22}
        )
        account = self._account()
        with freeze_time("2020-06-09 12:00:00"):  # 6 are expected
            for touches, standing in (
                (4, "behind"),
                (5, "on_track"),
                (7, "on_track"),
                (8, "ahead"),
            ):
                while len(account.touch_ids) < touches:
                    self._touch("2020-06-02")
                quota._measure()
                self.assertEqual(quota.line_ids.standing, standing, touches)

    def test_nothing_rated_is_neither_good_nor_bad(self):
        quota = self._quota("2020-06-01", "2020-06-30", "touch_quality")
        with freeze_time("2020-06-09"):
            quota._measure()
        self.assertFalse(quota.line_ids.standing)
        self.assertFalse(quota.line_ids.deviation)

    def test_period_to_come_stands_nowhere(self):
        quota = self._quota("2020-06-01", "2020-06-30", "kept", "won", "revenue")
        with freeze_time("2020-05-20"):
            quota._measure()
        for line in quota.line_ids:
            self.assertFalse(line.standing)
            self.assertFalse(line.actual)

    def test_balance_is_the_worst_count_against_the_best(self):
        quota = self._quota(
            "2020-06-01",
            "2020-06-30",
            {"indicator": "kept", "target": 1},
            {"indicator": "won", "target": 1},
            {"indicator": "engaged", "target": 4},
        )
        self._touch("2020-06-02", self._create_customer("Engaged"))
        self._order("2020-06-02", partner=self.customer)
        self._order("2020-06-03", partner=self.customer)
        with freeze_time("2020-07-10"):
            self._refresh()
            quota._measure()
        self.assertEqual(quota.line_ids.mapped("actual"), [1, 1, 1])
        self.assertEqual(quota.balance, 25)

    # Forecast

    def _lead(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Lead",
                "type": "opportunity",
                "company_id": self.company.id,
                "user_id": self.boris.id,
                "team_id": False,
                "date_deadline": "2020-06-20",
                "probability": 50,
                **values,
            }
        )

    @freeze_time("2020-06-10 12:00:00")
    def test_forecast_of_revenue_adds_the_weighted_leads_of_the_rest(self):
        account = self._account()
        account.manager_id = self.anna
        self._lead(partner_id=self.customer.id, expected_revenue=1000)
        self._lead(expected_revenue=400)
        self._lead(expected_revenue=77, date_deadline="2020-06-09")
        self._lead(expected_revenue=77, date_deadline="2020-07-01")
        self._lead(expected_revenue=77).action_set_lost()
        forecasts = {}
        for user in (self.anna, self.boris, None):
            quota = self._quota("2020-06-01", "2020-06-30", "revenue", user=user)
            quota._measure()
            forecasts[user] = quota.line_ids.forecast
        self.assertEqual(forecasts, {self.anna: 500, self.boris: 200, None: 700})

    @freeze_time("2020-06-10 12:00:00")
    def test_forecast_of_new_customers_takes_the_best_lead_of_each(self):
        self._account().manager_id = self.anna
        self._lead(partner_id=self.customer.id, probability=30)
        self._lead(partner_id=self.customer.id, probability=60)
        bought = self._create_customer("Bought")
        self._order("2020-06-02", partner=bought)
        self._refresh()
        self._lead(partner_id=bought.id, probability=90)
        quota = self._quota("2020-06-01", "2020-06-30", "won")
        quota._measure()
        self.assertAlmostEqual(quota.line_ids.actual, 1)
        self.assertAlmostEqual(quota.line_ids.forecast, 1.6)

    @freeze_time("2020-06-10 12:00:00")
    def test_forecast_of_kept_customers_asks_who_goes_dormant(self):
        """One bought lately, one will be dormant on 21 June but for his lead."""
        late = self._create_customer("Late")
        for partner, days in (
            (self.customer, ("2020-01-01", "2020-06-01")),
            (late, ("2019-01-01", "2019-06-21")),
        ):
            for day in days:
                self._order(day, partner=partner)
        self._refresh()
        quota = self._quota("2020-06-01", "2020-06-30", "kept")
        quota._measure()
        self.assertEqual((quota.line_ids.actual, quota.line_ids.forecast), (2, 1))
        self._lead(partner_id=late.id, probability=25)
        quota._measure()
        self.assertAlmostEqual(quota.line_ids.forecast, 1.25)

    def test_other_figures_go_on_at_their_pace(self):
        quota = self._quota("2020-06-01", "2020-06-30", "touches")
        for _number in range(3):
            self._touch("2020-06-02")
        with freeze_time("2020-06-09"):  # 6 of 22 working days
            quota._measure()
        self.assertAlmostEqual(quota.line_ids.forecast, 11)

    def test_forecast_of_a_period_that_is_over_is_its_figure(self):
        quota = self._quota("2020-06-01", "2020-06-30", "touches", "revenue", "kept")
        self._touch("2020-06-02")
        quota._measure()
        for line in quota.line_ids:
            self.assertEqual(line.forecast, line.actual)
