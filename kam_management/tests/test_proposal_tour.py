from odoo import Command
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestProposalTour(HttpCase):
    """From the quotation to the page of the customer, in the browser."""

    def test_from_the_quotation_to_the_page_of_the_customer(self):
        company = self.env.ref("base.main_company")
        self.env["kam.argument"].search([]).active = False
        self.env["kam.argument"].create(
            {"name": "Tour saving", "style": "figures", "text": "<p>Less gas</p>"}
        )
        customer = self.env["res.partner"].create(
            {"name": "Tour Machines", "is_company": True, "company_id": company.id}
        )
        account = self.env["kam.account"].create(
            {"partner_id": customer.id, "company_id": company.id}
        )
        person = {"name": "Tour Finance", "parent_id": customer.id}
        self.env["kam.stakeholder"].create(
            {
                "account_id": account.id,
                "partner_id": self.env["res.partner"].create(person).id,
                "influence": "4",
                "argument_style": "figures",
            }
        )
        product = self.env["product.product"].create(
            {"name": "Tour machine", "type": "service", "taxes_id": False}
        )
        line = {"product_id": product.id, "price_unit": 12000, "tax_ids": False}
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": company.id,
                "user_id": self.env.ref("base.user_admin").id,
                "order_line": [Command.create(line)],
            }
        )
        self.start_tour(
            f"/odoo/action-sale.action_quotations_with_onboarding/{order.id}",
            "kam_proposal_tour",
            login="admin",
        )
        self.assertEqual(order.kam_proposal_ids.payback_months, 6)
