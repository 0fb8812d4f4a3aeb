from dateutil.relativedelta import relativedelta

from odoo import fields

from .common import KamCommon

TODAY = fields.Date.to_date("2022-03-10")


class PortfolioCommon(KamCommon):
    """A world whose day is 10 March 2022, and whose portfolio can be taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Month = cls.env["kam.portfolio.month"]
        cls.AccountMonth = cls.env["kam.account.month"]
        cls.criterion = cls.env["kam.key.criterion"].create({"name": "Image"})

    @classmethod
    def _sell(cls, **amounts):
        """Return accounts of new customers who bought ten days before TODAY."""
        partners = [cls._create_customer(name) for name in amounts]
        for partner, amount in zip(partners, amounts.values(), strict=True):
            cls._order(TODAY - relativedelta(days=10), amount, partner)
        cls._refresh(TODAY)
        return cls.Account.union(*(cls._account(partner) for partner in partners))

    @classmethod
    def _take(cls, day=TODAY):
        cls.Month._take(fields.Date.to_date(day), {cls.company.id})

    @classmethod
    def _month(cls, day="2022-03-31"):
        return cls.Month.search(
            [("company_id", "=", cls.company.id), ("date", "=", day)]
        )

    @classmethod
    def _nominate(cls, account, since=None):
        account._nominate(cls.criterion.ids, "Well known", since)
