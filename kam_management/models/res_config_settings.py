from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_window_months = fields.Integer(
        related="company_id.kam_window_months", readonly=False
    )
    kam_min_purchases = fields.Integer(
        related="company_id.kam_min_purchases", readonly=False
    )
    kam_purchase_basis = fields.Selection(
        related="company_id.kam_purchase_basis", readonly=False
    )
    kam_segment_a = fields.Float(related="company_id.kam_segment_a", readonly=False)
    kam_segment_b = fields.Float(related="company_id.kam_segment_b", readonly=False)
    kam_touch_days_engaged = fields.Integer(
        related="company_id.kam_touch_days_engaged", readonly=False
    )
    kam_touch_days_new = fields.Integer(
        related="company_id.kam_touch_days_new", readonly=False
    )
    kam_touch_days_active = fields.Integer(
        related="company_id.kam_touch_days_active", readonly=False
    )
    kam_touch_days_dormant = fields.Integer(
        related="company_id.kam_touch_days_dormant", readonly=False
    )
    kam_touch_days_a = fields.Integer(
        related="company_id.kam_touch_days_a", readonly=False
    )
    kam_touch_days_b = fields.Integer(
        related="company_id.kam_touch_days_b", readonly=False
    )
    kam_touch_days_c = fields.Integer(
        related="company_id.kam_touch_days_c", readonly=False
    )
    kam_touch_days_key = fields.Integer(
        related="company_id.kam_touch_days_key", readonly=False
    )
    kam_touch_reminder = fields.Selection(
        related="company_id.kam_touch_reminder", readonly=False
    )
    kam_plan_self_approval = fields.Boolean(
        related="company_id.kam_plan_self_approval", readonly=False
    )
    kam_hour_cost = fields.Monetary(related="company_id.kam_hour_cost", readonly=False)
    kam_review_days_key = fields.Integer(
        related="company_id.kam_review_days_key", readonly=False
    )
    kam_review_days_a = fields.Integer(
        related="company_id.kam_review_days_a", readonly=False
    )
    kam_review_days_b = fields.Integer(
        related="company_id.kam_review_days_b", readonly=False
    )
    kam_review_days_c = fields.Integer(
        related="company_id.kam_review_days_c", readonly=False
    )
    kam_coverage_days = fields.Integer(
        related="company_id.kam_coverage_days", readonly=False
    )
    kam_health_weight_revenue = fields.Integer(
        related="company_id.kam_health_weight_revenue", readonly=False
    )
    kam_health_weight_touches = fields.Integer(
        related="company_id.kam_health_weight_touches", readonly=False
    )
    kam_health_weight_coverage = fields.Integer(
        related="company_id.kam_health_weight_coverage", readonly=False
    )
    kam_health_weight_satisfaction = fields.Integer(
        related="company_id.kam_health_weight_satisfaction", readonly=False
    )
    kam_health_weight_complaints = fields.Integer(
        related="company_id.kam_health_weight_complaints", readonly=False
    )
    kam_health_weight_invoices = fields.Integer(
        related="company_id.kam_health_weight_invoices", readonly=False
    )
    kam_complaint_days = fields.Integer(
        related="company_id.kam_complaint_days", readonly=False
    )
    kam_quota_tolerance = fields.Float(
        related="company_id.kam_quota_tolerance", readonly=False
    )

    def action_kam_refresh(self):
        """Recompute all levels now instead of tonight; it goes on in the background."""
        self.check_access("write")
        self.company_id._wake_kam_refresh()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("Levels and metrics are being recomputed."),
                "type": "info",
            },
        }
