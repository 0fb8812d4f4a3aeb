from odoo import fields, models


class ResCompany(models.Model):
    """When quotas are in danger."""

    _inherit = "res.company"

    kam_quota_tolerance = fields.Float(
        "Tolerance of Quotas",
        digits=(5, 2),
        default=10,
        required=True,
        help="A figure is behind when it is this much below what is expected by today,"
        " and ahead when it is as much above, in percent.",
    )

    _check_kam_quota_tolerance = models.Constraint(
        "CHECK(kam_quota_tolerance BETWEEN 0 AND 100)",
        "Tolerance of quotas: enter a percentage from 0 to 100; 10 is usual.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_quota_tolerance = fields.Float(
        related="company_id.kam_quota_tolerance", readonly=False
    )
