from odoo import fields, models


class KamQuotaCause(models.Model):
    """Why a figure is not where it should be."""

    _name = "kam.quota.cause"
    _description = "Cause of a Deviation"
    _inherit = ["kam.guard"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
