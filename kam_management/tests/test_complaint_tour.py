from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestComplaintTour(KamCommon, HttpCase):
    """From the portal to the satisfied customer, and from a mail to a complaint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.person = cls.env["res.partner"].create(
            {
                "name": "Ines",
                "email": "ines@meyer.example",
                "parent_id": cls.customer.id,
                "company_id": cls.company.id,
            }
        )
        cls.env["res.users"].create(
            {
                "login": "kam_test_ines",
                "password": "kam_test_ines",
                "partner_id": cls.person.id,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    def test_portal_to_satisfied_customer(self):
        self.start_tour("/my/home", "kam_complaint_portal_tour", login="kam_test_ines")
        complaint = self.env["kam.complaint"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertEqual(complaint.user_id, self.anna)
        self.start_tour(
            f"/odoo/key-account-complaints/{complaint.id}",
            "kam_complaint_solve_tour",
            login="kam_test_anna",
        )
        complaint.invalidate_recordset()
        complaint.rating_apply(
            5, token=complaint._get_rating_key(), feedback="Quiet again"
        )
        self.assertEqual(complaint.stage, "confirmed")

    def test_mail_to_complaint(self):
        mail = self.env["kam.complaint.mail"].create(
            {
                "name": "Fan stops",
                "email_from": "hall2@else.example",
                "description": "At night",
                "company_id": self.company.id,
            }
        )
        self.start_tour(
            "/odoo/key-account-unassigned-complaints",
            "kam_complaint_mail_tour",
            login="kam_test_head",
        )
        mail.invalidate_recordset()
        self.assertEqual(mail.complaint_id.account_id, self.account)
