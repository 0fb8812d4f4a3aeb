from odoo import api, fields, models


class KamProposalPart(models.AbstractModel):
    """A line of a proposal: seen and changed by who sees and changes the proposal."""

    _name = "kam.proposal.part"
    _description = "Part of a Proposal"
    _inherit = ["kam.part"]
    _kam_owner = ("proposal_id.order_id.kam_commercial_partner_id", "customer")
    _kam_whole = "proposal_id"

    proposal_id = fields.Many2one(
        "kam.proposal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proposal_id.company_id")
    currency_id = fields.Many2one(related="proposal_id.currency_id")

    @api.model
    def _get_whole_hint(self):
        return self.env._(
            "What belongs to a proposal stays with it. Create it anew in the other"
            " proposal."
        )
