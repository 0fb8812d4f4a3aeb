from odoo import api, fields, models
from odoo.exceptions import UserError


class KamProposal(models.Model):
    """What speaks for a quotation, made for the people who judge it.

    Printed before the lines of the quotation, and shown on its page in the portal. Who
    may read or change the quotation may read or change its proposal.
    """

    _name = "kam.proposal"
    _description = "Proposal"
    _inherit = ["kam.guard"]
    _order = "id desc"
    _rec_name = "order_id"
    # what people write in it is of this customer
    _kam_owner = ("order_id.kam_commercial_partner_id", "customer")

    order_id = fields.Many2one(
        "sale.order",
        "Quotation",
        required=True,
        index=True,
        ondelete="cascade",
    )
    # Of the quotation; nothing of it is stored, so that orders have no work with it
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    customer_id = fields.Many2one(
        related="order_id.kam_commercial_partner_id", string="Customer"
    )
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    state = fields.Selection(related="order_id.state")
    validity_date = fields.Date(
        related="order_id.validity_date",
        readonly=False,
        help="Until then the terms are guaranteed; the proposal says so.",
    )

    # What is said in any case
    foreword = fields.Text(
        help="Printed at the beginning: what the customer asked for, what we suggest.",
    )
    advantages = fields.Text(help="What the customer gains by our solution.")
    uniqueness = fields.Text(help="What the customer gets from nobody else.")
    exclusivity = fields.Text(help="What only this customer gets from us.")

    # Its parts
    argument_ids = fields.One2many(
        "kam.proposal.argument", "proposal_id", "Arguments", copy=True
    )
    criterion_ids = fields.One2many(
        "kam.proposal.criterion", "proposal_id", "Customer's Criteria", copy=True
    )
    effect_ids = fields.One2many(
        "kam.proposal.effect", "proposal_id", "Economic Effect", copy=True
    )
    reference_ids = fields.One2many(
        "kam.proposal.reference", "proposal_id", "References", copy=True
    )
    member_ids = fields.One2many(
        "kam.proposal.member", "proposal_id", "Our Team", copy=True
    )

    # Who judges it: never printed
    judge_ids = fields.Many2many(
        "kam.stakeholder",
        string="Judged By",
        compute="_compute_judge_ids",
        help="The decision-making team of the opportunity; where it names nobody, the"
        " stakeholders with influence. The most influential first. Never printed.",
    )

    _order_uniq = models.UniqueIndex(
        "(order_id)", "This quotation has a proposal already."
    )

    @api.depends("order_id")
    def _compute_display_name(self):
        for proposal in self:
            # sudo: of the quotation, whose proposal the user sees
            name = proposal.order_id.sudo().name or ""
            proposal.display_name = self.env._("Proposal for %s", name)

    @api.depends("order_id")
    @api.depends_context("uid")
    def _compute_judge_ids(self):
        for proposal in self:
            proposal.judge_ids = proposal._find_judges()

    @api.model_create_multi
    def create(self, vals_list):
        proposals = super().create(vals_list)
        # who adds a proposal changes the quotation
        proposals.order_id.check_access("write")
        proposals._note_past()
        return proposals

    def write(self, vals):
        if "order_id" in vals:
            self._check_stays(vals["order_id"])
        return super().write(vals)

    def copy_data(self, default=None):
        if "order_id" not in (default or {}):
            raise UserError(
                self.env._(
                    "A proposal belongs to one quotation. Duplicate the quotation: its"
                    " proposal is duplicated with it."
                )
            )
        return super().copy_data(default)

    def action_open_portal(self):
        """Open the page on which the customer reads the quotation.

        :return: action of Odoo's own preview
        """
        self.ensure_one()
        return self.order_id.action_preview_sale_order()

    def _find_judges(self):
        """Return the stakeholders who judge the quotation, the most influential first.

        Those the user may see: of others nothing is said.
        """
        self.ensure_one()
        Stakeholder = self.env["kam.stakeholder"]
        # sudo: the deal of a quotation that the user sees
        deciding = self.order_id.sudo().opportunity_id.kam_stakeholder_ids
        judges = Stakeholder.search([("id", "in", deciding.ids)])
        if judges or not (account := self._get_account()):
            return judges
        return Stakeholder.search(
            [("account_id", "=", account.id), ("influence", "!=", "0")]
        )

    def _get_styles(self):
        """Return the decision styles of those who judge it, by their influence."""
        self.ensure_one()
        return list(
            dict.fromkeys(filter(None, self.judge_ids.mapped("argument_style")))
        )

    def _get_account(self):
        """Return the account of the customer, none where the user sees none."""
        order = self.order_id
        return order._get_kam_accounts().get(order, self.env["kam.account"])

    def _filter_changeable(self):
        """Whoever may change the quotation may change its proposal."""
        # sudo: what the proposal is of, which the user sees
        writable = self.sudo().order_id.with_env(self.env)._filtered_access("write")
        return self.filtered(lambda one: one.sudo().order_id.id in writable.ids)

    @api.model
    def _get_found_hint(self):
        return self.env._("Use the buttons of the proposal.")

    def _check_stays(self, order_id):
        """Refuse to move a proposal to another quotation.

        :raise UserError: saying what to do instead
        """
        if self.filtered(lambda one: one.order_id.id != order_id):
            raise UserError(
                self.env._(
                    "A proposal stays with its quotation. Create one on the other"
                    " quotation."
                )
            )
