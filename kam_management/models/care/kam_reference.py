from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..common import clock

# What may be shown to others, who need to know that it may.
SHOWN = ("case", "call", "logo")


class KamReference(models.Model):
    """A customer who speaks for us (R47): asked for, given, used, and what it brought."""

    _name = "kam.reference"
    _description = "Reference"
    _inherit = ["kam.account.part", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(
        "Title",
        help="Printed in proposals where the customer must not be named, such as “A dairy"
        " in the Alps”.",
    )
    kind = fields.Selection(
        [
            ("case", "Letter or Case Study"),
            ("recommendation", "Recommendation"),
            ("call", "Advocate Call"),
            ("logo", "Logo Use"),
        ],
        required=True,
        default="recommendation",
        tracking=True,
        help="A recommendation names people we may contact; in an advocate call the"
        " customer answers the questions of a prospect.",
    )
    customer_id = fields.Many2one(related="account_id.partner_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Advocate",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        domain="[('commercial_partner_id', '=', customer_id), ('is_company', '=', False)]",
        help="The customer's contact who speaks for us.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Asked By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("given", "Given"),
            ("declined", "Declined"),
            ("ended", "Ended"),
        ],
        "Status",
        required=True,
        default="asked",
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    date = fields.Date("Asked On", required=True, default=lambda self: clock.today())
    date_given = fields.Date("Given On", readonly=True, copy=False)
    ask_anyway = fields.Char(
        "Reason to Ask Anyway",
        help="Why it is asked for although something speaks against it.",
    )
    end_reason = fields.Char(
        "Reason", readonly=True, copy=False, help="Why it is not given, or no longer."
    )

    # What may be shown, and to whom
    may_be_named = fields.Boolean(
        help="The customer has agreed to be named. Else their industry is printed."
    )
    consent = fields.Char(help="Who agreed, when and how. Never printed.", copy=False)
    valid_until = fields.Date(
        help="Empty: until the customer takes it back.", copy=False
    )
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    text = fields.Text(
        help="What we did for them, and with which result; printed in proposals."
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        ondelete="set null",
        help="What the customer bought, and speaks for.",
    )
    industry_id = fields.Many2one(related="customer_id.industry_id")
    is_valid = fields.Boolean(
        compute="_compute_is_valid",
        search="_search_is_valid",
        help="Given and, where it is shown to others, with a consent that still holds.",
    )

    # An advocate call
    caller_id = fields.Many2one(
        "res.partner",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        help="The prospect who called the advocate.",
    )
    date_call = fields.Date("Called On", copy=False)
    outcome = fields.Text(copy=False, help="What came of the call.")

    @api.depends("kind", "customer_id", "partner_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for reference in self:
            # sudo: of the reference, which the user sees
            who = reference.sudo().partner_id.name or reference.sudo().customer_id.name
            reference.display_name = f"{kinds.get(reference.kind, '')}: {who or ''}"

    @api.depends("state", "kind", "consent", "valid_until")
    def _compute_is_valid(self):
        valid = self.filtered_domain(self._get_valid_domain())
        for reference in self:
            reference.is_valid = reference in valid

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_valid_domain()
        return domain if True in value else ~domain

    @api.constrains("account_id", "partner_id")
    def _check_advocate(self):
        """Refuse advocates of other customers."""
        for reference in self.filtered("partner_id"):
            if reference.partner_id.commercial_partner_id != reference.customer_id:
                raise ValidationError(
                    self.env._(
                        "%(person)s is not a contact of %(customer)s. Choose a contact"
                        " of this customer.",
                        person=reference.partner_id.display_name,
                        customer=reference.customer_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        references = super().create(vals_list)
        if not self.env.su:
            references._check_may_be_asked()
        return references

    def action_give(self):
        """Note that the customer gives it.

        :raise UserError: where others are to see it and nobody has said who agreed
        """
        self.check_access("write")
        for reference in self:
            reference._check_state("asked")
            if reference.kind in SHOWN and not (reference.consent or "").strip():
                raise UserError(
                    self.env._(
                        "Enter the consent first: who of %(customer)s agreed, when and"
                        " how.",
                        customer=reference.customer_id.display_name,
                    )
                )
        # sudo: that it was given is noted by this button alone
        self.sudo().write({"state": "given", "date_given": clock.today()})

    def action_decline(self):
        """Note that the customer does not want to."""
        self.check_access("write")
        self._check_state("asked")
        self._end("declined", self.env._("Declined by the customer"))

    def action_end(self):
        """Take it out of use: the customer took it back, or it is out of date."""
        self.check_access("write")
        self._check_state("given")
        self._end("ended", self.env._("Taken out of use"))

    def action_ask_again(self):
        """Bring it back to where it was asked for."""
        self.check_access("write")
        self._check_state("declined", "ended")
        # sudo: the state is changed by this button alone
        self.sudo().write({"state": "asked", "end_reason": False, "date_given": False})

    @api.model
    def _get_valid_domain(self):
        """Return the domain of the references that may be used today."""
        holds = Domain("valid_until", "=", False)
        holds |= Domain("valid_until", ">=", clock.today())
        shown = Domain("kind", "not in", SHOWN) | Domain("consent", "!=", False)
        return Domain("state", "=", "given") & holds & shown

    @api.model
    def _get_found_hint(self):
        return self.env._("Use the buttons of the reference.")

    def _check_state(self, *states):
        """Refuse a button that is not for this state.

        :raise UserError: saying so
        """
        if any(reference.state not in states for reference in self):
            raise UserError(
                self.env._("The reference is at another step by now. Reload the page.")
            )

    def _end(self, state, reason):
        """Note that it is not given, or no longer, and why."""
        # sudo: the state is changed by the buttons and the app alone
        self.sudo().write({"state": state, "end_reason": reason})
