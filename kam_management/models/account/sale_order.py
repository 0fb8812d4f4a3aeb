from odoo import api, fields, models

from .kam_level_mixin import LEVELS


class SaleOrder(models.Model):
    """Quotations and orders show whose they are."""

    _inherit = "sale.order"

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
