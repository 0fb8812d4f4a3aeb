from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.date_utils import get_month, get_quarter


@tagged("post_install", "-at_install")
class TestCockpitTour(HttpCase):
    """My Day of a manager, My Managers and Portfolio of his head, in the browser."""

    # The calls of a screen come at once and wait for each other: on a busy machine longer
    # than the 20 s after which Odoo answers with a page of an error.
    test_cursor_lock_timeout = 120

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.ref("base.main_company")
        cls.anna = cls._create_user("anna", "kam_management.group_kam_user")
        customer = cls.env["res.partner"].create(
            {"name": "Tour Machines", "is_company": True, "company_id": cls.company.id}
        )
        cls.env["res.partner"].create({"name": "Eva", "parent_id": customer.id})
        cls.company.kam_touch_days_engaged = 30
        Account = cls.env["kam.account"]
        Account.env["kam.engine"]._run({(cls.company.id, customer.id)})
        cls.account = Account._get_for(cls.company, customer)
        cls.account.manager_id = cls.anna
        today = fields.Date.today()
        # sudo: the engine says when a touch is due
        cls.account.sudo().next_touch_date = today - timedelta(days=2)
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Tour Team",
                "company_id": cls.company.id,
                "member_ids": [Command.set(cls.anna.ids)],
            }
        )

    @classmethod
    def _create_user(cls, login, role):
        return new_test_user(
            cls.env,
            f"kam_tour_{login}",
            groups=f"base.group_user,{role}",
            password=f"kam_tour_{login}",
            company_id=cls.company.id,
        )

    def _quota(self, period, days):
        start, end = days(fields.Date.today())
        quota = self.env["kam.quota"].create(
            {
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "period": period,
                "date_start": start,
                "date_end": end,
                "line_ids": [
                    Command.create({"indicator": "won", "target": 2}),
                    Command.create({"indicator": "touches", "target": 9}),
                ],
            }
        )
        # sudo: it is a button that lets it run
        quota.sudo().state = "running"

    def test_a_manager_goes_from_my_day_to_a_list_and_back(self):
        self._quota("month", get_month)
        menu = self.env.ref("kam_management.kam_management_menu_root")
        self.start_tour(
            f"/odoo?menu_id={menu.id}#menu_id={menu.id}",
            "kam_cockpit_my_day_tour",
            login="kam_tour_anna",
        )
        self.assertEqual(
            self.account.touch_ids.mapped("summary"), ["Asked how the pump runs"]
        )
        self.assertEqual(self.account.activity_ids.summary, "Send the offer")

    def test_a_manager_talks_to_a_customer(self):
        self.start_tour(
            f"/odoo/kam.account/{self.account.id}",
            "kam_talk_tour",
            login="kam_tour_anna",
        )
        self.assertEqual(self.account.touch_ids.partner_id.name, "Eva")
        self.assertEqual(self.account.activity_ids.summary, "Send the offer")

    def test_a_head_filters_opens_facts_and_sees_the_portfolio(self):
        self._quota("quarter", get_quarter)
        self.env["kam.touch"].create(
            {"account_id": self.account.id, "user_id": self.anna.id}
        )
        self._create_user("head", "kam_management.group_kam_manager")
        self.start_tour(
            "/odoo/key-account-managers", "kam_cockpit_head_tour", login="kam_tour_head"
        )
