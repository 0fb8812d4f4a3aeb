from datetime import timedelta

from odoo import fields, models

from ..common import clock

STEP_DAYS = [
    f"kam_follow_up_{step}{customers}"
    for step in ("receipt", "next_steps", "urgency", "results")
    for customers in ("", "_new")
]


class ResCompany(models.Model):
    """How long quotations hold, and how they are followed up."""

    _inherit = "res.company"

    kam_validity_days = fields.Integer(
        "Validity of Quotations",
        default=30,
        help="So many days the terms of a quotation are guaranteed, where it says nothing"
        " when it is sent.",
    )

    # Follow-up of quotations: working days after the step before
    kam_follow_up_receipt = fields.Integer("Receipt After", default=1)
    kam_follow_up_next_steps = fields.Integer("Next Steps After", default=3)
    kam_follow_up_urgency = fields.Integer("Urgency After", default=5)
    kam_follow_up_results = fields.Integer("Interim Results After", default=10)
    kam_follow_up_receipt_new = fields.Integer(
        "Receipt After (New Customers)", default=1
    )
    kam_follow_up_next_steps_new = fields.Integer(
        "Next Steps After (New Customers)", default=2
    )
    kam_follow_up_urgency_new = fields.Integer(
        "Urgency After (New Customers)", default=3
    )
    kam_follow_up_results_new = fields.Integer(
        "Interim Results After (New Customers)", default=5
    )
    kam_silence_days = fields.Integer(
        "Silent After",
        default=14,
        help="Days without a word about a sent quotation; 0: none is listed as silent.",
    )

    _check_kam_validity_days = models.Constraint(
        "CHECK(kam_validity_days BETWEEN 1 AND 730)",
        "Validity of quotations: enter 1 to 730 days.",
    )
    _check_kam_follow_up_days = models.Constraint(
        f"CHECK(LEAST({', '.join(STEP_DAYS)}, kam_silence_days) >= 0"
        f" AND GREATEST({', '.join(STEP_DAYS)}, kam_silence_days) <= 365)",
        "Follow-up of quotations: enter 0 to 365 days.",
    )

    def _get_kam_silence_day(self):
        """Return the day before which a quotation must have been heard of, None: never."""
        days = self.kam_silence_days
        return clock.today() - timedelta(days=days) if days else None


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_validity_days = fields.Integer(
        related="company_id.kam_validity_days", readonly=False
    )
    kam_follow_up_receipt = fields.Integer(
        related="company_id.kam_follow_up_receipt", readonly=False
    )
    kam_follow_up_next_steps = fields.Integer(
        related="company_id.kam_follow_up_next_steps", readonly=False
    )
    kam_follow_up_urgency = fields.Integer(
        related="company_id.kam_follow_up_urgency", readonly=False
    )
    kam_follow_up_results = fields.Integer(
        related="company_id.kam_follow_up_results", readonly=False
    )
    kam_follow_up_receipt_new = fields.Integer(
        related="company_id.kam_follow_up_receipt_new", readonly=False
    )
    kam_follow_up_next_steps_new = fields.Integer(
        related="company_id.kam_follow_up_next_steps_new", readonly=False
    )
    kam_follow_up_urgency_new = fields.Integer(
        related="company_id.kam_follow_up_urgency_new", readonly=False
    )
    kam_follow_up_results_new = fields.Integer(
        related="company_id.kam_follow_up_results_new", readonly=False
    )
    kam_silence_days = fields.Integer(
        related="company_id.kam_silence_days", readonly=False
    )
