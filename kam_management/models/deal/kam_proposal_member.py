from odoo import api, fields, models

# What somebody is in the team of the account, where nothing else says.
ROLES = ("manager_id", "developer_id", "project_manager_id", "accountable_id")


class KamProposal(models.Model):
    _inherit = "kam.proposal"

    member_ids = fields.One2many(
        "kam.proposal.member", "proposal_id", "Our Team", copy=True
    )

    def _get_team(self):
        """Return {colleague: position} of who works on the deal, the salesperson first."""
        self.ensure_one()
        # sudo: who works for the customer of a quotation that the user sees
        order, account = self.order_id.sudo(), self._get_account().sudo()
        roles = {}
        for name in ROLES:
            label = account._fields[name]._description_string(self.env)
            roles.setdefault(account[name], label)
        seller = order.user_id
        team = {seller: roles.get(seller) or self.env._("Salesperson"), **roles}
        return {user: role for user, role in team.items() if user and user.active}


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
