from odoo import api, fields, models


class KamPlanLine(models.AbstractModel):
    """Part of a service plan: lives, is seen and is locked with it."""

    _name = "kam.plan.line"
    _description = "Part of a Service Plan"
    _inherit = ["kam.guard", "kam.merge"]
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
        lines = super().create(vals_list)
        lines._check_plan_open()
        return lines

    def write(self, vals):
        self._check_plan_open()
        result = super().write(vals)
        if "plan_id" in vals:
            self._check_plan_open()
        return result

    def unlink(self):
        self._check_plan_open()
        return super().unlink()

    @api.model
    def _get_found_hint(self):
        return self.env._("It follows from the plan and its buttons.")

    def _check_plan_open(self):
        """Leave closed plans as they are.

        :raise ValidationError: when a plan of these lines is closed
        """
        self.plan_id._check_open()
