from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What is told of revenue: by category and branch of two windows, and by quarter
SALES_FACTS = ("category", "category_before", "branch", "branch_before", "quarter")


class KamPlan(models.Model):
    """Which records are behind a figure of the situation, and the way to them."""

    _inherit = "kam.plan"

    @api.readonly
    def action_open_fact(self, fact, key=None):
        """Open the records behind a figure of the situation.

        :param str fact: which figure, see ``_get_fact_action``
        :param key: what of it: a category, branch, channel or quarter
        :return: window action
        :raise UserError: when there is no such figure
        """
        self.ensure_one()
        self.check_access("read")
        if str(fact).startswith("health_"):
            return self.account_id.action_open_fact(fact)
        try:
            xmlid, domain = self._get_fact_action(fact, key)
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(
                self.env._("This figure is not available any more. Reload the page.")
            ) from error
        action = self.account_id._prepare_records_action(xmlid)
        action["domain"] = list(domain)
        if action["res_model"] == "kam.sale":
            Sale, _domain = self._get_sales()
            ids = Sale.env.context["kam_account_ids"]
            action["context"] = {"kam_account_ids": ids}
        if fact == "surveys":
            action["context"] = {"default_account_id": self.account_id.id}
        return action

    def _get_fact_action(self, fact, key):
        """Return the action (XML id) and the domain of the records behind a figure.

        Rooms that add figures answer for theirs.

        :raise KeyError: when there is no such figure
        """
        if fact in SALES_FACTS:
            return "kam_management.kam_sale_action", self._get_sales_domain(fact, key)
        action = {
            "deals": "crm.crm_lead_opportunities",
            "overdue": "account.action_account_moves_all_a",
            "touches": "kam_management.kam_touch_action",
            "unanswered": "kam_management.kam_touch_action",
            "surveys": "kam_management.kam_survey_action",
        }[fact]
        domain = self._get_fact_domain(fact)
        if fact == "touches" and key:
            domain &= Domain("channel", "=", key)
        return action, domain

    def _get_fact_domain(self, fact):
        """Return the domain of the records behind a figure that is no revenue."""
        account, today = self.account_id, fields.Date.context_today(self)
        mine = Domain("account_id", "=", account.id)
        if fact == "deals":
            return Domain(
                [
                    ("kam_account_id", "=", account.id),
                    ("type", "=", "opportunity"),
                    ("won_status", "=", "pending"),
                ]
            )
        if fact == "overdue":
            return account._get_overdue_domain()
        if fact == "touches":
            return mine & Domain("date", ">", today - relativedelta(years=1))
        if fact == "unanswered":
            return mine & Domain([("direction", "=", "in"), ("answer_id", "=", False)])
        return mine

    def _get_sales_domain(self, fact, key):
        """Return the domain of the sales behind a figure of revenue."""
        fact, before, _rest = fact.partition("_before")
        periods = self._get_revenue_periods()
        since, until = periods["window"] + relativedelta(days=1), periods["today"]
        if before:
            since, until = (
                periods["previous"] + relativedelta(days=1),
                periods["window"],
            )
        _Sale, sales = self._get_sales()
        domain = Domain("account_id", "=", self.account_id.id)
        if fact == "quarter":
            day = fields.Date.to_date(key)
            since, until = self.company_id._get_kam_period("quarter", day)
        elif fact == "branch":
            domain = Domain(sales) & Domain("account_id.partner_id", "=", int(key))
        else:
            domain &= Domain("categ_id", "=", int(key or 0) or False)
        return domain & Domain([("date", ">=", since), ("date", "<=", until)])
