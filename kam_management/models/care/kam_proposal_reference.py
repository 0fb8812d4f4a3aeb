from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# What a proposal shows of references.
PRINTED = ("case", "logo", "call")
# So many are offered.
MOST_REFERENCES = 3


class KamProposalReference(models.Model):
    """A reference in a proposal is one that a customer gave; what they allow counts."""

    _inherit = "kam.proposal.reference"

    reference_id = fields.Many2one(
        "kam.reference",
        "Reference Given",
        index="btree_not_null",
        ondelete="set null",
        domain=f"[('is_valid', '=', True), ('kind', 'in', {list(PRINTED)})]",
        help="Says who it is, and whether they may be named.",
    )
    partner_id = fields.Many2one(
        compute="_compute_from_reference", store=True, readonly=False
    )
    may_be_named = fields.Boolean(
        compute="_compute_from_reference", store=True, readonly=False
    )
    consent_note = fields.Char(
        compute="_compute_from_reference", store=True, readonly=False
    )
    name = fields.Char(compute="_compute_from_reference", store=True, readonly=False)
    text = fields.Text(compute="_compute_from_reference", store=True, readonly=False)

    @api.depends("reference_id")
    def _compute_from_reference(self):
        """Take over what the reference says; without one it is typed in."""
        for line in self:
            # sudo: of a reference that the user has chosen among those they see
            given = line.reference_id.sudo()
            if given:
                line.partner_id = given.customer_id
                line.may_be_named = given.may_be_named
                line.consent_note = given.consent
                line.name, line.text = given.name, given.text
            else:
                for name in (
                    "partner_id",
                    "may_be_named",
                    "consent_note",
                    "name",
                    "text",
                ):
                    line[name] = line[name]

    @api.constrains("reference_id", "may_be_named")
    def _check_consent(self):
        """Refuse to name who gave a reference, but not their name."""
        for line in self.filtered("may_be_named"):
            # sudo: what the customer allows, whoever may see the reference
            given = line.sudo().reference_id
            if given and not given.may_be_named:
                raise ValidationError(
                    self.env._(
                        "%(customer)s has not agreed to be named. Note their consent in"
                        " the reference first.",
                        customer=given.customer_id.name,
                    )
                )

    def _get_title(self):
        """Name nobody whose consent is over by now, or was taken back."""
        if self._is_taken_back():
            # sudo: of the proposal that is printed
            industry = self.sudo().reference_id.industry_id.name
            if industry:
                return self.env._("A customer in: %s", industry)
            return self.env._("One of our customers")
        return super()._get_title()

    def _get_text(self):
        """Tell nothing that names them then."""
        # sudo: the name that must not be printed
        name = self.partner_id.sudo().name or ""
        if self._is_taken_back() and name.casefold() in (self.text or "").casefold():
            return False
        return super()._get_text()

    def _is_taken_back(self):
        """Return whether it names somebody who does not agree to it any more."""
        # sudo: what the customer allows, whoever may see the reference
        given = self.sudo().reference_id
        may_be = given.is_valid and given.may_be_named
        return bool(given and self.may_be_named and not may_be)


class KamProposal(models.Model):
    """References are offered by the industry of the customer and by what is quoted."""

    _inherit = "kam.proposal"

    def action_propose(self):
        result = super().action_propose()
        for proposal in self:
            proposal._propose_references()
        return result

    def _propose_references(self):
        """Take over the references that fit best, where the proposal has none yet."""
        if not self.reference_ids:
            self._append_lines(
                "reference_ids",
                [{"reference_id": one.id} for one in self._find_references()],
            )

    def _find_references(self):
        """Return the references of others in the same industry, or for these products.

        Those for both come first, then the latest.
        """
        # sudo: customer and products of a quotation that the user sees
        order = self.order_id.sudo()
        industry = order.kam_commercial_partner_id.industry_id
        categories = order.order_line.product_id.categ_id
        fits = Domain("categ_id", "parent_of", categories.ids) & Domain(
            "categ_id", "!=", False
        )
        if industry:
            fits |= self._of_customers(Domain("industry_id", "=", industry.id))
        found = self.env["kam.reference"].search(
            Domain("is_valid", "=", True)
            & Domain("kind", "in", PRINTED)
            & Domain("company_id", "=", order.company_id.id)
            & self._of_customers(Domain("id", "!=", order.kam_commercial_partner_id.id))
            & fits
        )

        def fit(reference):
            # sudo: the industry of who gave a reference that the user sees
            return bool(industry and reference.sudo().industry_id == industry) + bool(
                reference.categ_id
            )

        return found.sorted(lambda one: (-fit(one), -one.date.toordinal(), -one.id))[
            :MOST_REFERENCES
        ]

    @api.model
    def _of_customers(self, domain):
        """Return the domain of the references of some customers, also of colleagues'.

        :param domain: of ``res.partner``
        """
        # past the rules of accounts: references that are given are for everybody
        return Domain("account_id", "any!", Domain("partner_id", "any!", domain))
