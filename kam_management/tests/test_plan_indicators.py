from odoo import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.kam_management.models.measure.indicator import GOAL

from .plan_common import TODAY, PlanCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanIndicators(PlanCommon):
    """What the app measures by itself, each on a history made by hand."""

    def assertMeasured(self, indicator, actual, before=None, **values):
        """Assert the actual up to 1 July 2020, and the figure of the year before."""
        plan = self._plan(**values)
        found = plan._measure([indicator])[indicator]
        self.assertAlmostEqual(found.get(plan.id, 0), actual)
        if before is not None:
            found = plan._measure([indicator], before=True)[indicator]
            self.assertAlmostEqual(found.get(plan.id, 0), before)

    def test_revenue_counts_orders_less_credit_notes_in_the_period(self):
        self._order("2019-01-01", 50)
        self._order("2019-12-31", 30)
        self._order("2020-01-01", 200)
        self._order("2020-06-30", 100)
        self._invoice("2020-03-01", 40, move_type="out_refund")
        self._invoice("2019-03-01", 5, move_type="out_refund")
        self._order("2018-12-31", 999)
        self.assertMeasured("revenue", 260, before=75)

    def test_revenue_counts_invoices_where_the_company_does(self):
        self.company.kam_purchase_basis = "invoice"
        self._order("2020-02-01", 200)
        self._invoice("2020-02-01", 70)
        self.assertMeasured("revenue", 70, before=0)

    def test_revenue_sees_credit_notes_long_before_a_short_window(self):
        self.company.kam_window_months = 1
        self._order("2019-01-10", 50)
        self._invoice("2019-01-15", 5, move_type="out_refund")
        self.assertMeasured("revenue", 0, before=45)

    def test_revenue_of_people_of_the_customer_is_his(self):
        self._order("2020-02-01", 200, partner=self._person("Ada"))
        self.assertMeasured("revenue", 200)

    def test_average_transaction_leaves_credit_notes_out(self):
        self._order("2020-02-01", 200)
        self._order("2020-03-01", 100)
        self._invoice("2020-03-01", 40, move_type="out_refund")
        self.assertMeasured("transaction", 150)

    def test_margin_takes_the_standard_price_of_the_company(self):
        self.product.with_company(self.company).standard_price = 60
        self._order("2020-02-01", 100)
        self._order("2019-02-01", 110)
        self.assertMeasured("margin", 40, before=50)

    def test_margin_converts_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.product.with_company(self.company).standard_price = 5
        line = {"product_id": self.product.id, "price_unit": 100, "tax_ids": False}
        line["product_uom_id"] = dozen.id
        self._order("2020-02-01", order_line=[Command.create(line)])
        self.assertMeasured("margin", 100 - 12 * 5)

    def test_cost_to_serve_is_resources_and_hours(self):
        self.company.kam_hour_cost = 80
        resource = self.env["kam.resource"].create({"name": "Sample", "cost": 12})
        use = [Command.create({"resource_id": resource.id, "quantity": 2})]
        self._touch("2020-02-01", duration=1.5, resource_ids=use)
        self._touch("2019-02-01", duration=1)
        self._touch("2020-03-01", duration=9, active=False)
        self.assertMeasured("cost", 24 + 120, before=80)

    def test_share_of_wallet_is_of_as_much_time_as_is_over(self):
        self._order("2020-02-01", 100)
        # 183 of 366 days are over
        self.assertMeasured("wallet", 50, wallet=400)

    def test_share_of_wallet_is_unknown_without_the_wallet(self):
        self._order("2020-02-01", 100)
        plan = self._plan()
        self.assertEqual(plan._measure(["wallet"]), {"wallet": {}})

    def test_retention_asks_which_categories_he_buys_again(self):
        categories = self.env["product.category"].create(
            [{"name": name} for name in ("Air", "Oil")]
        )
        air, oil = self.env["product.product"].create(
            [{"name": c.name, "categ_id": c.id, "type": "service"} for c in categories]
        )
        for day, product in (
            ("2019-10-01", air),
            ("2019-11-01", oil),
            ("2020-05-01", air),
        ):
            line = {"product_id": product.id, "name": "Part", "price_unit": 1}
            self._order(day, order_line=[Command.create({**line, "tax_ids": False})])
        self.assertMeasured("retention", 50)

    def test_sales_cycle_is_the_average_of_the_deals_won(self):
        for closed in ("2020-03-11", "2020-03-21"):
            lead = self._lead()
            lead.action_set_won()
            lead.flush_recordset()
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = '2020-03-01', date_closed = %s"
                " WHERE id = %s",
                (closed, lead.id),
            )
        self.assertMeasured("cycle", 15)

    def test_loyalty_is_the_average_of_answered_surveys(self):
        for day, score in (("2020-02-01", 4), ("2020-03-01", 5), ("2019-03-01", 1)):
            self._give_rating(self.account, score, day)
        self.assertMeasured("loyalty", 4.5, before=1)

    def test_coverage_is_the_share_of_roles_met(self):
        self._dossier(self._person("Ada"), "decides")
        touched = self._touch("2020-06-15")
        touched.partner_ids = self.account.stakeholder_ids.partner_id
        plan = self._plan()
        [value] = plan._measure(["coverage"])["coverage"].values()
        self.assertAlmostEqual(value, 100 / 3)

    def test_all_plans_are_measured_in_as_many_queries_as_one(self):
        indicators = list(self.env["kam.measure"]._find(GOAL))
        first = self._plan()
        accounts = [
            self._account(self._create_customer(f"Customer {n}")) for n in range(20)
        ]
        plans = first
        for account in accounts:
            plans |= self._plan(account_id=account.id)
        counts = []
        for some in (first, first, plans):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._measure(indicators)
            counts.append(self.cr.sql_log_count - before)
        # the first one fills the caches
        self.assertEqual(*counts[1:])
