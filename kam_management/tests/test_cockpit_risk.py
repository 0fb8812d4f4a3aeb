from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestCockpitRisk(KamCommon):
    """Customers at risk are on My Day and on My Managers, the most at stake first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.small = cls._buy("Small", 10, cls.anna)
        cls.large = cls._buy("Large", 500, cls.anna)
        cls.theirs = cls._buy("Theirs", 70, cls.boris)
        cls.fresh = cls._buy("Fresh", 900, cls.anna, (60, 30, 0))

    @classmethod
    def _buy(cls, name, amount, manager, days_ago=(80, 70, 60)):
        partner = cls._create_customer(name)
        for ago in days_ago:
            cls._order(cls.today - timedelta(days=ago), amount, partner)
        cls.env["kam.engine"]._run({(cls.company.id, partner.id)})
        account = cls._account(partner)
        account.manager_id = manager
        return account

    def _get_card(self, cards):
        return {card["key"]: card for card in cards["cards"]}["risk"]

    def _mine(self):
        return self.env["kam.cockpit"].with_user(self.anna).get_my_day()

    def _all(self, **values):
        cockpit = self.env["kam.cockpit"].with_user(self.head)
        return self._get_card(cockpit.get_managers_cards(**values))

    def test_my_day_shows_my_customers_with_reason_and_revenue_at_stake(self):
        lines = self._mine()["lines"]
        self.assertEqual(
            [(line["id"], line["money"]) for line in lines],
            [(self.large.id, 1500), (self.small.id, 30)],
        )
        texts = [reason["text"] for reason in lines[0]["reasons"]]
        self.assertIn("At risk: silent 60 days, usually every 10", texts)

    def test_head_sees_all_with_who_leads_them(self):
        card = self._all()
        self.assertEqual(
            [row["id"] for row in card["rows"]],
            [self.large.id, self.theirs.id, self.small.id],
        )
        self.assertEqual(
            card["rows"][1]["note"],
            f"{self.boris.name} · silent 60 days, usually every 10",
        )

    def test_head_sees_on_my_day_what_the_portfolio_says(self):
        cockpit = self.env["kam.cockpit"].with_user(self.head)
        risk = cockpit.get_my_decisions()["risk"]
        shown = cockpit.get_portfolio_accounts()["risk"]
        self.assertEqual((risk["count"], risk["revenue"]), (3, 1740))
        self.assertEqual((risk["count"], risk["revenue"]), tuple(shown.values()))
        found = self.env["kam.account"].with_user(self.head)
        self.assertEqual(
            found.search(risk["action"]["domain"]),
            self.small + self.large + self.theirs,
        )

    def test_my_managers_say_whose_customers_are_at_risk(self):
        work = self.env["kam.cockpit"].with_user(self.head).get_managers_work()
        self.assertEqual(
            work["columns"]["risk"]["figures"],
            {str(self.anna.id): 2, str(self.boris.id): 1},
        )

    def test_team_shows_the_customers_of_its_members(self):
        team = self.env["crm.team"].create(
            {"name": "South", "company_id": self.company.id}
        )
        self.env["crm.team.member"].create(
            {"crm_team_id": team.id, "user_id": self.boris.id}
        )
        card = self._all(team_id=team.id)
        self.assertEqual([row["id"] for row in card["rows"]], [self.theirs.id])

    def test_cards_say_how_right_such_warnings_were(self):
        self.assertEqual(self._all()["remark"], "")
        self.env.cr.execute(
            """
            INSERT INTO kam_risk_accuracy (company_id, date, customer_count, lost_count,
                                           risk_count, risk_lost_count)
            VALUES (%s, '2021-11-30', 100, 20, 50, 40)
            """,
            [self.company.id],
        )
        for card in (self._mine(), self._all()):
            self.assertIn("of 100 customers at risk, 80 bought nothing", card["remark"])
