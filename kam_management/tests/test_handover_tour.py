from odoo.tests import HttpCase, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestHandoverTour(KamCommon, HttpCase):
    """A deal is handed over to who serves the customer, step by step."""

    def test_handover_of_a_deal(self):
        account = self._account()
        account.developer_id = self.anna
        person = self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.customer.id}
        )
        self.env["kam.stakeholder"].create(
            {"account_id": account.id, "partner_id": person.id}
        )
        deal = self.env["crm.lead"].create(
            {
                "name": "Two machines",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "user_id": self.anna.id,
            }
        )
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}", "kam_handover_deal_tour", login="kam_test_head"
        )
        self.env.invalidate_all()
        self.assertEqual(account.manager_id, self.boris)
        self.assertEqual(account.developer_id, self.anna)
        self.assertEqual(deal.user_id, self.anna)
        self.assertEqual(deal.sudo().kam_handover_ids.state, "done")
