from odoo import api, fields, models


class KamTalkResource(models.TransientModel):
    """What a conversation took, of one resource of the catalogue."""

    _name = "kam.talk.resource"
    _description = "Resource of a Talk"
    _inherit = ["kam.guard"]

    talk_id = fields.Many2one("kam.talk", required=True, ondelete="cascade")
    resource_id = fields.Many2one("kam.resource", required=True, ondelete="cascade")
    quantity = fields.Float(default=1.0, required=True)
    cost = fields.Monetary(compute="_compute_cost", store=True, readonly=False)
    currency_id = fields.Many2one(related="talk_id.currency_id")

    @api.depends("resource_id", "quantity")
    def _compute_cost(self):
        for line in self:
            line.cost = line.quantity * line.resource_id.cost
