from odoo import fields, models


class KamObjectionCategory(models.Model):
    """A kind of objection, so that answers to others of its kind are found."""

    _name = "kam.objection.category"
    _description = "Objection Category"
    _inherit = ["kam.guard"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What is usually behind it, and what helps."
    )
