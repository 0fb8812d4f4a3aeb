from odoo import Command
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestDealTour(HttpCase):
    """A lead that is qualified, led step by step, and an objection, in the browser."""

    def test_from_the_lead_to_the_answer(self):
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("crm.group_use_lead")
        company = self.env.ref("base.main_company")
        env = self.env(context={"allowed_company_ids": company.ids})
        plans = env["mail.activity.plan"]
        plans.search([("kam_sales_type", "=", "transactional")]).active = False
        plans.create(
            {
                "name": "Tour steps",
                "res_model": "crm.lead",
                "company_id": company.id,
                "kam_sales_type": "transactional",
                "template_ids": [
                    Command.create({"summary": f"Tour: {what}"})
                    for what in ("confirm", "quotation")
                ],
            }
        )
        customer, other = env["res.partner"].create(
            [
                {"name": name, "is_company": True, "company_id": company.id}
                for name in ("Tour Machines", "Tour Rival")
            ]
        )
        eva = env["res.partner"].create({"name": "Tour Eva", "parent_id": customer.id})
        accounts = env["kam.account"].create(
            [
                {"partner_id": partner.id, "company_id": company.id}
                for partner in (customer, other)
            ]
        )
        accounts.write({"manager_id": admin.id, "sales_type": "transactional"})
        category = env["kam.objection.category"].create({"name": "Tour price"})
        env["kam.objection"].create(
            {
                "name": "Too dear",
                "category_id": category.id,
                "account_id": accounts[1].id,
                "answer": "Energy pays it",
                "worked": "yes",
            }
        )
        lead = env["crm.lead"].create(
            {
                "name": "Tour lead",
                "type": "lead",
                "partner_id": eva.id,
                "company_id": company.id,
                "user_id": admin.id,
            }
        )
        self.start_tour(
            f"/odoo/action-crm.crm_lead_all_leads/{lead.id}",
            "kam_deal_tour",
            login="admin",
        )
        self.assertEqual(lead.type, "opportunity")
        self.assertRecordValues(
            lead.kam_objection_ids,
            [{"name": "Costs too much", "partner_id": eva.id, "worked": "yes"}],
        )
