from odoo import api, fields, models
from odoo.fields import Domain

from ..stakeholder.kam_stakeholder_role import ARGUMENT_STYLES


class KamArgument(models.Model):
    """A text that speaks for us, written once: for a way to decide, a trade, a product.

    It is proposed for the quotations it fits, and copied there: see ``kam.proposal``.
    """

    _name = "kam.argument"
    _description = "Argument"
    _inherit = ["kam.guard"]
    _order = "style, sequence, id"

    name = fields.Char("Title", required=True, translate=True)
    text = fields.Html(
        translate=True,
        help="Printed in proposals as it stands here, in the customer's language.",
    )
    style = fields.Selection(
        ARGUMENT_STYLES,
        "Decision Style",
        required=True,
        help="Proposed where somebody who decides so judges the quotation. Never printed.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: for all companies."
    )

    # What it fits
    industry_ids = fields.Many2many(
        "res.partner.industry",
        string="Industries",
        help="Proposed to customers of these industries only. Empty: to all.",
    )
    categ_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="Proposed with products of these categories only, and of those below them."
        " Empty: with all.",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        domain="[('sale_ok', '=', True)]",
        help="Proposed with these products, too.",
    )

    @api.model
    def _find_fitting(self, order, styles):
        """Return the arguments that fit a quotation, the most special first.

        :param order: ``sale.order``
        :param styles: the decision styles of those who judge it
        """
        # sudo: trade and products of a quotation that the user sees
        order = order.sudo()
        industry = order.kam_commercial_partner_id.industry_id
        products = order.order_line.product_id
        domain = Domain("style", "in", list(styles))
        domain &= Domain("company_id", "in", [order.company_id.id, False])
        domain &= Domain("industry_ids", "in", [*industry.ids, False])
        domain &= (
            Domain("categ_ids", "=", False) & Domain("product_ids", "=", False)
            | Domain("categ_ids", "parent_of", products.categ_id.ids)
            | Domain("product_ids", "in", products.ids)
        )
        return self.search(domain).sorted(lambda one: -one._get_special(products))

    def _get_special(self, products):
        """Return how special an argument is for some products, the more the better."""
        own_products = 2 * bool(self.product_ids & products)
        return bool(self.industry_ids) + bool(self.categ_ids) + own_products
