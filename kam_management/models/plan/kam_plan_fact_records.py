from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


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
                self.env._("There is no such figure. Reload the page.")
            ) from error
        action = self.account_id._prepare_records_action(xmlid)
        action["domain"] = list(domain)
        if fact == "surveys" or fact.startswith("complaints_"):
            action["context"] = {"default_account_id": self.account_id.id}
        return action

    def _get_fact_action(self, fact, key):
        """Return the action (XML id) and the domain of the records behind a figure."""
        if fact in ("category", "branch", "quarter"):
            invoices = self.company_id.kam_purchase_basis == "invoice"
            return (
                "account.action_move_out_invoice_type"
                if invoices
                else "sale.action_orders"
            ), self._get_purchase_domain(fact, key, invoices)
        action = {
            "deals": "crm.crm_lead_opportunities",
            "overdue": "account.action_move_out_invoice_type",
            "touches": "kam_management.kam_touch_action",
            "unanswered": "kam_management.kam_touch_action",
            "surveys": "kam_management.kam_survey_action",
            "complaints_open": "kam_management.kam_complaint_action",
            "complaints_late": "kam_management.kam_complaint_action",
            "complaints_solved": "kam_management.kam_complaint_action",
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
            return Domain(account._get_invoice_domain()) & Domain(
                [
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("payment_state", "in", ("not_paid", "partial")),
                    ("invoice_date_due", "<", today),
                ]
            )
        if fact == "touches":
            return mine & Domain("date", ">", today - relativedelta(years=1))
        if fact == "unanswered":
            return mine & Domain([("direction", "=", "in"), ("answer_id", "=", False)])
        if fact == "complaints_open":
            return mine & Domain("state", "=", "open")
        if fact == "complaints_late":
            return mine & Domain("is_late", "=", True)
        if fact == "complaints_solved":
            return mine & Domain("date_solved", ">", today - relativedelta(years=1))
        return mine

    def _get_purchase_domain(self, fact, key, invoices):
        """Return the domain of the orders or invoices behind a figure of revenue."""
        periods, account = self._get_revenue_periods(), self.account_id
        since, until = periods["previous"] + relativedelta(days=1), None
        partner, lines = account.partner_id.id, Domain.TRUE
        if fact == "quarter":
            since = fields.Date.to_date(key)
            until = since + relativedelta(months=3)
        elif fact == "branch":
            partner = int(key)
        elif fact == "category":
            lines = Domain(
                "invoice_line_ids" if invoices else "order_line",
                "any",
                Domain("product_id.categ_id", "=", int(key))
                if int(key or 0)
                else Domain("product_id", "=", False)
                | Domain("product_id.categ_id", "=", False),
            )
        names = (
            ("commercial_partner_id", "invoice_date")
            if invoices
            else ("kam_commercial_partner_id", "date_order")
        )
        domain = Domain(
            [
                (names[0], "=", partner),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "posted" if invoices else "sale"),
                (names[1], ">=", since),
            ]
        )
        if invoices:
            domain &= Domain("move_type", "in", ("out_invoice", "out_refund"))
        if until:
            domain &= Domain(names[1], "<", until)
        return domain & lines
