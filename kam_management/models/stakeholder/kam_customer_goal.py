from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kam_stakeholder import ORG_LEVELS


class KamCustomerGoal(models.Model):
    """What a level of the customer's organisation must reach, and perhaps who.

    From the owners down to the specialists, the goals explain each other.
    """

    _name = "kam.customer.goal"
    _description = "Goal of the Customer"
    _order = "account_id, org_level, sequence, id"
    _check_company_auto = True

    name = fields.Char("Goal", required=True)
    sequence = fields.Integer(default=10)
    account_id = fields.Many2one(
        "kam.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    org_level = fields.Selection(ORG_LEVELS, "Level", required=True)
    stakeholder_id = fields.Many2one(
        "kam.stakeholder",
        "Whose",
        index="btree_not_null",
        ondelete="set null",
        domain="[('account_id', '=', account_id)]",
    )

    @api.constrains("account_id", "stakeholder_id")
    def _check_stakeholder(self):
        if self.env.su and self.env.context.get("kam_merge"):
            return
        for goal in self.filtered("stakeholder_id"):
            if goal.stakeholder_id.account_id != goal.account_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s belongs to another account. Choose somebody of the"
                        " account the goal is of.",
                        person=goal.stakeholder_id.display_name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "account_id" in vals:
            # the rules were asked before: is the new account one of his, too?
            self.check_access("write")
        return result
