from odoo import api, fields, models
from odoo.exceptions import UserError


class KamProposalPart(models.AbstractModel):
    """A line of a proposal: seen and changed by who sees and changes the proposal."""

    _name = "kam.proposal.part"
    _description = "Part of a Proposal"
    _inherit = ["kam.guard"]
    _order = "sequence, id"
    _kam_owner = ("proposal_id.order_id.kam_commercial_partner_id", "customer")

    proposal_id = fields.Many2one(
        "kam.proposal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proposal_id.company_id")
    currency_id = fields.Many2one(related="proposal_id.currency_id")
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.proposal_id.check_access("write")
        return parts

    def write(self, vals):
        if "proposal_id" in vals and self.filtered(
            lambda part: part.proposal_id.id != vals["proposal_id"]
        ):
            raise UserError(
                self.env._(
                    "What belongs to a proposal stays with it. Create it anew in the"
                    " other proposal."
                )
            )
        return super().write(vals)

    def _filter_changeable(self):
        """Whoever may change the proposal may change its lines."""
        changeable = self.proposal_id._filtered_access("write")
        return self.filtered(lambda part: part.proposal_id in changeable)
