from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_key_share_min = fields.Float(
        related="company_id.kam_key_share_min", readonly=False
    )
    kam_key_share_max = fields.Float(
        related="company_id.kam_key_share_max", readonly=False
    )
    kam_dependency_limit = fields.Float(
        related="company_id.kam_dependency_limit", readonly=False
    )
