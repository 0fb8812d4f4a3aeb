from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from .kam_engine_health import check_weights

MAX_WINDOW_MONTHS = 120
MAX_MIN_PURCHASES = 1000


class ResCompany(models.Model):
    """What a company judges its accounts by: level, segment and health."""

    _name = "res.company"
    _inherit = ["res.company", "kam.guard"]

    kam_window_months = fields.Integer(
        "Customer Window",
        default=12,
        required=True,
        help="Months after which a customer who buys nothing becomes dormant.",
    )
    kam_min_purchases = fields.Integer(
        "Minimum Purchases",
        default=2,
        required=True,
        help="Purchases from which on a customer is active instead of new.",
    )

    kam_segment_a = fields.Float(
        "Segment A Up To",
        digits=(5, 2),
        default=80,
        required=True,
        help="Customers are A while those with more revenue bring less than this much"
        " of all revenue, in percent.",
    )
    kam_segment_b = fields.Float(
        "Segment B Up To",
        digits=(5, 2),
        default=95,
        required=True,
        help="Customers are B while those with more revenue bring less than this much"
        " of all revenue, in percent; the rest is C.",
    )

    # How much each part of the health counts, 0 for not at all; each room has its own
    kam_health_weight_revenue = fields.Integer("Health: Revenue Trend", default=25)
    kam_health_weight_invoices = fields.Integer("Health: Overdue Invoices", default=15)
    kam_health_weight_purchases = fields.Integer("Health: Purchases", default=15)

    kam_usual_interval = fields.Float(
        "Usual Interval of Customers (Days)",
        readonly=True,
        help="Mean of the usual intervals of the customers, as of the last night.",
    )

    _check_kam_segments = models.Constraint(
        "CHECK(kam_segment_a > 0 AND kam_segment_b > kam_segment_a"
        " AND kam_segment_b <= 100)",
        "Segments: A ends above 0 %, B above A, and both at 100 % at most; 80 and 95 are"
        " usual.",
    )
    _check_kam_health = models.Constraint(
        *check_weights(
            "kam_health_weight_revenue",
            "kam_health_weight_invoices",
            "kam_health_weight_purchases",
        )
    )
    _check_kam_window = models.Constraint(
        f"CHECK(kam_window_months BETWEEN 1 AND {MAX_WINDOW_MONTHS})",
        f"Customer window: enter a number of months from 1 to {MAX_WINDOW_MONTHS}.",
    )
    _check_kam_minimum = models.Constraint(
        f"CHECK(kam_min_purchases BETWEEN 1 AND {MAX_MIN_PURCHASES})",
        f"Minimum purchases: enter a number from 1 to {MAX_MIN_PURCHASES}.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.partner_id._kam_report_moved()
        return companies

    def write(self, vals):
        """Report who is one of our companies now, or is none any more: no customer."""
        before = self.partner_id if "partner_id" in vals else self.partner_id.browse()
        result = super().write(vals)
        if "partner_id" in vals:
            (before | self.partner_id)._kam_report_moved()
        return result

    def unlink(self):
        former = self.partner_id
        result = super().unlink()
        former._kam_report_moved()
        return result

    @api.constrains("kam_window_months")
    def _check_kam_window_months(self):
        """Refuse a window that makes every customer dormant, or none for decades."""
        for company in self:
            if not 1 <= company.kam_window_months <= MAX_WINDOW_MONTHS:
                raise ValidationError(
                    self.env._(
                        "Customer window: enter a number of months from 1 to %(most)s."
                        " 12 suits customers who buy several times a year.",
                        most=MAX_WINDOW_MONTHS,
                    )
                )

    @api.constrains("kam_min_purchases")
    def _check_kam_min_purchases(self):
        """Refuse a minimum that makes customers active who never bought, or nobody."""
        for company in self:
            if not 1 <= company.kam_min_purchases <= MAX_MIN_PURCHASES:
                raise ValidationError(
                    self.env._(
                        "Minimum purchases: a customer is active from this purchase on."
                        " Enter a number from 1 to %(most)s; 2 is usual.",
                        most=MAX_MIN_PURCHASES,
                    )
                )

    @api.model
    def _get_checked_fields(self):
        """Leave numbers with limits of their own to what says them."""
        limited = {"kam_window_months", "kam_min_purchases"}
        return super()._get_checked_fields() | limited

    @api.model
    @ormcache()
    def _get_kam_first_id(self):
        """Return the id of our first company: what names none of ours is its."""
        # sudo: which one it is, whoever asks
        return self.sudo().search([("parent_id", "=", False)], order="id", limit=1).id

    def _get_kam_rule(self):
        return (
            self.kam_window_months,
            self.kam_min_purchases,
            self.kam_purchase_basis,
            self._get_kam_segments(),
        )

    def _get_kam_settings(self):
        parts = self.env["kam.engine"]._get_health_parts().values()
        weights = (part.weight for part in parts)
        known = (self[name] for name in weights if isinstance(name, str))
        return *super()._get_kam_settings(), *known

    def _get_kam_segments(self):
        """Return the percentages of revenue at which segments A and B end."""
        return self.kam_segment_a, self.kam_segment_b


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_window_months = fields.Integer(
        related="company_id.kam_window_months", readonly=False
    )
    kam_min_purchases = fields.Integer(
        related="company_id.kam_min_purchases", readonly=False
    )
    kam_segment_a = fields.Float(related="company_id.kam_segment_a", readonly=False)
    kam_segment_b = fields.Float(related="company_id.kam_segment_b", readonly=False)
    kam_health_weight_revenue = fields.Integer(
        related="company_id.kam_health_weight_revenue", readonly=False
    )
    kam_health_weight_invoices = fields.Integer(
        related="company_id.kam_health_weight_invoices", readonly=False
    )
    kam_health_weight_purchases = fields.Integer(
        related="company_id.kam_health_weight_purchases", readonly=False
    )
