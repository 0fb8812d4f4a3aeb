from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestReactivationTour(HttpCase):
    """A dormant customer is taken up, tried and given up, in the browser."""

    def test_from_the_list_to_the_outcome(self):
        admin = self.env.ref("base.user_admin")
        company = self.env.ref("base.main_company")
        env = self.env(context={"allowed_company_ids": company.ids})
        customer = env["res.partner"].create(
            {"name": "Tour Presses", "is_company": True, "company_id": company.id}
        )
        account = env["kam.account"].create(
            {"partner_id": customer.id, "company_id": company.id}
        )
        long_ago = fields.Date.today() - timedelta(days=900)
        account.write(
            {
                "manager_id": admin.id,
                "accountable_id": admin.id,
                "opening_first_date": long_ago,
                "opening_last_date": long_ago,
                "opening_count": 1,
                "opening_revenue": 500,
            }
        )
        env["kam.engine"]._run({(company.id, customer.id)})
        self.assertEqual(account.level, "dormant")
        env["crm.lost.reason"].create({"name": "Tour reason"})
        self.start_tour(
            "/odoo/customers-to-win-back", "kam_reactivation_tour", login="admin"
        )
        case = account.reactivation_ids
        self.assertRecordValues(
            case,
            [
                {
                    "state": "lost",
                    "fault": "ours",
                    "note": "Nobody called back",
                    "trigger": "manual",
                    "silent_since": long_ago,
                }
            ],
        )
        self.assertEqual(len(account.activity_ids), 3)
