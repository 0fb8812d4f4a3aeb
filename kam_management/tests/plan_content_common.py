from datetime import timedelta

from odoo import fields

from .stakeholder_common import StakeholderCommon


class PlanContentCommon(StakeholderCommon):
    """Anna's plan for her customer, and a plan of Boris for another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.plan = cls._plan(cls.account)
        cls.other_account = cls._account(cls._create_customer("Stranger"))
        cls.other_account.manager_id = cls.boris
        cls.other_plan = cls._plan(cls.other_account)
        cls.category = cls.env["product.category"].create({"name": "Air"})
        cls.product.categ_id = cls.category

    @classmethod
    def _plan(cls, account, **values):
        return cls.env["kam.plan"].create(
            {
                "account_id": account.id,
                "date_start": cls.today - timedelta(days=30),
                "strategy": "retain",
                **values,
            }
        )

    @classmethod
    def _need(cls, **values):
        return cls.env["kam.plan.need"].create(
            {"plan_id": cls.plan.id, "name": "Fewer stops", **values}
        )

    @classmethod
    def _unit(cls, name, account=None, **values):
        account = account or cls.account
        return cls.env["kam.customer.unit"].create(
            {"name": name, "account_id": account.id, **values}
        )

    @classmethod
    def _branch(cls, name, **values):
        """Return a delivery address of the customer."""
        values = {"type": "delivery", "parent_id": cls.customer.id, **values}
        return cls.env["res.partner"].create(
            {"name": name, "company_id": cls.company.id, **values}
        )

    @classmethod
    def _activity(cls, record, days=5, **values):
        """Return an activity on a record, due in some days."""
        return record.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=cls.today + timedelta(days=days),
            **{"summary": "Do it", "user_id": cls.anna.id, **values},
        )
