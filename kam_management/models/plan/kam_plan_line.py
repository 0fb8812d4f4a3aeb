from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..context import without_defaults

# What follows from the plan: the rules go by it.
FOLLOWING_FIELDS = {"account_id", "company_id"}


class KamPlanLine(models.AbstractModel):
    """Part of a service plan: lives, is seen and is locked with it."""

    _name = "kam.plan.line"
    _description = "Part of a Service Plan"
    _order = "plan_id, sequence, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "kam.plan", required=True, index=True, ondelete="cascade", check_company=True
    )
    account_id = fields.Many2one(related="plan_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, FOLLOWING_FIELDS)
        for vals in vals_list:
            self._check_following_fields(vals)
        lines = super().create(vals_list)
        lines._check_plan_open()
        return lines

    def write(self, vals):
        self._check_following_fields(vals)
        self._check_plan_open()
        result = super().write(vals)
        if "plan_id" in vals:
            # the rules were asked before: is the new plan one of his, too?
            self.check_access("write")
            self._check_plan_open()
        return result

    def unlink(self):
        self._check_plan_open()
        return super().unlink()

    def _check_following_fields(self, vals):
        """Let lines be of the account of their plan, whose team sees them.

        :param dict vals: values given to create or write
        :raise AccessError: when the user sets the account or the company himself
        """
        if not self.env.su and not FOLLOWING_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._(
                    "The account of a line follows from its plan. Choose the plan."
                )
            )

    def _check_plan_open(self):
        """Leave closed plans as they are.

        :raise ValidationError: when a plan of these lines is closed
        """
        self.plan_id._check_open()
