from odoo import api, fields, models

from ..models.measure.indicator import QUOTA
from ..models.quota.kam_quota_line import BUYERS


class KamQuotaPlanningLine(models.TransientModel):
    """An indicator to plan, perhaps with a target."""

    _name = "kam.quota.planning.line"
    _description = "Indicator to Plan"
    _inherit = ["kam.guard"]
    _order = "sequence, id"

    planning_id = fields.Many2one(
        "kam.quota.planning", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    indicator = fields.Selection(
        lambda self: self.env["kam.measure"]._select_indicators(QUOTA), required=True
    )
    is_by_product = fields.Boolean(compute="_compute_is_by_product")
    categ_id = fields.Many2one("product.category", "Product Category")
    buyer = fields.Selection(BUYERS, "Sold To", required=True, default="all")
    target = fields.Float(
        help="For the whole time: a year's target is spread over its periods."
    )

    _check_target = models.Constraint(
        # NaN is greater than any number
        "CHECK(target >= 0 AND target < 1e15)",
        "Enter a target of 0 or more, as a number.",
    )

    @api.depends("indicator")
    def _compute_is_by_product(self):
        by_product = self.env["kam.measure"]._find(by_product=True)
        for line in self:
            line.is_by_product = line.indicator in by_product
