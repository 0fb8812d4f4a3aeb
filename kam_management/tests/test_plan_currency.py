from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .plan_common import TODAY, PlanCommon


@tagged("post_install", "-at_install")
class TestPlanCurrency(PlanCommon):
    """A plan counts in the money of its company, whatever the customer paid in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.euro = cls.setup_other_currency("EUR", rates=[("2019-01-01", 0.5)])
        cls.euros = cls.env["product.pricelist"].create(
            {
                "name": "Euro",
                "currency_id": cls.euro.id,
                "company_id": cls.company.id,
            }
        )
        cls._order("2020-03-01", 100, pricelist_id=cls.euros.id)
        cls._order("2020-03-02", 7)

    def test_goals_are_measured_in_it(self):
        cases = {"revenue": 207, "transaction": 103.5, "margin": 207}
        plan = self._plan(goals=[self._measured(name) for name in cases])
        plan.action_refresh_goals()
        for goal in plan.goal_ids:
            with self.subTest(indicator=goal.indicator):
                self.assertEqual(
                    (goal.actual, goal.unit), (cases[goal.indicator], "USD")
                )

    def test_facts_are_told_in_it(self):
        facts = self._plan().account_id.with_user(self.anna)._get_facts()
        [(_key, _name, now, before)] = facts["categories"]
        self.assertEqual((now, before), (207, 0))

    def test_company_with_another_currency_counts_in_its_own(self):
        abroad = self._create_company("Abroad", currency_id=self.euro.id)
        self.env.user.company_ids |= abroad
        self.customer.company_id = False
        self._order("2020-04-01", 30, company_id=abroad.id)
        account = self._account(company=abroad)
        plan = self.env["kam.plan"].create(
            {
                "account_id": account.id,
                "date_start": date(2020, 1, 1),
                "goal_ids": [(0, 0, self._measured("revenue"))],
            }
        )
        plan.action_refresh_goals()
        self.assertEqual((plan.goal_ids.actual, plan.goal_ids.unit), (30, "EUR"))
