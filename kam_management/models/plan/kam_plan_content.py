from odoo import api, fields, models
from odoo.fields import Command

from .pictures.funnel import funnel

# Of these next year's plan takes over what is not finished.
UNFINISHED_FIELDS = ("need_ids", "expectation_ids")


class KamPlan(models.Model):
    """What the customer needs, expects and sells, and what ties him to us."""

    _inherit = "kam.plan"

    strengths = fields.Text(help="What he likes us for, and nobody else gives him.")
    weaknesses = fields.Text(help="Where others serve him better.")
    opportunities = fields.Text(help="What changes at his side that we can help with.")
    threats = fields.Text(help="What may cost us the customer.")
    need_ids = fields.One2many("kam.plan.need", "plan_id", "Needs", copy=True)
    stage_ids = fields.One2many("kam.plan.stage", "plan_id", "His Funnel", copy=True)
    expectation_ids = fields.One2many(
        "kam.plan.expectation", "plan_id", "Expectations", copy=True
    )
    barrier_ids = fields.One2many(
        "kam.plan.barrier", "plan_id", "Switching Barriers", copy=True
    )
    funnel_picture = fields.Html(compute="_compute_funnel_picture", sanitize=False)

    # What the account knows
    customer_goal_ids = fields.One2many(
        related="account_id.goal_ids", string="His Goals"
    )
    stakeholder_ids = fields.One2many(related="account_id.stakeholder_ids")
    communication_ids = fields.Many2many(related="account_id.communication_ids")

    @api.depends("stage_ids.name", "stage_ids.volume", "stage_ids.help_text")
    def _compute_funnel_picture(self):
        for plan in self:
            stages = [
                (stage.name or "", stage.volume, stage.help_text or "")
                for stage in plan.stage_ids.sorted("sequence")
            ]
            plan.funnel_picture = stages and funnel(
                self.env._("What the customer sells, stage by stage"), stages
            )

    def copy_data(self, default=None):
        """Let a copy go on with what is unfinished: open needs and expectations."""
        vals_list = super().copy_data(default)
        for plan, vals in zip(self, vals_list, strict=True):
            for name in UNFINISHED_FIELDS:
                if name in vals and name not in (default or {}):
                    lines = plan[name]._filter_unfinished()
                    vals[name] = [Command.create(line) for line in lines.copy_data()]
        return vals_list

    def action_add_communication(self):
        """Open a new planned communication for the customer of this plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a Communication"),
            "res_model": "kam.communication",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_target": "chosen",
                "default_account_ids": self.account_id.ids,
                "default_company_id": self.company_id.id,
            },
        }
