from odoo import fields, models

from .look import BASES


class ResCompany(models.Model):
    """What a company counts as sold."""

    _inherit = "res.company"

    kam_purchase_basis = fields.Selection(
        BASES,
        "Purchase Basis",
        default="both",
        required=True,
        help="What counts as a purchase.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_purchase_basis = fields.Selection(
        related="company_id.kam_purchase_basis", readonly=False
    )
