from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_WINDOW_MONTHS = 120
MAX_MIN_PURCHASES = 1000
MAX_COVERAGE_DAYS = 3650
MAX_TOUCH_DAYS = 3650
MAX_REVIEW_DAYS = 3650
MAX_COMPLAINT_DAYS = 365
# What has a rhythm of touches: a level, a segment, or "key" for key accounts.
CADENCES = ("engaged", "new", "active", "dormant", "a", "b", "c", "key")

# What the health of an account is made of, in the order it is shown.
HEALTH_PARTS = (
    "revenue",
    "touches",
    "coverage",
    "satisfaction",
    "complaints",
    "invoices",
)


class ResCompany(models.Model):
    _inherit = "res.company"

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
    kam_purchase_basis = fields.Selection(
        [("order", "Confirmed orders"), ("invoice", "Posted invoices")],
        "Purchase Basis",
        default="order",
        required=True,
        help="What counts as a purchase.",
    )

    kam_segment_a = fields.Float(
        "Segment A until",
        digits=(5, 2),
        default=80,
        required=True,
        help="Customers are A while those with more revenue bring less than this much"
        " of all revenue, in percent.",
    )
    kam_segment_b = fields.Float(
        "Segment B until",
        digits=(5, 2),
        default=95,
        required=True,
        help="Customers are B while those with more revenue bring less than this much"
        " of all revenue, in percent; the rest is C.",
    )

    # Days between two touches, 0 for no rhythm
    kam_touch_days_engaged = fields.Integer("Rhythm: Engaged", default=30)
    kam_touch_days_new = fields.Integer("Rhythm: New", default=30)
    kam_touch_days_active = fields.Integer("Rhythm: Active", default=60)
    kam_touch_days_dormant = fields.Integer("Rhythm: Dormant", default=90)
    kam_touch_days_a = fields.Integer("Rhythm: Segment A", default=45)
    kam_touch_days_b = fields.Integer("Rhythm: Segment B")
    kam_touch_days_c = fields.Integer("Rhythm: Segment C")
    kam_touch_days_key = fields.Integer("Rhythm: Key Accounts", default=30)
    kam_touch_reminder = fields.Selection(
        [("none", "Nobody"), ("key", "Key accounts"), ("all", "All accounts")],
        "Remind of Overdue Touches",
        default="key",
        required=True,
        help="Whose overdue touch becomes an activity of the key account manager.",
    )

    kam_coverage_days = fields.Integer(
        "Coverage Days",
        default=90,
        required=True,
        help="Days within which decision makers, sponsors and users should be met again.",
    )

    kam_complaint_days = fields.Integer(
        "Days to Solve a Complaint",
        default=5,
        required=True,
        help="Working days after which a complaint should be solved.",
    )

    # How much each part counts in the health of an account, 0 for not at all
    kam_health_weight_revenue = fields.Integer("Health: Revenue Trend", default=25)
    kam_health_weight_touches = fields.Integer("Health: Freshness", default=20)
    kam_health_weight_coverage = fields.Integer("Health: Coverage", default=15)
    kam_health_weight_satisfaction = fields.Integer("Health: Satisfaction", default=15)
    kam_health_weight_complaints = fields.Integer("Health: Complaints", default=10)
    kam_health_weight_invoices = fields.Integer("Health: Overdue Invoices", default=15)
    kam_health_month = fields.Date(
        readonly=True, help="Month for which the health before it was kept."
    )

    kam_plan_self_approval = fields.Boolean(
        "Approve Own Plans",
        help="A head of sales may approve service plans he has submitted himself.",
    )
    kam_hour_cost = fields.Monetary(
        "Cost of an Hour",
        help="What an hour with a customer costs us; counts in the cost to serve.",
    )
    # Days between two reviews of a running plan, 0 for no rhythm
    kam_review_days_key = fields.Integer("Reviews: Key Accounts", default=90)
    kam_review_days_a = fields.Integer("Reviews: Segment A", default=90)
    kam_review_days_b = fields.Integer("Reviews: Segment B", default=182)
    kam_review_days_c = fields.Integer("Reviews: Segment C", default=364)

    _check_kam_touch_days = models.Constraint(
        "CHECK(LEAST({columns}) >= 0 AND GREATEST({columns}) <= {most})".format(
            columns=", ".join(f"kam_touch_days_{name}" for name in CADENCES),
            most=MAX_TOUCH_DAYS,
        ),
        f"Rhythm of touches: enter a number of days up to {MAX_TOUCH_DAYS}, or 0 for no"
        " rhythm.",
    )
    _check_kam_plans = models.Constraint(
        "CHECK(LEAST({columns}, kam_hour_cost) >= 0 AND GREATEST({columns}) <= {most})".format(
            columns=", ".join(f"kam_review_days_{name}" for name in ("key", *"abc")),
            most=MAX_REVIEW_DAYS,
        ),
        f"Service plans: enter a number of days up to {MAX_REVIEW_DAYS} between two"
        " reviews, or 0 for no rhythm, and no negative cost.",
    )
    _check_kam_segments = models.Constraint(
        "CHECK(kam_segment_a > 0 AND kam_segment_b > kam_segment_a"
        " AND kam_segment_b <= 100)",
        "Segments: A ends above 0 %, B above A, and both at 100 % at most; 80 and 95 are"
        " usual.",
    )
    _check_kam_coverage = models.Constraint(
        f"CHECK(kam_coverage_days BETWEEN 1 AND {MAX_COVERAGE_DAYS})",
        f"Coverage: enter a number of days from 1 to {MAX_COVERAGE_DAYS}.",
    )
    _check_kam_health = models.Constraint(
        "CHECK(LEAST({columns}) >= 0 AND GREATEST({columns}) <= 100)".format(
            columns=", ".join(f"kam_health_weight_{name}" for name in HEALTH_PARTS)
        ),
        "Health: enter weights from 0 (does not count) to 100.",
    )
    _check_kam_complaints = models.Constraint(
        f"CHECK(kam_complaint_days BETWEEN 0 AND {MAX_COMPLAINT_DAYS})",
        f"Complaints: enter a number of working days up to {MAX_COMPLAINT_DAYS}; 0 is the"
        " day they are received.",
    )
    _check_kam_window = models.Constraint(
        f"CHECK(kam_window_months BETWEEN 1 AND {MAX_WINDOW_MONTHS})",
        f"Customer window: enter a number of months from 1 to {MAX_WINDOW_MONTHS}.",
    )
    _check_kam_minimum = models.Constraint(
        f"CHECK(kam_min_purchases BETWEEN 1 AND {MAX_MIN_PURCHASES})",
        f"Minimum purchases: enter a number from 1 to {MAX_MIN_PURCHASES}.",
    )

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

    def write(self, vals):
        before = [company._get_kam_settings() for company in self]
        result = super().write(vals)
        if before != [company._get_kam_settings() for company in self]:
            self._wake_kam_refresh()
        return result

    def _get_kam_settings(self):
        """Return what the figures of this company's accounts depend on, as a tuple."""
        return (
            self._get_kam_rule(),
            self._get_kam_segments(),
            self._get_kam_cadence(),
            self._get_kam_health(),
        )

    def _get_kam_rule(self):
        """Return what the levels of this company's accounts depend on, as a tuple."""
        return self.kam_window_months, self.kam_min_purchases, self.kam_purchase_basis

    def _get_kam_segments(self):
        """Return the percentages of revenue at which segments A and B end."""
        return self.kam_segment_a, self.kam_segment_b

    def _get_kam_cadence(self):
        """Return ((level, segment or "key", days between touches), ...) of this company."""
        return tuple((name, self[f"kam_touch_days_{name}"]) for name in CADENCES)

    def _get_kam_health(self):
        """Return what the health of this company's accounts depends on, as a tuple."""
        weights = (self[f"kam_health_weight_{name}"] for name in HEALTH_PARTS)
        return self.kam_coverage_days, *weights

    @api.model
    def _wake_kam_refresh(self):
        """Have all levels recomputed soon, in the background."""
        cron = self.env.ref("kam_management.ir_cron_refresh", raise_if_not_found=False)
        if cron:
            # sudo: levels follow the settings, whoever was allowed to change them
            cron.sudo()._trigger()
