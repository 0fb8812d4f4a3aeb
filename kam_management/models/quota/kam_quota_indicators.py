from odoo import api, models


class KamQuota(models.Model):
    """The catalogue of what quotas are set in."""

    _inherit = "kam.quota"

    @api.model
    def _get_indicators(self):
        """Return what quotas can be set in, as {key: ``QuotaIndicator``}."""
        return {}

    @api.model
    def _select_indicator(self):
        return [
            ("kept", self.env._("Active customers kept")),
            ("won", self.env._("New customers won")),
            ("engaged", self.env._("Potentials engaged")),
            ("revenue", self.env._("Revenue")),
            ("category_revenue", self.env._("Revenue of a product category")),
            ("category_units", self.env._("Units of a product category")),
            ("touches", self.env._("Touches")),
            ("touch_quality", self.env._("Quality of touches")),
        ]
