from odoo import fields, models


class ResCompany(models.Model):
    """What a company has settled of its first steps, where no record tells."""

    _inherit = "res.company"

    kam_purchase_checked = fields.Boolean(
        "Purchase Settings Checked",
        readonly=True,
        copy=False,
        help="Somebody has looked at what counts as a purchase.",
    )
    kam_first_steps_hidden = fields.Boolean(
        "First Steps Dismissed", readonly=True, copy=False
    )
