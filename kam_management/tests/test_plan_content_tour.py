from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestPlanContentTour(HttpCase):
    """From an empty cell of the white space to a need, a done action and a lead."""

    def test_white_space_and_actions_in_the_browser(self):
        company = self.env.ref("base.main_company")
        customer = self.env["res.partner"].create(
            {"name": "Tour Machines", "is_company": True, "company_id": company.id}
        )
        category = self.env["product.category"].create({"name": "Tour Air"})
        Account = self.env["kam.account"]
        Account.env["kam.engine"]._run({(company.id, customer.id)})
        account = Account._get_for(company, customer)
        account.white_space_categ_ids = category
        unit = self.env["kam.customer.unit"].create(
            {"account_id": account.id, "name": "Tour North"}
        )
        # one column, so that the tour knows where it clicks
        self.patch(self.registry["kam.account"], "_get_best_sold", lambda *args: ())
        plan = self.env["kam.plan"].create({"account_id": account.id})
        self.start_tour(
            f"/odoo/key-account-plans/{plan.id}", "kam_plan_content_tour", login="admin"
        )
        self.assertRecordValues(
            plan.need_ids, [{"name": "Dry air", "unit_id": unit.id}]
        )
        self.assertEqual(plan.action_ids.state, "done")
        self.assertEqual(plan.lead_ids.kam_unit_id, unit)
        self.assertEqual(account.white_space_ids.competitor, "Airtec")
