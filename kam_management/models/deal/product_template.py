from odoo import fields, models


class ProductTemplate(models.Model):
    """How long a product lasts, or a contract runs: then the customer decides again."""

    _inherit = "product.template"

    kam_lifetime_months = fields.Integer(
        "Lifetime (months)",
        copy=False,
        groups="kam_management.group_kam_user",
        help="After so many months the customer needs it anew: the opportunity it was sold"
        " by comes again. 0: it does not.",
    )

    _check_kam_lifetime = models.Constraint(
        "CHECK(kam_lifetime_months BETWEEN 0 AND 1200)",
        "Lifetime: enter up to 1200 months, or 0 for none.",
    )
