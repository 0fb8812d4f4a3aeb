from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..common import formats
from ..common.pictures.funnel import funnel

# Of these next year's plan takes over what is not finished.
UNFINISHED_FIELDS = ("need_ids", "expectation_ids")
SWOT_FIELDS = ("strengths", "weaknesses", "opportunities", "threats")
MOST = 5


class KamPlan(models.Model):
    """What the customer needs, expects and sells, and what ties him to us."""

    _inherit = "kam.plan"

    strengths = fields.Text(help="What they value in us and get from nobody else.")
    weaknesses = fields.Text(help="Where competitors serve them better.")
    opportunities = fields.Text(help="Changes at the customer that we can help with.")
    threats = fields.Text(help="What may make us lose the customer.")
    need_ids = fields.One2many("kam.plan.need", "plan_id", "Needs", copy=True)
    stage_ids = fields.One2many(
        "kam.plan.stage", "plan_id", "Customer's Sales Funnel", copy=True
    )
    expectation_ids = fields.One2many(
        "kam.plan.expectation", "plan_id", "Expectations", copy=True
    )
    barrier_ids = fields.One2many(
        "kam.plan.barrier", "plan_id", "Switching Barriers", copy=True
    )
    funnel_picture = fields.Html(compute="_compute_funnel_picture", sanitize=False)

    # What the account knows
    customer_goal_ids = fields.One2many(
        related="account_id.goal_ids", string="Customer's Goals"
    )
    stakeholder_ids = fields.One2many(related="account_id.stakeholder_ids")
    communication_ids = fields.Many2many(related="account_id.communication_ids")

    @api.depends("stage_ids.name", "stage_ids.volume", "stage_ids.help_text")
    @api.depends_context("lang")
    def _compute_funnel_picture(self):
        number = partial(formats.number, self.env, digits=0)
        percent = partial(formats.percent, self.env)
        for plan in self:
            stages = [
                (stage.name or "", stage.volume, stage.help_text or "")
                for stage in plan.stage_ids.sorted("sequence")
            ]
            plan.funnel_picture = bool(stages) and funnel(
                self.env._("Customer's sales funnel"),
                stages,
                number,
                percent,
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
                self.env._("Our assessment of the situation"),
                (self.situation or "").strip(),
            ),
            (
                self.env._("Strengths, weaknesses, opportunities, threats"),
                all(self[name] for name in SWOT_FIELDS),
            ),
            (self.env._("Customer's needs"), self.need_ids),
            (self.env._("Customer's sales funnel"), self.stage_ids),
            (self.env._("Customer's expectations"), self.expectation_ids),
            (self.env._("Switching barriers"), self.barrier_ids),
            (self.env._("Actions"), actions),
        ]


class KamPlanBarrier(models.Model):
    """What ties the customer to us, how strongly, and what we want to build."""

    _name = "kam.plan.barrier"
    _description = "Switching Barrier"
    _inherit = ["kam.plan.line"]

    name = fields.Char("Switching Barrier", required=True)
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
        "Current Strength",
        aggregator="avg",
        help="0: no barrier. 5: leaving us would stop their operations.",
    )
    wanted = fields.Integer(
        aggregator="avg",
        help="How strong the barrier should become.",
        string="Target Strength",
    )
    note = fields.Char("Measures")

    # What strengthens it, and what was done
    categ_ids = fields.Many2many(
        "product.category",
        "kam_plan_barrier_categ_rel",
        "barrier_id",
        "categ_id",
        "Services Used",
        help="What of ours the customer uses every day.",
    )
    integration = fields.Char(
        "Integrations", help="What of ours works with systems of theirs."
    )
    stakeholder_ids = fields.Many2many(
        "kam.stakeholder",
        "kam_plan_barrier_stakeholder_rel",
        "barrier_id",
        "stakeholder_id",
        "People",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
        help="Who of the customer relies on us, or on one of us.",
    )
    project = fields.Char("Joint Projects", help="What we develop or run together.")
    done = fields.Text("Done So Far", help="What has been done to strengthen it.")
    support_count = fields.Integer(
        "Supports",
        compute="_compute_support_count",
        help="How many of these hold it: services used, integrations, people, joint"
        " projects.",
    )

    @api.depends("categ_ids", "integration", "stakeholder_ids", "project")
    def _compute_support_count(self):
        for barrier in self:
            barrier.support_count = sum(
                map(
                    bool,
                    (
                        barrier.categ_ids,
                        barrier.integration,
                        barrier.stakeholder_ids,
                        barrier.project,
                    ),
                )
            )

    def action_open(self):
        """Open the barrier on a page of its own: what strengthens it.

        :return: action on ``kam.plan.barrier``
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Switching Barrier"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.constrains("stakeholder_ids", "plan_id")
    def _check_people(self):
        """Refuse people of other customers."""
        for barrier in self:
            people = barrier.stakeholder_ids
            if people.account_id - barrier.plan_id.account_id:
                raise ValidationError(
                    self.env._(
                        "%(barrier)s: choose stakeholders of this customer.",
                        barrier=barrier.name,
                    )
                )

    _check_strength = models.Constraint(
        f"CHECK(strength BETWEEN 0 AND {MOST} AND wanted BETWEEN 0 AND {MOST})",
        f"Switching barrier: how strong it is goes from 0 to {MOST}.",
    )


class KamPlanStage(models.Model):
    """A stage of the customer's own funnel: how many of his get here, how we help.

    Who helps his customer sell is not compared by price alone.
    """

    _name = "kam.plan.stage"
    _description = "Stage of the Customer's Sales Funnel"
    _inherit = ["kam.plan.line"]

    name = fields.Char(
        "Stage", required=True, help="In the customer's words, such as Visitors."
    )
    volume = fields.Float(
        copy=False,
        aggregator=None,
        digits=(16, 0),
        help="How many reach this stage in a year.",
    )
    conversion = fields.Float(
        compute="_compute_conversion",
        aggregator=None,
        help="The share of the previous stage that reaches this one.",
    )
    is_growing = fields.Boolean(
        compute="_compute_conversion",
        help="More than in the previous stage: check the figures, or the order of the"
        " stages.",
    )
    help_text = fields.Char("Our Support")
    categ_id = fields.Many2one(
        "product.category", "Product Category", ondelete="set null"
    )

    @api.depends("plan_id.stage_ids.volume", "plan_id.stage_ids.sequence")
    def _compute_conversion(self):
        """Compare each stage with the one before that has a volume."""
        for stages in self.grouped("plan_id").values():
            before = {}
            known = 0
            for stage in stages.plan_id.stage_ids.sorted(
                lambda s: (s.sequence, s._origin.id or float("inf"))
            ):
                before[stage._origin.id or stage.id] = known
                known = stage.volume or known
            for stage in stages:
                volume = before.get(stage._origin.id or stage.id, 0)
                stage.conversion = stage.volume / volume if volume else 0
                stage.is_growing = bool(volume) and stage.volume > volume

    @api.constrains("volume")
    def _check_volume(self):
        for stage in self:
            if stage.volume < 0:
                raise ValidationError(
                    self.env._(
                        "%(stage)s: a volume cannot be negative. Enter 0 while it is"
                        " not known.",
                        stage=stage.name,
                    )
                )
