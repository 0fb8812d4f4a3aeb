from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Who has bought already
WON_LEVELS = ("new", "active", "dormant")


class KamProposalReference(models.Model):
    """A customer who speaks for us. Only who agreed to it is named."""

    _name = "kam.proposal.reference"
    _description = "Reference in a Proposal"
    _inherit = ["kam.proposal.part"]

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        ondelete="set null",
        domain=f"[('kam_level', 'in', {list(WON_LEVELS)})]",
        help="A customer who has bought from us.",
    )
    may_be_named = fields.Boolean(
        help="The customer has agreed to be named. Else their industry is printed."
    )
    consent_note = fields.Char(
        "Consent", help="Who agreed, when and how. Never printed."
    )
    name = fields.Char(
        "Title",
        help="Printed where the customer is not named, such as “A dairy in the Alps”.",
    )
    text = fields.Text(help="What we did for them, and with which result.")

    @api.constrains("partner_id", "may_be_named", "name", "text")
    def _check_named(self):
        """Refuse to tell by a text who has not agreed to be named."""
        for line in self.filtered(lambda one: one.partner_id and not one.may_be_named):
            # sudo: the name that must not be printed
            name = line.partner_id.sudo().name
            printed = f"{line.name or ''}\n{line.text or ''}"
            if name and name.casefold() in printed.casefold():
                raise ValidationError(
                    self.env._(
                        "%(customer)s has not agreed to be named. Tick “May Be Named”"
                        " once they have, or leave the name out of the text.",
                        customer=name,
                    )
                )

    def _get_text(self):
        """Return what is told of the reference on paper."""
        self.ensure_one()
        return self.text

    def _get_title(self):
        """Return how the reference is called on paper."""
        self.ensure_one()
        # sudo: of the proposal that is printed
        customer = self.partner_id.sudo()
        if customer and self.may_be_named:
            return customer.name
        if self.name:
            return self.name
        if customer.industry_id:
            return self.env._("A customer in: %s", customer.industry_id.name)
        return self.env._("One of our customers")
