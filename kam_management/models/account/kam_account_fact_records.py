from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What is told of revenue: by category and branch of two windows, and by quarter
SALES_FACTS = ("category", "category_before", "branch", "branch_before", "quarter")


class KamAccount(models.Model):
    """Which records are behind a figure that is known of a customer, and the way there."""

    _inherit = "kam.account"

    @api.readonly
    def action_open_fact(self, fact, key=None):
        """Open the records behind a figure, or behind a part of the health.

        :param str fact: which figure, see ``_get_fact_action``; or ``health_`` and the
            name of a part
        :param key: what of it: a category, branch, channel or quarter
        :return: window action
        :raise UserError: when there is no such figure
        """
        self.ensure_one()
        self.check_access("read")
        if str(fact).startswith("health_"):
            return self._open_health_part(str(fact).removeprefix("health_"))
        try:
            xmlid, domain = self._get_fact_action(fact, key)
        except (KeyError, OverflowError, TypeError, ValueError) as error:
            raise UserError(
                self.env._("This figure is not available any more. Reload the page.")
            ) from error
        action = self._prepare_records_action(xmlid)
        action["domain"] = list(domain)
        if action["res_model"] == "kam.sale":
            Sale, _domain = self._get_family_sales()
            ids = Sale.env.context["kam_account_ids"]
            action["context"] = {"kam_account_ids": ids}
        elif action["res_model"].startswith("kam."):
            action["context"] = {"default_account_id": self.id}
        return action

    def _get_fact_action(self, fact, key):
        """Return the action (XML id) and the domain of the records behind a figure.

        :raise KeyError: when there is no such figure
        """
        if fact in SALES_FACTS:
            return "kam_management.kam_sale_action", self._get_sales_domain(fact, key)
        return self._get_fact_records()[fact]

    def _get_fact_records(self):
        """Return where the figures that are no revenue come from; rooms add theirs.

        :return: {fact: (XML id of an action, domain)}
        """
        deals = [
            ("kam_account_id", "=", self.id),
            ("type", "=", "opportunity"),
            ("won_status", "=", "pending"),
        ]
        quotations = [*self._get_order_domain(), ("state", "in", ("draft", "sent"))]
        return {
            "deals": ("crm.crm_lead_opportunities", Domain(deals)),
            "quotations": ("sale.action_quotations", Domain(quotations)),
            "overdue": (
                "account.action_account_moves_all_a",
                self._get_overdue_domain(),
            ),
        }

    def _get_fact_domain(self, fact):
        """Return the domain of the records behind a figure that is no revenue."""
        _action, domain = self._get_fact_records()[fact]
        return domain

    def _get_sales_domain(self, fact, key):
        """Return the domain of the sales behind a figure of revenue.

        :raise ValueError: when there is no such quarter, category or branch
        """
        fact, before, _rest = fact.partition("_before")
        periods = self._get_revenue_periods()
        since, until = periods["window"] + relativedelta(days=1), periods["today"]
        if before:
            since, until = (
                periods["previous"] + relativedelta(days=1),
                periods["window"],
            )
        _Sale, sales = self._get_family_sales()
        domain = Domain("account_id", "=", self.id)
        if fact == "quarter":
            if not (day := fields.Date.to_date(key)):
                raise ValueError(key)
            since, until = self.company_id._get_kam_period("quarter", day)
        elif fact == "branch":
            domain = Domain(sales) & Domain("account_id.partner_id", "=", int(key))
        else:
            domain &= Domain("categ_id", "=", int(key or 0) or False)
        return domain & Domain([("date", ">=", since), ("date", "<=", until)])

    def _get_family_sales(self, family=None):
        """Return the sales of this customer and the companies below it.

        :param family: ids of the partners, where they are known
        :return: ``kam.sale``, prepared to look at them alone, and the domain of them
        """
        self.ensure_one()
        # sudo: which accounts there are; the rules say whose sales are seen
        accounts = self.sudo().with_context(active_test=False)
        accounts = accounts.search(
            [
                ("partner_id", "in", list(family or self._get_family())),
                ("company_id", "=", self.company_id.id),
            ]
        )
        Sale = self.env["kam.sale"].with_context(kam_account_ids=accounts.ids)
        return Sale, [("account_id", "in", accounts.ids)]

    def _get_family(self):
        """Return {partner id: parent id} of the customer's companies and addresses."""
        self.ensure_one()
        # sudo: what a company bought counts with the branch above it, seen or not
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        family = partners.search_fetch(
            [("id", "child_of", self.partner_id.id)], ["parent_id"], order="id"
        )
        return {partner.id: partner.parent_id.id for partner in family}
