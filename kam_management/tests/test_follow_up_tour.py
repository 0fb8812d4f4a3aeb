from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

LATER = "2099-12-31"


@tagged("post_install", "-at_install")
class TestFollowUpTour(HttpCase):
    """From a sent quotation to the signature, and from a concession to its approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        cls.anna, cls.head = (
            new_test_user(
                cls.env,
                f"kam_tour_{name}",
                f"base.group_user,kam_management.group_kam_{group}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, group in (("anna", "user"), ("head", "manager"))
        )
        customer = cls.env["res.partner"].create(
            {"name": "Tour Machines", "is_company": True, "company_id": cls.company.id}
        )
        cls.eva = cls.env["res.partner"].create(
            {"name": "Eva", "parent_id": customer.id, "email": "eva@tour.example"}
        )
        cls.env["kam.engine"]._run({(cls.company.id, customer.id)})
        cls.account = cls.env["kam.account"]._get_for(cls.company, customer)
        cls.account.write({"manager_id": cls.anna.id, "accountable_id": cls.head.id})
        product = cls.env["product.product"].create(
            {"name": "Pump", "type": "service", "taxes_id": False}
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.eva.id,
                "company_id": cls.company.id,
                "user_id": cls.anna.id,
                "validity_date": LATER,
                "require_signature": True,
                "require_payment": False,
                "order_line": [
                    Command.create({"product_id": product.id, "price_unit": 100})
                ],
            }
        )

    def test_sent_followed_up_and_signed(self):
        url = f"/odoo/action-sale.action_quotations_with_onboarding/{self.order.id}"
        self.start_tour(url, "kam_follow_up_tour", login=self.anna.login)
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.kam_follow_up, "next_steps")
        self.assertTrue(self.account.touch_ids)
        self.start_tour(
            self.order.get_portal_url(), "kam_follow_up_sign_tour", login=None
        )
        self.assertEqual(self.order.state, "sale")
        self.order.with_user(self.env.ref("base.user_root"))._kam_follow()
        self.assertFalse(self.order.kam_follow_up)
        self.assertFalse(self.order.activity_ids)

    def test_conceded_asked_and_approved(self):
        self.env["kam.concession.limit"].create(
            {"company_id": self.company.id, "user_id": self.anna.id, "percent": 5}
        )
        self.order.action_quotation_sent()
        self.order.order_line.discount = 20
        page = self.url_open(self.order.get_portal_url()).text
        self.assertIn("is being revised", page)
        self.assertNotIn("Accept &amp; Sign", page)
        url = f"/odoo/action-sale.action_quotations_with_onboarding/{self.order.id}"
        self.start_tour(url, "kam_concession_tour", login=self.anna.login)
        approval = self.order.kam_approval_ids
        self.assertEqual(approval.in_return, "A reference letter")
        self.assertEqual(approval.activity_ids.user_id, self.head)
        self.start_tour(
            "/odoo/key-account-day",
            "kam_concession_approve_tour",
            login=self.head.login,
        )
        self.assertEqual(approval.state, "approved")
        self.order.with_user(self.anna).action_confirm()
        self.assertEqual(self.order.kam_concession_ids.value_company, 20)
