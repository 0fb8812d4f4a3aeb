from odoo import fields, models


class KamQuotationPart(models.AbstractModel):
    """Something recorded of a quotation that was sent."""

    _name = "kam.quotation.part"
    _description = "Part of a Quotation"
    _inherit = ["kam.guard"]
    _order = "date desc, id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order",
        "Quotation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    first_id = fields.Many2one(
        "kam.quotation.version",
        "First Version",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    account_id = fields.Many2one(
        "kam.account",
        "Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
