from odoo import fields, models


class ResCompany(models.Model):
    """The limits of what may hang on a few customers, in percent of revenue."""

    _inherit = "res.company"

    kam_key_share_min = fields.Float(
        "Minimum Share of Key Accounts",
        digits=(5, 2),
        default=30,
        required=True,
        help="Below this share of revenue, key accounts do not justify their special"
        " care.",
    )
    kam_key_share_max = fields.Float(
        "Maximum Share of Key Accounts",
        digits=(5, 2),
        default=55,
        required=True,
        help="Above this share of revenue, the company depends on its key accounts.",
    )
    kam_dependency_limit = fields.Float(
        "Dependency Limit",
        digits=(5, 2),
        # 10 % is what accounting standards want disclosed, from 20 to 25 % on lenders
        # and buyers of a company speak of a risk; at 75 % it is too late to react
        default=25,
        required=True,
        help="Above this share of revenue, the company depends on one customer or"
        " group. 25 % is usual: losing a quarter of revenue can hardly be made up for"
        " within a year. It should be well below the maximum share of all key accounts,"
        " which rings first otherwise.",
    )

    _check_kam_concentration = models.Constraint(
        "CHECK(kam_key_share_min >= 0 AND kam_key_share_max > kam_key_share_min"
        " AND kam_key_share_max <= 100"
        " AND kam_dependency_limit > 0 AND kam_dependency_limit <= 100)",
        "Concentration: the share of key accounts goes from a lower to a higher"
        " percentage, and dependency begins between 0 and 100 %; 30, 55 and 25 are usual.",
    )

    def _get_kam_concentration(self):
        """Return the band of the share of key accounts, and the limit of dependency."""
        return self.kam_key_share_min, self.kam_key_share_max, self.kam_dependency_limit


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
