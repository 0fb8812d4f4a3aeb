from odoo import fields, models

# What moves a person, and what to bring along when one talks to him.
ARGUMENT_STYLES = [
    ("status", "Status and exclusivity"),
    ("people", "People and references"),
    ("figures", "Figures and detail"),
    ("technical", "Technical proof"),
]


class KamStakeholderRole(models.Model):
    """A part one can play in the customer's decision: decides, pays, uses, ..."""

    _name = "kam.stakeholder.role"
    _description = "Buying Role"
    _inherit = ["kam.guard"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Name by which the app knows the role. Coverage asks for the roles with the"
        " codes decides, sponsor and uses.",
    )
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    touch_days = fields.Integer(
        "Contact Frequency",
        default=90,
        required=True,
        help="Days between two touches with a person in this role.",
    )
    argument_style = fields.Selection(
        ARGUMENT_STYLES,
        help="How people with this role usually decide.",
        string="Decision Style",
    )
    description = fields.Text(
        translate=True, help="The part of this role in the decision, in a sentence."
    )

    _code_uniq = models.Constraint(
        "UNIQUE(code)", "There is a role with this code already: choose another code."
    )
    _check_touch_days = models.Constraint(
        "CHECK(touch_days BETWEEN 1 AND 3650)",
        "Contact frequency: enter a number of days from 1 to 3650.",
    )
