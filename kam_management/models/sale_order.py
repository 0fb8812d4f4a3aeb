from odoo import api, fields, models

from .account.kam_level_mixin import LEVELS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    kam_commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer When Confirmed",
        compute="_compute_kam_commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="set null",
        help="The commercial entity this order was made for. It stays when the contact"
        " moves to another company later.",
    )
    kam_account_id = fields.Many2one(
        "kam.account",
        string="Customer Account",
        compute="_compute_kam_account_id",
        groups="kam_management.group_kam_user",
    )
    kam_level = fields.Selection(
        LEVELS,
        string="Relationship Level",
        compute="_compute_kam_level",
        compute_sudo=True,
        groups="kam_management.group_kam_user",
    )

    @api.depends("partner_id.commercial_partner_id", "state")
    def _compute_kam_commercial_partner_id(self):
        """Take today's commercial entity until the order is confirmed, then keep it."""
        for order in self:
            kept = order.state in ("sale", "cancel") and order.kam_commercial_partner_id
            order.kam_commercial_partner_id = (
                kept or order.partner_id.commercial_partner_id
            )

    @api.depends("kam_commercial_partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_kam_account_id(self):
        accounts = self._get_kam_accounts()
        for order in self:
            order.kam_account_id = accounts.get(order)

    @api.depends("kam_commercial_partner_id", "company_id")
    def _compute_kam_level(self):
        accounts = self._get_kam_accounts()
        for order in self:
            account = accounts.get(order)
            order.kam_level = account and account.level

    def _get_kam_accounts(self):
        """Return {order: account} for the orders whose customer has a readable account."""
        accounts = self.env["kam.account"]._map_for(
            [(order.company_id, order.kam_commercial_partner_id) for order in self]
        )
        pairs = (
            (
                order,
                (
                    order.company_id,
                    order.kam_commercial_partner_id.commercial_partner_id,
                ),
            )
            for order in self
        )
        return {order: accounts[pair] for order, pair in pairs if pair in accounts}

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._kam_report_news()
        return orders

    def write(self, vals):
        moved = "partner_id" in vals or "company_id" in vals
        if moved:
            self._kam_report_news()
        elif "state" in vals:
            # what is still to follow the contact follows before it is kept
            self.mapped("kam_commercial_partner_id")
        result = super().write(vals)
        if "partner_id" in vals:
            for order in self:
                order.kam_commercial_partner_id = order.partner_id.commercial_partner_id
        if moved or "state" in vals or "date_order" in vals:
            self._kam_report_news()
        elif "order_line" in vals:
            self.filtered(lambda order: order.state == "sale")._kam_report_news()
        return result

    def unlink(self):
        self._kam_report_news()
        # sudo: the customer was contacted, whatever becomes of the quotation
        touches = self.env["kam.touch"].sudo().with_context(active_test=False)
        touches.search(
            [
                ("message_id.model", "=", self._name),
                ("message_id.res_id", "in", self.ids),
            ]
        ).message_id = False
        return super().unlink()

    def _kam_report_news(self):
        """Report that the customers of these orders bought, cancelled or asked."""
        self.env["kam.account.event"]._append(
            (order.company_id, order.kam_commercial_partner_id) for order in self
        )
