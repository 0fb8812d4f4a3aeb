from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .plan_common import PlanCommon

FEW, MANY = 5, 200
MANAGERS = (
    "get_managers_quotas",
    "get_managers_work",
    "get_managers_key_accounts",
    "get_managers_cards",
)
OWN = (
    "get_my_day",
    "get_my_week",
    "get_my_quotas",
    "get_portfolio_accounts",
    "get_portfolio_funnel",
    "get_portfolio_pareto",
    "get_portfolio_concentration",
)


@tagged("post_install", "-at_install")
class TestCockpitQueryCounts(PlanCommon):
    """A screen asks as often for a manager of few accounts as for one of many."""

    @classmethod
    def _fill(cls, user, count):
        """Give a manager accounts, with something on every card."""
        today = fields.Date.today()
        partners = cls.env["res.partner"].create(
            [
                {"name": f"No. {n}", "is_company": True, "company_id": cls.company.id}
                for n in range(count)
            ]
        )
        cls.env["kam.engine"]._run({(cls.company.id, p.id) for p in partners})
        # the same accounts come first on all cards, so that each is read once
        accounts = cls.Account.search([("partner_id", "in", partners.ids)], order="id")
        accounts.write({"manager_id": user.id, "is_key_account": True})
        accounts.sudo().next_touch_date = today - timedelta(days=3)
        accounts.sudo().write(
            {
                "level": "active",
                "last_purchase_date": today - timedelta(days=30),
                "usual_interval": 10,
                "risk_date": today - timedelta(days=4),
            }
        )
        cls.env["kam.touch"].create(
            [
                {
                    "account_id": account.id,
                    "direction": "in",
                    "date": f"{today - timedelta(days=3)} 12:00:00",
                }
                for account in accounts
            ]
        )
        cls.env["sale.order"].create(
            [
                {
                    "partner_id": account.partner_id.id,
                    "company_id": cls.company.id,
                    "user_id": user.id,
                    "state": "sent",
                }
                for account in accounts
            ]
        )
        accounts[:FEW].activity_schedule(
            user_id=user.id, date_deadline=today, activity_type_id=cls._todo().id
        )

    @classmethod
    def _todo(cls):
        return cls.env.ref("mail.mail_activity_data_todo")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fill(cls.anna, FEW)
        cls._fill(cls.boris, MANY)
        (cls.anna | cls.boris).group_ids |= cls.personal

    def _count(self, user, method):
        """Return how many queries a call takes, caches of the settings warm."""
        cockpit = self.env["kam.cockpit"].with_user(user)
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            getattr(cockpit, method)()
        return self.cr.sql_log_count - before

    def test_my_day_and_portfolio_ask_as_often_for_few_as_for_many(self):
        day = self.env["kam.cockpit"].with_user(self.boris).get_my_day()
        self.assertGreater(len(day["lines"]), FEW)
        for method in OWN:
            with self.subTest(method=method):
                few = self._count(self.anna, method)
                self.assertEqual(few, self._count(self.boris, method))

    def test_my_managers_ask_as_often_with_more_accounts(self):
        before = {method: self._count(self.head, method) for method in MANAGERS}
        self._fill(self.boris, MANY)
        after = {method: self._count(self.head, method) for method in MANAGERS}
        self.assertEqual(before, after)
