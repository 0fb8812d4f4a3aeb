from odoo import fields, models


class KamQuotationVersion(models.Model):
    """What the customer was sent, each time: the terms, by whom, and how it went on."""

    _name = "kam.quotation.version"
    _description = "Sent Quotation"
    _inherit = ["kam.quotation.part"]

    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True
    )
    account_id = fields.Many2one(
        help="Of the first version, once its receipt is asked for."
    )
    date = fields.Datetime(
        "Sent On", required=True, readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    first_id = fields.Many2one(help="What was offered first; empty where this is it.")
    terms = fields.Json(
        readonly=True,
        help="What was offered: lines, payment terms, validity, rate; see concessions.",
    )

    # Whether somebody asked for the receipt in time; of the first version alone
    date_due = fields.Date(
        "Receipt Due",
        readonly=True,
        help="The day by which the receipt was to be confirmed.",
    )
    date_followed_up = fields.Date(
        "Followed Up On",
        readonly=True,
        help="The day on which the receipt was confirmed: asked for, or shown by what the"
        " customer did.",
    )

    # quotas count by these days
    _date_due_idx = models.Index("(date_due) WHERE date_due IS NOT NULL")
