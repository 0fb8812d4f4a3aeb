from odoo import api, fields, models
from odoo.fields import Command

from .kam_plan_indicators import Indicator
from .pictures.funnel import funnel

# Of these next year's plan takes over what is not finished.
UNFINISHED_FIELDS = ("need_ids", "expectation_ids")
SWOT_FIELDS = ("strengths", "weaknesses", "opportunities", "threats")


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
            plan.funnel_picture = bool(stages) and funnel(
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

    @api.model
    def _get_completeness_fields(self):
        lines = (
            "need_ids",
            "stage_ids",
            "expectation_ids",
            "barrier_ids",
            "action_ids",
        )
        return [*super()._get_completeness_fields(), "situation", *SWOT_FIELDS, *lines]

    def _get_completeness_parts(self):
        formalities = self._get_formalities()
        actions = self.action_ids.filtered(
            lambda action: action.activity_type_id not in formalities
        )
        return [
            *super()._get_completeness_parts(),
            (
                self.env._("What we make of his situation"),
                (self.situation or "").strip(),
            ),
            (
                self.env._("Strengths to threats"),
                all(self[name] for name in SWOT_FIELDS),
            ),
            (self.env._("His needs"), self.need_ids),
            (self.env._("His own funnel"), self.stage_ids),
            (self.env._("What he expects"), self.expectation_ids),
            (self.env._("What ties him to us"), self.barrier_ids),
            (self.env._("Actions"), actions),
        ]

    def _get_indicators(self):
        return {
            **super()._get_indicators(),
            "challenges": Indicator(
                self.env._("Needs and challenges known"),
                self.env._("needs"),
                "up",
                type(self)._measure_challenges,
            ),
        }

    def _measure_challenges(self, periods):
        """Count the needs in the plans of the period, those of before in the one before."""
        return self._query_values(
            """
            SELECT period.plan_id, count(*) FROM %s period
              JOIN kam_plan known ON known.account_id = period.account_id
               AND known.date_start <= period.date_end
               AND known.date_end >= period.date_start
              JOIN kam_plan_need need ON need.plan_id = known.id
               AND need.state <> 'dropped'
             GROUP BY period.plan_id
            """,
            periods,
        )
