from datetime import timedelta

from odoo import Command, fields
from odoo.tests import freeze_time, tagged

from .quota_common import QuotaCommon
from .sales_common import SalesCommon


@tagged("post_install", "-at_install")
class TestCredit(QuotaCommon, SalesCommon):
    """Who a fact counts for: one rule for what is sold, won and engaged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south = cls.env["crm.team"].create(
            [
                {"name": "North", "company_id": cls.company.id},
                {"name": "South", "company_id": cls.company.id},
            ]
        )

    def _actuals(self, quota):
        quota._measure()
        return {line.indicator: line.actual for line in quota.line_ids}

    @freeze_time("2020-06-20 12:00:00")
    def test_first_sale_of_a_stand_in_counts_for_who_leads(self):
        """Ben sold, Anna leads: revenue and customer won are both Anna's."""
        self._sell("2020-06-02", (1, 400), user_id=self.boris.id)
        self._refresh()
        for user, expected in ((self.anna, (400, 1)), (self.boris, (0, 0))):
            quota = self._quota("2020-06-01", "2020-06-30", "revenue", "won", user=user)
            figures = self._actuals(quota)
            self.assertEqual((figures["revenue"], figures["won"]), expected)

    @freeze_time("2020-06-20 12:00:00")
    def test_what_nobody_leads_counts_for_who_did_it(self):
        self.account.manager_id = False
        self.account.term_ids.unlink()
        self._sell("2020-06-02", (1, 400), user_id=self.boris.id)
        self._forget_news()
        self.Account._refresh(self.account)
        self.account.manager_id = False
        self.account.term_ids.unlink()
        self.Account._refresh(self.account)
        quota = self._quota(
            "2020-06-01", "2020-06-30", "revenue", "won", user=self.boris
        )
        self.assertEqual(self._actuals(quota), {"revenue": 400, "won": 1})

    @freeze_time("2020-06-20 12:00:00")
    def test_order_handed_to_a_colleague_takes_the_credit_along(self):
        """Where nobody led, the step stayed the former one's, whatever the order said."""
        order = self._sell("2020-06-02", (1, 400), user_id=self.boris.id)
        self._refresh()
        self.account.manager_id = False
        self.account.term_ids.unlink()
        self._drain()
        step = self.account.transition_ids
        self.assertEqual(step.user_id, self.boris)
        order.user_id = self.head
        self._drain()
        self.assertEqual(step.exists().user_id, self.head)
        # behind our back: the night finds it
        self.env.cr.execute(
            "UPDATE sale_order SET user_id = %s WHERE id = %s", [self.anna.id, order.id]
        )
        self._refresh()
        self.assertEqual(step.exists().user_id, self.anna)

    @freeze_time("2020-06-20 12:00:00")
    def test_corrected_term_credits_steps_and_sales_anew(self):
        self._sell("2020-06-02", (1, 400))
        self._refresh()
        self._led(self.account, (None, self.boris), ("2020-06-10", self.anna))
        self._drain()
        quota = self._quota(
            "2020-06-01", "2020-06-30", "revenue", "won", user=self.boris
        )
        self.assertEqual(self._actuals(quota), {"revenue": 400, "won": 1})

    def test_moving_somebody_to_another_team_splits_a_running_period_by_days(self):
        self.north.member_ids = self.anna
        self.env["kam.team.term"].search([("user_id", "=", self.anna.id)]).sudo().write(
            {"date_start": False}
        )
        with freeze_time("2020-06-20 12:00:00"):
            self._sell("2020-05-10", (1, 300))
            self._sell("2020-06-02", (1, 400))
            may = self._quota(
                "2020-05-01", "2020-05-31", "revenue", team=self.north, period="month"
            )
            may._measure()
            may._freeze_facts()
            may.state = "closed"
            june, other = (
                self._quota(
                    "2020-06-01", "2020-06-30", "revenue", team=team, period="month"
                )
                for team in (self.north, self.south)
            )
            self.assertEqual(self._actuals(june), {"revenue": 400})
            self.north.member_ids = False
            self.south.member_ids = self.anna
        with freeze_time("2020-06-25 12:00:00"):
            self._sell("2020-06-24", (1, 50))
            (may + june + other)._measure()
            self.assertEqual((june.line_ids.actual, other.line_ids.actual), (400, 50))
            self.assertEqual(june.line_ids.correction, 0)
            self.assertEqual(other.line_ids.correction, 0)
            self.assertEqual(may.line_ids.restated, 300)
            self.assertFactsAddUp((june + other).line_ids)

    @freeze_time("2020-06-20 12:00:00")
    def test_proposal_counts_what_the_customers_led_today_brought(self):
        """Boris led the customer last year and leads nobody now; Anna took over."""
        self._led(self.account, (None, self.boris), ("2020-01-01", self.anna))
        self._sell("2019-07-10", (1, 600))
        self._refresh()
        for of_today, expected in ((True, {"Anna": 600}), (False, {"Boris": 600})):
            wizard = self.env["kam.quota.planning"].create(
                {
                    "company_id": self.company.id,
                    "user_ids": [Command.set((self.anna + self.boris).ids)],
                    "period": "month",
                    "date": "2020-07-01",
                    "way": "facts",
                    "of_today": of_today,
                    "line_ids": [
                        Command.clear(),
                        Command.create({"indicator": "revenue"}),
                    ],
                }
            )
            proposed = {
                entry["owner"].name: sum(entry["targets"].values())
                for entry in wizard._work_out()
                if sum(entry["targets"].values())
            }
            self.assertEqual(proposed, expected)

    @freeze_time("2020-06-20 12:00:00")
    def test_proposal_of_customers_led_today_is_the_same_for_every_season(self):
        """What nobody led then counted only where the company was measured as well."""
        self._led(self.account, ("2020-01-01", self.anna))
        self._sell("2019-03-02", (1, 600))
        self._sell("2019-03-09", (1, 600))
        self._refresh()
        for season in ("even", "facts", "workdays"):
            wizard = self.env["kam.quota.planning"].create(
                {
                    "company_id": self.company.id,
                    "user_ids": [Command.set(self.anna.ids)],
                    "period": "month",
                    "span": "one",
                    "date": "2020-03-01",
                    "way": "facts",
                    "of_today": True,
                    "season": season,
                    "line_ids": [
                        Command.clear(),
                        Command.create({"indicator": "kept"}),
                    ],
                }
            )
            [entry] = wizard._work_out()
            self.assertEqual(list(entry["targets"].values()), [1], season)

    def test_mail_counts_won_as_quotas_do(self):
        """With a minimum of 1 nobody is ever new; two orders on the first day neither."""
        today = fields.Date.today()
        digest = self.env.ref("kam_management.digest_weekly")
        for minimum, orders in ((1, 1), (2, 2)):
            with self.subTest(minimum=minimum):
                self.company.kam_min_purchases = minimum
                partner = self._create_customer(f"Customer of {minimum}")
                self._account(partner).manager_id = self.anna
                day = today - timedelta(days=1 + minimum)
                for _order in range(orders):
                    self._sell(day, (1, 10), partner=partner)
                self._refresh()
                self.assertEqual(self._account(partner).level, "active")
                kpis = digest._compute_kpis(self.company, self.head)
                found = {kpi["kpi_name"]: kpi["kpi_col2"]["value"] for kpi in kpis}
                won = self._quota(
                    today - timedelta(days=7),
                    today - timedelta(days=1),
                    "won",
                    active=False,
                )
                self.assertEqual(found["kpi_kam_won"], minimum)
                self.assertEqual(self._actual(won, "won"), minimum)

    @freeze_time("2020-06-10 12:00:00")
    def test_confirmed_quotation_of_an_open_deal_is_not_expected_once_more(self):
        """A deal of 500 at 60 % whose quotation is confirmed: 500, not 800."""
        lead = self.env["crm.lead"].create(
            {
                "name": "Line 3",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "expected_revenue": 500,
                "date_deadline": "2020-06-25",
            }
        )
        lead.probability = 60
        quota = self._quota("2020-06-01", "2020-06-30", "revenue")
        quota._measure()
        self.assertAlmostEqual(quota.line_ids.forecast, 300)
        self._sell("2020-06-09", (1, 500), opportunity_id=lead.id)
        quota._measure()
        self.assertAlmostEqual(quota.line_ids.forecast, 500)

    @freeze_time("2020-06-16 12:00:00")
    def test_goal_and_quota_expect_the_same_by_today(self):
        quota = self._quota(
            "2020-01-01", "2020-12-31", {"indicator": "revenue", "target": 900}
        )
        quota._measure()
        plan = self.env["kam.plan"].create(
            {
                "account_id": self.account.id,
                "date_start": "2020-01-01",
                "date_end": "2020-12-31",
                "goal_ids": [
                    Command.create(
                        {
                            "indicator": "revenue",
                            "target": 900,
                            "target_reason": "As agreed",
                        }
                    )
                ],
            }
        )
        plan._measure_goals()
        self.assertAlmostEqual(plan.goal_ids.expected, quota.line_ids.expected)
        self.assertGreater(quota.line_ids.expected, 0)

    @freeze_time("2020-06-16 12:00:00")
    def test_quarters_of_a_fiscal_year_have_one_name(self):
        self.company.write({"fiscalyear_last_month": "3", "fiscalyear_last_day": 31})
        quota = self.env["kam.quota"].create(
            {
                "scope": "company",
                "company_id": self.company.id,
                "period": "quarter",
                "date_start": "2020-04-01",
            }
        )
        self.assertIn("Q1 2020/21", quota.name)
        self._sell("2020-05-10", (1, 300))
        self._refresh()
        periods = self.account._get_revenue_periods()
        columns = self.account._get_columns(self.account._get_revenue(periods), periods)
        self.assertEqual(columns[-1][:2], ("Q1\n2020/21", 300))

    @freeze_time("2020-06-16 12:00:00")
    def test_goal_opens_the_records_behind_it_and_writes_nothing(self):
        self._sell("2020-03-01", (1, 300))
        self._sell("2020-04-01", (1, 200))
        self._refresh()
        plan = self.env["kam.plan"].create(
            {
                "account_id": self.account.id,
                "date_start": "2020-01-01",
                "date_end": "2020-12-31",
                "goal_ids": [
                    Command.create(
                        {"indicator": key, "target": 900, "target_reason": "As agreed"}
                    )
                    for key in ("revenue", "margin", "coverage")
                ],
            }
        )
        plan._measure_goals()
        with self._read_only():
            for goal in plan.goal_ids:
                action = goal.action_open_facts()
                self.assertIn(goal._format_figure(goal.actual), action["display_name"])
                total = sum(self._records(goal).mapped("value"))
                self.assertAlmostEqual(total, goal.actual, 2, goal.indicator)

    def test_goal_of_a_closed_plan_opens_what_it_was_closed_with(self):
        """A credit note after closing made a click say another figure than the goal."""
        self._sell("2020-02-01", (1, 900))
        self._led(self.account, (None, self.anna))
        plan = self.env["kam.plan"].create(
            {
                "account_id": self.account.id,
                "date_start": "2020-01-01",
                "date_end": "2020-12-31",
                "goal_ids": [
                    Command.create({"indicator": key, "target": 950})
                    for key in ("revenue", "transaction")
                ]
                + [Command.create({"name": "Ours", "unit": "stops", "target": 3})],
            }
        )
        revenue, average, own = plan.goal_ids
        own.actual = 2
        plan._measure_goals()
        plan.sudo().write({"state": "closed", "close_date": "2021-01-05"})
        self.assertTrue(
            revenue.action_open_facts()["display_name"].startswith("900 USD = ")
        )
        self.assertEqual(self._records(revenue).mapped("value"), [900])
        self._invoice("2020-12-20", 100, move_type="out_refund")
        self._sell("2020-03-01", (1, 100))
        self._sell("2020-04-01", (1, 50))
        self.assertEqual(revenue.actual, 900)
        title = revenue.action_open_facts()["display_name"]
        self.assertTrue(title.startswith("900 USD when closed, 950 USD by now"), title)
        records = self._records(revenue)
        self.assertEqual(sum(records.mapped("value")), 900)
        [since] = records.filtered(lambda r: r.res_model == "kam.plan.goal")
        self.assertEqual((since.value, str(since.date)), (-50, "2021-01-05"))
        self.assertEqual(since.source, "Changed since the plan was closed")
        title = average.action_open_facts()["display_name"]
        self.assertTrue(title.startswith("900 USD when closed, 350 USD by now"), title)
        self.assertEqual(len(self._records(average)), 3)
        self.assertFalse(self._records(own))
        plan.sudo().state = "running"
        self.assertTrue(
            revenue.action_open_facts()["display_name"].startswith("950 USD = ")
        )
