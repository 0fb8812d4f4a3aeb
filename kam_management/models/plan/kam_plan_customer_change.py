from odoo import models
from odoo.exceptions import UserError


class KamPlan(models.Model):
    """A draft may be given to another customer; what was agreed upon with one may not."""

    _inherit = "kam.plan"

    def write(self, vals):
        moved = self.browse()
        if "account_id" in vals and not self.env.su:
            moved = self.filtered(lambda plan: plan.account_id.id != vals["account_id"])
            moved._check_never_agreed()
        result = super().write(vals)
        # people and places of the one customer are not shown to the team of the other
        moved.need_ids._check_account()
        moved.expectation_ids._check_stakeholder()
        moved.goal_ids._check_customer_goal()
        return result

    def _check_never_agreed(self):
        """Keep plans with their customer once they were approved or reviewed.

        :raise UserError: naming the plans
        """
        if agreed := self.filtered(lambda plan: plan.version > 1 or plan.review_ids):
            raise UserError(
                self.env._(
                    "%(plans)s: approved or reviewed before, it stays with its customer."
                    " Make a new plan for the other one.",
                    plans=", ".join(agreed.mapped("name")),
                )
            )
