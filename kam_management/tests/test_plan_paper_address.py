from odoo.tests import HttpCase, tagged

from .plan_common import PlanCommon

EDITIONS = ("report_plan", "report_plan_customer", "report_plan_page")


@tagged("post_install", "-at_install")
class TestPlanPaperAddress(PlanCommon, HttpCase):
    """Who knows the address of a paper reads no more than who knows the plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan(situation="Hidden Lemon", foreword="Hidden Lemon")
        cls._create_user("stranger", "kam_management.group_kam_user")
        # a portal user is no internal one
        portal = cls._create_user("portal", "base.group_user")
        portal.group_ids = cls.env.ref("base.group_portal")

    def _read(self, login, edition):
        """Return (status, text) of what a user gets at the address of an edition."""
        self.authenticate(login, login)
        answer = self.url_open(
            f"/report/html/kam_management.{edition}/{self.plan.id}", timeout=60
        )
        return answer.status_code, answer.text

    def test_the_team_reads_each_edition(self):
        for edition in EDITIONS:
            with self.subTest(edition=edition):
                status, text = self._read(self.anna.login, edition)
                self.assertEqual(status, 200)
                self.assertIn(self.plan.account_id.partner_id.name, text)

    def test_nobody_else_does(self):
        name = self.plan.account_id.partner_id.name
        for login in ("kam_test_stranger", self.seller.login, "kam_test_portal"):
            for edition in EDITIONS:
                with self.subTest(login=login, edition=edition):
                    status, text = self._read(login, edition)
                    self.assertNotEqual(status, 200)
                    self.assertNotIn("Hidden Lemon", text)
                    self.assertNotIn(name, text)
