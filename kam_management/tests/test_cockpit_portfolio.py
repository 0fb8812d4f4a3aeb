from datetime import date

from odoo.tests import freeze_time, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestCockpitPortfolio(KamCommon):
    """Every figure of the portfolio opens as many accounts as it says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cockpit = cls.env["kam.cockpit"].with_user(cls.head)
        cls.mine = cls._account()
        cls.mine.manager_id = cls.anna
        cls.other = cls._account(cls._create_customer("Other"))
        cls._order("2026-02-01", 500)
        cls._order("2026-03-01", 500)
        cls._touch("2026-04-01", cls.other.partner_id)
        cls._refresh(as_of=date(2026, 5, 15))

    def test_cells_open_their_accounts(self):
        everybody = self.Account.search([("company_id", "=", self.company.id)])
        self.assertIn(self.other, everybody)
        for user, accounts in ((self.head, everybody), (self.anna, self.mine)):
            result = self.cockpit.with_user(user).get_portfolio_accounts()
            self.assertEqual(sum(c["count"] for c in result["cells"]), len(accounts))
            for cell in result["cells"]:
                domain = [
                    ("segment", "=", cell["segment"]),
                    ("level", "=", cell["level"]),
                    *result["domain"],
                ]
                found = self.Account.with_user(user).search(domain)
                self.assertEqual(len(found), cell["count"])
                self.assertEqual(sum(found.mapped("revenue")), cell["revenue"])

    def test_a_team_shows_its_accounts(self):
        team = self.env["crm.team"].create(
            {"name": "Metal", "company_id": self.company.id}
        )
        self.mine.team_id = team
        result = self.cockpit.get_portfolio_accounts(team.id)
        self.assertEqual([cell["count"] for cell in result["cells"]], [1])

    @freeze_time("2026-05-15 12:00:00")
    def test_customers_at_risk_are_as_many_as_their_list(self):
        self.mine.sudo().write({"risk_date": "2026-05-15", "revenue": 700})
        self.other.sudo().write({"risk_date": "2026-05-16", "revenue": 90})
        self.env.flush_all()
        for user, day, count, revenue in (
            (self.head, "15", 1, 700),
            (self.anna, "15", 1, 700),
            (self.head, "16", 2, 790),
            (self.anna, "16", 1, 700),
        ):
            with freeze_time(f"2026-05-{day} 12:00:00"):
                result = self.cockpit.with_user(user).get_portfolio_accounts()
                self.assertEqual(result["risk"], {"count": count, "revenue": revenue})
                domain = [("is_at_risk", "=", True), *result["domain"]]
                found = self.Account.with_user(user).search(domain)
                self.assertEqual(len(found), count)

    @freeze_time("2026-05-15 12:00:00")
    def test_steps_of_the_period_are_counted(self):
        result = self.cockpit.get_portfolio_funnel("year")
        self.assertEqual(result["came"], {"engaged": 1, "new": 1, "active": 1})
        self.assertEqual(result["up"], {"potential": 2, "new": 1})
        steps = self.env["kam.level.transition"].with_user(self.head)
        self.assertEqual(steps.search_count(result["domain"]), 3)
        self.assertEqual(self.cockpit.get_portfolio_funnel("month")["came"], {})
        mine = self.cockpit.with_user(self.anna).get_portfolio_funnel("year")
        self.assertEqual(mine["came"], {"new": 1, "active": 1})

    def test_pareto_and_concentration_are_those_of_the_accounts(self):
        pareto = self.cockpit.get_portfolio_pareto()
        self.assertEqual((pareto["accounts"], pareto["revenue"]), (1, 1000))
        mine = self.cockpit.with_user(self.anna)
        self.assertEqual(mine.get_portfolio_pareto()["accounts"], 1)
        others = self.cockpit.with_user(self.boris)
        self.assertEqual(others.get_portfolio_pareto()["accounts"], 0)
        now = self.cockpit.get_portfolio_concentration()["now"]
        self.assertEqual(now["largest_account"]["id"], self.mine.id)

    def test_concentration_is_for_heads(self):
        mine = self.cockpit.with_user(self.anna)
        self.assertIsNone(mine.get_portfolio_concentration())

    def test_health_is_counted_in_bands(self):
        """Where it is not known it is no poor one."""
        health = self.cockpit.get_portfolio_accounts()["health"]
        self.assertEqual([band["count"] for band in health], [0, 0, 0, 0, 0])
        self.mine.sudo().write({"health": 100, "health_band": "good"})
        health = self.cockpit.get_portfolio_accounts()["health"]
        self.assertEqual([band["count"] for band in health], [0, 0, 0, 0, 1])
        self.assertEqual((health[-1]["start"], health[-1]["end"]), (80, 100))

    def test_bands_and_the_unknown_are_all_customers(self):
        self.mine.sudo().write({"health": 55, "health_band": "fair"})
        result = self.cockpit.get_portfolio_accounts()
        known = sum(band["count"] for band in result["health"])
        everybody = sum(cell["count"] for cell in result["cells"])
        self.assertGreater(result["health_unknown"], 0)
        self.assertEqual(known + result["health_unknown"], everybody)
