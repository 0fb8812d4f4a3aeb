from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kam_stakeholder import ORG_LEVELS


class KamCustomerGoal(models.Model):
    """What a level of the customer's organisation must reach, and perhaps who.

    From the owners down to the specialists, the goals explain each other.
    """

    _name = "kam.customer.goal"
    _description = "Goal of the Customer"
    _inherit = ["kam.account.part"]
    _order = "account_id, org_level, sequence, id"

    name = fields.Char("Goal", required=True)
    sequence = fields.Integer(default=10)
    org_level = fields.Selection(ORG_LEVELS, "Organisation Level", required=True)
    stakeholder_id = fields.Many2one(
        "kam.stakeholder",
        "Goal Owner",
        index="btree_not_null",
        ondelete="set null",
        domain="[('account_id', '=', account_id)]",
    )

    @api.constrains("account_id", "stakeholder_id")
    def _check_stakeholder(self):
        for goal in self.filtered("stakeholder_id"):
            if goal.stakeholder_id.account_id != goal.account_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s belongs to another account. Choose somebody of the"
                        " account the goal is of.",
                        person=goal.stakeholder_id.display_name,
                    )
                )
