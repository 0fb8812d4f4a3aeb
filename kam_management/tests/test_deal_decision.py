from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .deal_common import DealCommon


@tagged("post_install", "-at_install")
class TestDealDecision(DealCommon):
    """When a deal is decided, by whom, and how sure that is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([("id", "!=", cls.lead.id)]).unlink()

    def _won(self, days, **values):
        """Return a deal won a month ago, after so many days."""
        closed = date(2025, 12, 12)
        with freeze_time(closed - timedelta(days=days)):
            deal = self._deal(**values)
            self.env.flush_all()
        with freeze_time(closed):
            deal.action_set_won()
            self.env.flush_all()
        return deal

    def _propose(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("kam_management.ir_cron_propose_dates").method_direct_trigger()
        self.env.invalidate_all()

    # The day that is proposed

    def test_without_others_a_deal_takes_the_usual_time(self):
        self._propose()
        self.assertEqual(self.lead.kam_proposed_date, date(2026, 4, 12))  # in 90 days
        self.assertFalse(self.lead.date_deadline, "colleagues see nothing of it")

    def test_it_takes_as_long_as_deals_of_its_type(self):
        for days in (10, 20, 300):
            self._won(days)
        for days in (50, 60, 70):
            self._won(days, kam_sales_type="consultative")
        other = self._deal(kam_sales_type="consultative")
        none = self._deal(kam_sales_type="transactional")  # as all: 10 20 50 60 70 300
        self._propose()
        days = [
            (lead.kam_proposed_date - date(2026, 1, 12)).days
            for lead in (self.lead, other, none)
        ]
        self.assertEqual(days, [20, 60, 55])

    def test_deals_of_long_ago_say_nothing(self):
        for _turn in range(3):
            self._won(10)
        self.env["crm.lead"].search(
            [("won_status", "=", "won")]
        ).date_closed = "2022-12-31"
        self._propose()
        self.assertEqual(self.lead.kam_proposed_date, date(2026, 4, 12))

    def test_only_open_opportunities_without_a_date_get_one(self):
        dated = self._deal(date_deadline="2026-05-01")
        lead = self._deal(type="lead")
        lost = self._deal()
        lost.action_set_lost()
        self._propose()
        for other in (dated, lead, lost):
            self.assertFalse(other.kam_proposed_date)

    def test_a_day_is_proposed_once(self):
        self._propose()
        with freeze_time("2026-02-12 10:00:00"):
            self._propose()
        self.assertEqual(self.lead.kam_proposed_date, date(2026, 4, 12))

    def test_the_day_is_taken_by_a_click(self):
        with self.assertRaisesRegex(UserError, "enter one"):
            self.deal.action_kam_accept_date()
        self._propose()
        self.deal.action_kam_accept_date()
        self.assertEqual(self.deal.date_deadline, date(2026, 4, 12))
        self.assertEqual(self.deal.kam_date_basis, "guess")

    def test_nobody_types_in_what_is_proposed(self):
        with self.assertRaises(AccessError):
            self.deal.kam_proposed_date = "2026-02-02"

    # Who decides

    def test_who_decides_is_of_the_customer(self):
        eva = self._dossier("Eva")
        self.deal.kam_decision_stakeholder_id = eva
        other = self._account(self._create_customer("Other"))
        stranger = eva.create(
            {
                "account_id": other.id,
                "partner_id": self._person("Bob", parent_id=other.partner_id.id).id,
            }
        )
        with self.assertRaises(ValidationError):
            self.lead.kam_decision_stakeholder_id = stranger
        self.lead.partner_id = other.partner_id
        self.assertFalse(self.lead.kam_decision_stakeholder_id)

    # The forecast

    def test_the_forecast_counts_by_how_sure_the_day_is(self):
        self.lead.write({"expected_revenue": 1000, "probability": 50})
        quota = self.env["kam.quota"].create(
            {
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "period": "free",
                "state": "running",
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
                "line_ids": [(0, 0, {"indicator": "revenue", "target": 1})],
            }
        )
        forecasts = {}
        for basis in (False, "said", "fixed", "guess"):
            self.lead.write({"date_deadline": "2026-06-01", "kam_date_basis": basis})
            quota._measure()
            forecasts[basis] = quota.line_ids.forecast
        self.lead.date_deadline = False
        self._propose()
        quota._measure()
        self.assertEqual(
            (forecasts, quota.line_ids.forecast),
            ({False: 500, "said": 500, "fixed": 500, "guess": 375}, 250),
        )

    # My Day

    def _reasons(self):
        return self.env["kam.cockpit"].with_user(self.anna)._find_deal_decisions()

    def test_my_day_asks_for_what_was_to_be_decided(self):
        self.lead.date_deadline = "2026-01-10"
        self._deal(date_deadline="2026-01-12")  # today: not yet
        self._deal(date_deadline="2026-01-10", user_id=self.boris.id)
        won = self._deal(date_deadline="2026-01-10")
        won.action_set_won()
        [reason] = self._reasons()
        self.assertEqual((reason.record, reason.days), (self.deal, 2))
        self.assertEqual(
            reason.text, "Decision on “Air for the new plant”, 2 days late"
        )
        self.assertEqual(reason.account, self.account)

    def test_my_day_asks_when_nobody_knows(self):
        self._propose()
        self.assertFalse(self._reasons())
        with freeze_time("2026-04-13 10:00:00"):
            [reason] = self._reasons()
        self.assertIn("ask when they decide", reason.text)
        self.assertEqual(reason.days, 1)
