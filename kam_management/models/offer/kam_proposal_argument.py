from odoo import api, fields, models

from ..stakeholder.kam_stakeholder_role import ARGUMENT_STYLES


class KamProposalArgument(models.Model):
    """What is said in a proposal: taken over from the library, or typed.

    A copy: what is changed here stays, and what changes there does not come here.
    """

    _name = "kam.proposal.argument"
    _description = "Argument of a Proposal"
    _inherit = ["kam.proposal.part"]

    argument_id = fields.Many2one(
        "kam.argument",
        "From the Library",
        index="btree_not_null",
        ondelete="set null",
        domain="[('company_id', 'in', [company_id, False])]",
    )
    name = fields.Char(
        "Title",
        compute="_compute_texts",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    text = fields.Html(
        compute="_compute_texts", store=True, readonly=False, precompute=True
    )
    style = fields.Selection(
        ARGUMENT_STYLES,
        "For Decision Style",
        compute="_compute_texts",
        store=True,
        readonly=False,
        precompute=True,
        help="For those who decide so. Never printed.",
    )

    @api.depends("argument_id")
    def _compute_texts(self):
        """Take over what is still empty from the library, in the customer's language."""
        for line in self:
            lang = line.proposal_id._get_lang()
            argument = line.argument_id.with_context(lang=lang)
            for name in ("name", "text", "style"):
                line[name] = line[name] or argument[name]
