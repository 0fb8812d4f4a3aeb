from datetime import date

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.date_utils import get_month


@tagged("post_install", "-at_install")
class TestQuotaTour(HttpCase):
    """A head plans quotas in the table, and decides about several deviations at once."""

    # the calls of a screen come at once and wait for each other
    test_cursor_lock_timeout = 120

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Tour Company"})
        cls.head = cls._create_user("head", "kam_management.group_kam_manager")
        cls.anna = cls._create_user("anna", "kam_management.group_kam_user")
        customer = cls.env["res.partner"].create(
            {"name": "Tour Pumps", "is_company": True, "company_id": cls.company.id}
        )
        Account = cls.env["kam.account"]
        Account.env["kam.engine"]._run({(cls.company.id, customer.id)})
        Account._get_for(cls.company, customer).manager_id = cls.anna

    @classmethod
    def _create_user(cls, login, role):
        return new_test_user(
            cls.env,
            f"kam_quota_{login}",
            groups=f"base.group_user,{role}",
            password=f"kam_quota_{login}",
            name=f"Tour {login.title()}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def test_a_head_types_targets_goes_back_and_starts(self):
        self.start_tour(
            "/odoo/key-account-quotas",
            "kam_quota_planning_tour",
            login="kam_quota_head",
        )
        quota = self.env["kam.quota"].search([("user_id", "=", self.anna.id)])
        self.assertEqual(quota.state, "running")
        won = quota.line_ids.filtered(lambda line: line.indicator == "won")
        self.assertEqual(won.target, 6)

    def test_a_head_decides_about_several_deviations_at_once(self):
        cause = self.env["kam.quota.cause"].create({"name": "Tour cause"})
        start, end = get_month(fields.Date.today())
        quota = self.env["kam.quota"].create(
            {
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "period": "month",
                "date_start": start,
                "date_end": end,
                "line_ids": [
                    Command.create({"indicator": "won", "target": 2}),
                    Command.create({"indicator": "touches", "target": 9}),
                ],
            }
        )
        # sudo: buttons and the night do this
        quota.sudo().state = "running"
        quota.line_ids.sudo().write(
            {"standing": "behind", "deviation": -50, "expected": 10, "actual": 5}
        )
        quota._handle_measured()
        self.start_tour(
            "/odoo/key-account-decisions",
            "kam_quota_deciding_tour",
            login="kam_quota_head",
        )
        for decision in quota.decision_ids:
            self.assertRecordValues(
                decision,
                [
                    {
                        "state": "decided",
                        "cause_id": cause.id,
                        "decision": "Two visits a week",
                        "owner_id": self.anna.id,
                        "date_due": date(2099, 12, 31),
                        "decided_by_id": self.head.id,
                    }
                ],
            )
        self.assertEqual(len(quota.decision_ids), 2)
