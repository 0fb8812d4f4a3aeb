from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestReferenceTour(KamCommon, HttpCase):
    """From a rating to a reference to a new lead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.today = fields.Date.today()
        cls.person = cls.env["res.partner"].create(
            {"name": "Ines", "parent_id": cls.customer.id, "company_id": cls.company.id}
        )

    def test_rating_to_reference_to_lead(self):
        self._order(self.today - timedelta(days=30))
        self._give_rating(self.account, 5, self.today - timedelta(days=3), self.person)
        self._refresh()
        self.start_tour(
            f"/odoo/key-accounts/{self.account.id}",
            "kam_reference_tour",
            login="kam_test_anna",
        )
        reference = self.account.reference_ids
        self.assertEqual((reference.state, reference.lead_count), ("given", 1))
        self.assertEqual(reference.lead_ids.contact_name, "Zoe Zenith")
