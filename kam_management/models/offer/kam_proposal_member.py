from odoo import api, fields, models


class KamProposalMember(models.Model):
    """One of us who stands behind a proposal: with position, phone, mail and photo."""

    _name = "kam.proposal.member"
    _description = "Team Member in a Proposal"
    _inherit = ["kam.proposal.part"]

    user_id = fields.Many2one(
        "res.users",
        "Colleague",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    position = fields.Char(
        compute="_compute_position",
        store=True,
        readonly=False,
        precompute=True,
        help="Printed with the name, phone, email and photo of the colleague.",
    )

    @api.depends("user_id")
    def _compute_position(self):
        for line in self:
            line.position = line.user_id.function

    def _prepare_card(self):
        """Return what is printed of a colleague."""
        self.ensure_one()
        # sudo: contact data of a colleague, for the customer who reads the proposal
        user = self.user_id.sudo()
        # forms ask for the size of pictures only
        photo = user.with_context(bin_size=False, bin_size_image_128=False).image_128
        return {
            "name": user.name,
            "position": self.position,
            "phone": user.phone,
            "email": user.email,
            "photo": photo,
        }
