from odoo import fields, models

from ..account.kam_engine_health import check_weights
from .kam_cadence import MAX_TOUCH_DAYS

# What has a rhythm of touches: a level, a segment, or "key" for key accounts.
CADENCES = ("engaged", "new", "active", "dormant", "a", "b", "c", "key")


class ResCompany(models.Model):
    """How often to be in touch with customers, and how much that counts in the health."""

    _inherit = "res.company"

    # Days between two touches, 0 for none
    kam_touch_days_engaged = fields.Integer("Contact Frequency: Engaged", default=30)
    kam_touch_days_new = fields.Integer("Contact Frequency: New", default=30)
    kam_touch_days_active = fields.Integer("Contact Frequency: Active", default=60)
    kam_touch_days_dormant = fields.Integer("Contact Frequency: Dormant", default=90)
    kam_touch_days_a = fields.Integer("Contact Frequency: Segment A", default=45)
    kam_touch_days_b = fields.Integer("Contact Frequency: Segment B")
    kam_touch_days_c = fields.Integer("Contact Frequency: Segment C")
    kam_touch_days_key = fields.Integer("Contact Frequency: Key Accounts", default=30)
    kam_touch_reminder = fields.Selection(
        [("none", "Nobody"), ("key", "Key accounts"), ("all", "All accounts")],
        "Overdue Touch Reminders",
        default="key",
        required=True,
        help="Accounts for which an overdue touch creates an activity for the key"
        " account manager.",
    )

    kam_health_weight_touches = fields.Integer("Health: Recent Touches", default=20)
    kam_health_weight_satisfaction = fields.Integer("Health: Satisfaction", default=15)

    kam_survey_nps = fields.Boolean(
        "Ask for Recommendation",
        help="Surveys ask a third question, whether the customer would recommend us. The"
        " net promoter score follows from it.",
    )

    _check_kam_touch_days = models.Constraint(
        "CHECK(LEAST({columns}) >= 0 AND GREATEST({columns}) <= {most})".format(
            columns=", ".join(f"kam_touch_days_{name}" for name in CADENCES),
            most=MAX_TOUCH_DAYS,
        ),
        f"Contact frequency: enter a number of days up to {MAX_TOUCH_DAYS}, or 0 for"
        " none.",
    )

    _check_kam_health_contact = models.Constraint(
        *check_weights("kam_health_weight_touches", "kam_health_weight_satisfaction")
    )

    def _get_kam_settings(self):
        days = (self[f"kam_touch_days_{name}"] for name in CADENCES)
        return *super()._get_kam_settings(), *days


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

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
    kam_health_weight_touches = fields.Integer(
        related="company_id.kam_health_weight_touches", readonly=False
    )
    kam_health_weight_satisfaction = fields.Integer(
        related="company_id.kam_health_weight_satisfaction", readonly=False
    )
    kam_survey_nps = fields.Boolean(related="company_id.kam_survey_nps", readonly=False)
