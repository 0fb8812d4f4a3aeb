from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.kam_merge import is_merging


class KamTenderPart(models.AbstractModel):
    """Something known of a tender: seen and changed by who sees and changes the tender."""

    _name = "kam.tender.part"
    _description = "Part of a Tender"
    _inherit = ["kam.guard", "kam.merge"]
    _order = "sequence, id"
    _kam_owner = ("tender_id.lead_id.kam_account_id", "account")

    tender_id = fields.Many2one(
        "kam.tender", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="tender_id.company_id")
    currency_id = fields.Many2one(related="tender_id.currency_id")
    customer_id = fields.Many2one(related="tender_id.customer_id")
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.tender_id.check_access("write")
        return parts

    def write(self, vals):
        # where it follows from something else, the guard answers
        typed = "tender_id" in vals.keys() - self._get_found_fields()
        if typed and not is_merging(self.env):
            if self.filtered(lambda part: part.tender_id.id != vals["tender_id"]):
                raise UserError(
                    self.env._(
                        "What belongs to a tender stays with it. Create it anew in the"
                        " other tender."
                    )
                )
        return super().write(vals)

    def _filter_changeable(self):
        """Whoever may change the tender may change what is known of it."""
        changeable = self.tender_id._filtered_access("write")
        return self.filtered(lambda part: part.tender_id in changeable)
