from odoo import fields, models


class KamPlanGoal(models.Model):
    """What a plan is to reach, for us or for the customer: from where, to where."""

    _name = "kam.plan.goal"
    _description = "Goal of a Service Plan"
    _inherit = ["kam.plan.line"]

    name = fields.Char("Goal", required=True)
    side = fields.Selection(
        [("ours", "Ours"), ("customer", "The Customer's")],
        "Whose",
        required=True,
        default="ours",
    )
    unit = fields.Char(help="Such as EUR, %, days or pieces.")
    baseline = fields.Float(help="Where we started from.", aggregator=None)
    target = fields.Float(aggregator=None)
    actual = fields.Float(aggregator=None)
