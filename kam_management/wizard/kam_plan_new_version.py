from odoo import fields, models


class KamPlanNewVersion(models.TransientModel):
    """Asks why a plan that was agreed upon is changed."""

    _name = "kam.plan.new.version"
    _description = "New Version of a Service Plan"
    _inherit = ["kam.guard"]

    plan_id = fields.Many2one(
        "kam.plan", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Text(
        required=True, help="What has changed since the plan was approved?"
    )

    def action_apply(self):
        """Keep the present version and open the plan for changes.

        :return: action that closes the dialog
        """
        self.ensure_one()
        self.plan_id._start_new_version(self.reason)
        return {"type": "ir.actions.act_window_close"}
