from odoo import fields, models


class KamTender(models.Model):
    _inherit = "kam.tender"

    factor_ids = fields.One2many("kam.tender.factor", "tender_id", "Success Factors")


class KamTenderFactor(models.Model):
    """What winning this tender depends on, how we stand, and who sees to it."""

    _name = "kam.tender.factor"
    _description = "Success Factor"
    _inherit = ["kam.tender.part"]

    name = fields.Char("Success Factor", required=True)
    weight = fields.Selection(
        [("1", "Helpful"), ("2", "Important"), ("3", "Decisive")],
        required=True,
        default="2",
    )
    rating = fields.Selection(
        [("1", "Behind"), ("2", "Level"), ("3", "Ahead")],
        "Our Position",
        help="Against the strongest rival.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        ondelete="set null",
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )
    evidence = fields.Char(help="What the assessment rests on.")
