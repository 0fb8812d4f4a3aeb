from odoo import fields, models

from ..account.kam_engine_health import check_weights

MAX_COMPLAINT_DAYS = 365


class ResCompany(models.Model):
    """How soon complaints are solved and moments acted on, when deals are handed over."""

    _inherit = "res.company"

    kam_complaint_days = fields.Integer(
        "Days to Solve a Complaint",
        default=5,
        required=True,
        help="Working days after which a complaint should be solved.",
    )

    kam_complaint_ask = fields.Boolean(
        "Ask for Satisfaction",
        default=True,
        help="Who reported a complaint is asked by mail whether the solution is one.",
    )

    kam_moment_days = fields.Integer(
        "Days Until a Key Moment Is Missed",
        default=10,
        required=True,
        help="So many days after it was due a key moment that is not done has been"
        " missed, and its activity is taken back.",
    )
    kam_handover_probability = fields.Integer(
        "Propose Handovers From",
        default=75,
        help="The handover of a project or consultative deal is proposed once it is this"
        " likely to be won, in percent. 0: never.",
    )

    kam_health_weight_complaints = fields.Integer("Health: Complaints", default=10)

    kam_reference_months = fields.Integer(
        "Months Between References of a Customer",
        default=6,
        help="How long a customer is left in peace after they were asked for a reference.",
    )
    kam_reference_person_months = fields.Integer(
        "Months Between References of a Person", default=12
    )

    _check_kam_handover = models.Constraint(
        "CHECK(kam_handover_probability BETWEEN 0 AND 100)",
        "Handover: enter a probability from 0 to 100 %.",
    )

    _check_kam_complaints = models.Constraint(
        f"CHECK(kam_complaint_days BETWEEN 0 AND {MAX_COMPLAINT_DAYS})",
        f"Complaints: enter a number of working days up to {MAX_COMPLAINT_DAYS}; 0 is the"
        " day they are received.",
    )
    _check_kam_moments = models.Constraint(
        "CHECK(kam_moment_days BETWEEN 0 AND 365)",
        "Key moments: enter a number of days from 0 to 365.",
    )
    _check_kam_references = models.Constraint(
        "CHECK(kam_reference_months BETWEEN 0 AND 60"
        " AND kam_reference_person_months BETWEEN 0 AND 60)",
        "References: enter a number of months up to 60; 0 to ask at any time.",
    )
    _check_kam_health_complaints = models.Constraint(
        *check_weights("kam_health_weight_complaints")
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kam_complaint_days = fields.Integer(
        related="company_id.kam_complaint_days", readonly=False
    )
    kam_complaint_ask = fields.Boolean(
        related="company_id.kam_complaint_ask", readonly=False
    )
    kam_moment_days = fields.Integer(
        related="company_id.kam_moment_days", readonly=False
    )
    kam_handover_probability = fields.Integer(
        related="company_id.kam_handover_probability", readonly=False
    )
    kam_health_weight_complaints = fields.Integer(
        related="company_id.kam_health_weight_complaints", readonly=False
    )
    kam_reference_months = fields.Integer(
        related="company_id.kam_reference_months", readonly=False
    )
    kam_reference_person_months = fields.Integer(
        related="company_id.kam_reference_person_months", readonly=False
    )
