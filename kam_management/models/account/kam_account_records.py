from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common import clock
from ..evidence.receivables import get_overdue_domain, get_receivables


class KamAccount(models.Model):
    """The records of an account: how many the user may see, and the way to them."""

    _inherit = "kam.account"

    lead_ids = fields.One2many("crm.lead", "kam_account_id", string="Leads")
    order_count = fields.Integer(compute="_compute_order_count")
    invoice_count = fields.Integer(compute="_compute_invoice_count")
    lead_count = fields.Integer(compute="_compute_lead_count")

    @api.depends_context("uid")
    def _compute_order_count(self):
        """Count the orders and quotations the user may see."""
        counts = {
            (company, partner): count
            for company, partner, count in self.env["sale.order"]._read_group(
                [("kam_commercial_partner_id", "in", self.partner_id.ids)],
                ["company_id", "kam_commercial_partner_id"],
                ["__count"],
            )
        }
        for account in self:
            pair = account.company_id, account.partner_id
            account.order_count = counts.get(pair, 0)

    @api.depends_context("uid")
    def _compute_invoice_count(self):
        """Count the customer invoices and credit notes the user may see."""
        counts = {
            (company, partner): count
            for company, partner, count in self.env["account.move"]._read_group(
                [
                    ("kam_customer_id", "in", self.partner_id.ids),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                ],
                ["company_id", "kam_customer_id"],
                ["__count"],
            )
        }
        for account in self:
            pair = account.company_id, account.partner_id
            account.invoice_count = counts.get(pair, 0)

    @api.depends_context("uid")
    def _compute_lead_count(self):
        counts = dict(
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group(
                [("kam_account_id", "in", self.ids)], ["kam_account_id"], ["__count"]
            )
        )
        for account in self:
            account.lead_count = counts.get(account, 0)

    def action_view_orders(self):
        """Open the orders of this account, closed history included."""
        action = self._prepare_records_action("sale.action_orders")
        action["domain"] = self._get_order_domain()
        return action

    def action_view_sales(self):
        """Open the sales of the window: line by line the revenue of this account."""
        action = self._prepare_records_action("kam_management.kam_sale_action")
        window_start = self.company_id._get_kam_rule_today().window_start
        action["domain"] = [("account_id", "=", self.id), ("date", ">", window_start)]
        action["context"] = {"kam_account_ids": self.ids}
        return action

    def action_view_invoices(self):
        """Open the customer invoices and credit notes of this account."""
        action = self._prepare_records_action("account.action_move_out_invoice_type")
        action["domain"] = self._get_invoice_domain()
        return action

    def action_view_leads(self):
        """Open leads and opportunities of this account, lost ones too."""
        action = self._prepare_records_action("crm.crm_lead_all_leads")
        action["domain"] = [("kam_account_id", "=", self.id)]
        action["context"] = {
            "active_test": False,
            "default_partner_id": self.partner_id.id,
            "default_type": "opportunity",
        }
        return action

    def _get_order_domain(self):
        """Return the domain of the sale orders that belong to this account."""
        return [
            ("kam_commercial_partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]

    def _get_invoice_domain(self):
        """Return the domain of the customer invoices that belong to this account."""
        return [
            ("kam_customer_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ]

    def _get_overdue_domain(self):
        """Return the domain of the journal items of this account that are past due."""
        return get_overdue_domain(clock.today()) & Domain(
            [
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )

    def _get_overdue(self):
        """Return what is past due of this account, as its health says it.

        :return: how many instalments, the amount, since when (None: nothing is)
        """
        self.ensure_one()
        self.env.flush_all()
        customer = SQL("VALUES (%s, %s)", self.company_id.id, self.partner_id.id)
        rows = self.env.execute_query(
            SQL(
                "SELECT overdue_count, overdue, overdue_since FROM (%s) owed",
                get_receivables(clock.today(), customer),
            )
        )
        count, amount, since = rows[0] if rows else (None, None, None)
        return count or 0, float(amount or 0), since

    def _prepare_records_action(self, xmlid):
        """Return Odoo's own window action ``xmlid`` as a dict to narrow down."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action.update(context={}, display_name=self.display_name)
        return action
