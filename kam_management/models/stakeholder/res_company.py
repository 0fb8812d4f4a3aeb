from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..account.kam_engine_health import check_weights

MAX_COVERAGE_DAYS = 3650


class ResCompany(models.Model):
    """How soon to meet those who decide, and how much that counts in the health."""

    _inherit = "res.company"

    kam_coverage_days = fields.Integer(
        "Coverage Period (Days)",
        default=90,
        required=True,
        help="Days within which decision makers, sponsors and users should be met again.",
    )

    kam_health_weight_coverage = fields.Integer("Health: Coverage", default=15)

    _check_kam_coverage = models.Constraint(
        f"CHECK(kam_coverage_days BETWEEN 1 AND {MAX_COVERAGE_DAYS})",
        f"Coverage: enter a number of days from 1 to {MAX_COVERAGE_DAYS}.",
    )

    _check_kam_health_coverage = models.Constraint(
        *check_weights("kam_health_weight_coverage")
    )

    @api.constrains("kam_coverage_days")
    def _check_kam_coverage_days(self):
        """Refuse days in which nobody can be met, or within which everybody was."""
        for company in self:
            if not 1 <= company.kam_coverage_days <= MAX_COVERAGE_DAYS:
                raise ValidationError(
                    self.env._(
                        "Coverage: enter a number of days from 1 to %(most)s; 90 suits"
                        " key accounts.",
                        most=MAX_COVERAGE_DAYS,
                    )
                )

    @api.model
    def _get_checked_fields(self):
        return super()._get_checked_fields() | {"kam_coverage_days"}

    def _get_kam_settings(self):
        return *super()._get_kam_settings(), self.kam_coverage_days


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_coverage_days = fields.Integer(
        related="company_id.kam_coverage_days", readonly=False
    )
    kam_health_weight_coverage = fields.Integer(
        related="company_id.kam_health_weight_coverage", readonly=False
    )
