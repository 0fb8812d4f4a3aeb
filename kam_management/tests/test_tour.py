from odoo import Command
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestTour(HttpCase):
    """What a head of sales does in the browser, on data of the test's own."""

    def test_account_shows_its_history_and_takes_a_touch(self):
        company = self.env.ref("base.main_company")
        customer = self.env["res.partner"].create(
            {"name": "Tour Machines", "is_company": True, "company_id": company.id}
        )
        product = self.env["product.product"].create(
            {"name": "Pump", "type": "service", "list_price": 100}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": company.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        Account = self.env["kam.account"]
        Account.env["kam.engine"]._run({(company.id, customer.id)})
        self.start_tour("/odoo/key-accounts", "kam_account_tour", login="admin")
        account = Account._get_for(company, customer)
        self.assertEqual(
            account.touch_ids.mapped("summary"), ["Asked for the second machine"]
        )
