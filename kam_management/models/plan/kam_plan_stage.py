from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KamPlanStage(models.Model):
    """A stage of the customer's own funnel: how many of his get here, how we help.

    Who helps his customer sell is not compared by price alone.
    """

    _name = "kam.plan.stage"
    _description = "Stage of the Customer's Own Funnel"
    _inherit = ["kam.plan.line"]

    name = fields.Char("Stage", required=True, help="In his words, such as Visitors.")
    volume = fields.Float(
        copy=False,
        aggregator=None,
        digits=(16, 0),
        help="How many get here in a year.",
    )
    conversion = fields.Float(
        compute="_compute_conversion",
        aggregator=None,
        help="How many of the stage before get here.",
    )
    is_growing = fields.Boolean(
        compute="_compute_conversion",
        help="More than in the stage before: check the figures, or the order of stages.",
    )
    help_text = fields.Char("How We Help There")
    categ_id = fields.Many2one("product.category", "With", ondelete="set null")

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
