from odoo import api, fields, models


class KamTenderPart(models.AbstractModel):
    """Something known of a tender: seen and changed by who sees and changes the tender."""

    _name = "kam.tender.part"
    _description = "Part of a Tender"
    _inherit = ["kam.part", "kam.merge"]
    _kam_owner = ("tender_id.lead_id.kam_account_id", "account")
    _kam_whole = "tender_id"

    tender_id = fields.Many2one(
        "kam.tender", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="tender_id.company_id")
    currency_id = fields.Many2one(related="tender_id.currency_id")
    customer_id = fields.Many2one(related="tender_id.customer_id")

    @api.model
    def _get_whole_hint(self):
        return self.env._(
            "What belongs to a tender stays with it. Create it anew in the other tender."
        )
