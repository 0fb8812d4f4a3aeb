from odoo import fields, models

MOST = 5


class KamPlanBarrier(models.Model):
    """What ties the customer to us, how strongly, and what we want to build."""

    _name = "kam.plan.barrier"
    _description = "Switching Barrier"
    _inherit = ["kam.plan.line"]

    name = fields.Char("What Ties Him", required=True)
    kind = fields.Selection(
        [
            ("contract", "Contract"),
            ("integration", "Integration"),
            ("training", "Training"),
            ("data", "Data"),
            ("relations", "Relations"),
            ("cost", "Cost of Change"),
        ],
        required=True,
    )
    strength = fields.Integer(
        "Now",
        aggregator="avg",
        help="0: it holds him not at all. 5: without us he could not work.",
    )
    wanted = fields.Integer(aggregator="avg", help="How strong it is to become.")
    note = fields.Char("What to Build")

    _check_strength = models.Constraint(
        f"CHECK(strength BETWEEN 0 AND {MOST} AND wanted BETWEEN 0 AND {MOST})",
        f"Switching barrier: how strong it is goes from 0 to {MOST}.",
    )
