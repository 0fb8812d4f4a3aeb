from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestTenderTour(HttpCase):
    """A tender from its date to the deal that is won, in the browser."""

    def test_from_the_date_to_won(self):
        company = self.env.ref("base.main_company")
        company.kam_tender_plan_id = self.env.ref("kam_management.plan_tender")
        customer = self.env["res.partner"].create(
            {"name": "Tour Machines", "is_company": True, "company_id": company.id}
        )
        lead = self.env["crm.lead"].create(
            {
                "name": "Tour tender",
                "type": "opportunity",
                "partner_id": customer.id,
                "company_id": company.id,
                "user_id": self.env.ref("base.user_admin").id,
            }
        )
        self.start_tour(
            f"/odoo/action-crm.crm_lead_action_pipeline/{lead.id}",
            "kam_tender_tour",
            login="admin",
        )
        tender = lead.kam_tender_ids
        self.assertEqual(tender.state, "won")
        self.assertTrue(tender.date_submitted)
        self.assertFalse(tender.milestone_ids.filtered("active"))
