from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..common import clock
from ..common.kam_merge import is_merging

KINDS = [
    ("deal", "From Sale to Delivery"),
    ("managers", "Between Managers"),
    ("leaver", "From a Leaver"),
]
# Whose work it becomes.
RECEIVER_FIELDS = ("manager_id", "project_manager_id")
# What a handover is about: chosen once.
SUBJECT_FIELDS = {"account_id", "kind", "lead_id"}


class KamHandover(models.Model):
    """A customer is handed over to other colleagues, step by step.

    From who won the deal to who delivers, between two managers, or from one who leaves.
    The steps say what has to happen before; completing it moves the work.
    """

    _name = "kam.handover"
    _description = "Handover"
    _inherit = ["kam.account.part", "kam.rated", "mail.activity.mixin"]
    _order = "date_due, id"
    _rec_names_search = ["account_id.partner_id.complete_name"]

    # What is handed over, and why
    account_id = fields.Many2one(tracking=True)
    customer_id = fields.Many2one(related="account_id.partner_id")
    kind = fields.Selection(KINDS, required=True, default="managers", tracking=True)
    lead_id = fields.Many2one(
        "crm.lead",
        "Deal",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('kam_account_id', '=', account_id)]",
        help="The deal after which others look after the customer.",
    )
    reason = fields.Char(help="Such as leave, redistribution or a won deal.")

    # From whom, and to whom
    user_id = fields.Many2one(
        "res.users",
        "Handed Over By",
        compute="_compute_user_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="The salesperson of the deal, else the key account manager.",
    )
    manager_id = fields.Many2one(
        "res.users",
        "New Key Account Manager",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False)]",
        help="Sees the account from now on, and leads it once this is completed.",
    )
    project_manager_id = fields.Many2one(
        "res.users",
        "New Project Manager",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False)]",
    )
    admitted_ids = fields.Many2many(
        "res.users",
        "kam_handover_admitted_rel",
        "handover_id",
        "user_id",
        "Admitted to the Team",
        readonly=True,
        copy=False,
        help="Who has become a member of the account team for this handover.",
    )

    # When, and how far
    date = fields.Date(
        "Begun", required=True, default=lambda self: clock.today(), copy=False
    )
    date_due = fields.Date(
        "Complete By",
        required=True,
        default=lambda self: fields.Date.add(clock.here(self), days=28),
        tracking=True,
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Completed"), ("cancelled", "Cancelled")],
        "Status",
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
    )
    note = fields.Text("Notes")

    _open_uniq = models.UniqueIndex(
        "(account_id) WHERE state = 'open'",
        "This customer is being handed over already. Complete or cancel that handover"
        " first.",
    )

    @api.depends("account_id", "user_id", "manager_id")
    def _compute_display_name(self):
        # sudo: names of a customer and of colleagues, for who sees the handover
        for handover in self.sudo():
            customer = handover.account_id.display_name or ""
            receiver = handover.manager_id or handover.project_manager_id
            name = customer
            if receiver:
                name = self.env._(
                    "%(customer)s to %(user)s", customer=customer, user=receiver.name
                )
            handover.with_env(self.env).display_name = name

    @api.depends("account_id", "kind", "lead_id")
    def _compute_user_id(self):
        """Find who hands over, as it was when the handover began."""
        for handover in self:
            # sudo: who looks after the customer, whoever begins
            account, lead = handover.account_id.sudo(), handover.lead_id.sudo()
            winner = (lead.user_id or account.developer_id).filtered(
                lambda _user, kind=handover.kind: kind == "deal"
            )
            handover.user_id = handover._origin.user_id or winner or account.manager_id

    @api.constrains("manager_id", "project_manager_id", "account_id")
    def _check_receivers(self):
        """Refuse who could not look after the customer.

        :raise ValidationError: saying why, and what to do
        """
        if is_merging(self.env):
            return
        for handover in self.filtered(lambda one: one.state == "open"):
            for user in handover._get_receivers():
                if why := handover._tell_unfit(user):
                    raise ValidationError(why)

    @api.constrains("lead_id", "account_id")
    def _check_lead(self):
        if is_merging(self.env):
            return
        # sudo: whose deal it is, whoever may open it
        for handover in self.sudo():
            lead = handover.lead_id
            if lead and lead.kam_account_id != handover.account_id:
                raise ValidationError(
                    self.env._(
                        "“%(deal)s” is no deal of %(customer)s. Choose one of theirs.",
                        deal=lead.name,
                        customer=handover.account_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_none_open(vals_list)
        handovers = super().create(vals_list)
        if not self.env.su:
            # beyond the rules: only who is involved begins it
            handovers.check_access("write")
        handovers.sudo()._admit()
        handovers.sudo()._set_up_steps()
        return handovers

    def write(self, vals):
        if SUBJECT_FIELDS & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "Which customer or deal is handed over cannot be changed. Cancel"
                    " this handover, and begin another one."
                )
            )
        names_others = not vals.keys().isdisjoint(RECEIVER_FIELDS)
        if names_others and not self.env.su:
            self._check_open()
        result = super().write(vals)
        if names_others:
            # sudo: a head has decided who is let in
            self.sudo()._admit()
            self.sudo()._follow_facts()
        return result

    def unlink(self):
        # sudo: whoever was let in for it alone
        self.sudo()._dismiss()
        return super().unlink()

    def action_cancel(self):
        """Give the handover up: everything stays as it was."""
        self.check_access("write")
        self._check_open()
        # sudo: only buttons close a handover
        handovers = self.sudo()
        handovers._dismiss()
        handovers.state = "cancelled"
        handovers.activity_unlink(["mail.mail_activity_data_todo"])

    def action_print_briefing(self):
        """Print the page about the customer that the new ones read first."""
        self.ensure_one()
        return self.account_id.action_print_briefing()

    def action_view_account(self):
        """Open the customer's account."""
        self.ensure_one()
        return self.account_id.get_formview_action()

    @api.model
    def _get_head_fields(self):
        return {*RECEIVER_FIELDS, "skip_reason"}

    @api.model
    def _get_head_hint(self):
        return self.env._("Ask the head of sales who is to look after the customer.")

    def _filter_changeable(self):
        """Keep to who hands over, who takes over, and who answers for the account."""
        if self._is_head_of_sales():
            return self
        user = self.env.user
        # sudo: who is involved, and nothing else
        involved = self.sudo().filtered(
            lambda one: (
                user in one.user_id | one._get_receivers()
                or one.account_id._is_led_by(user)
            )
        )
        return involved.with_env(self.env)

    @api.model
    def _get_others_error(self):
        return AccessError(
            self.env._(
                "Only who hands over, who takes over and heads of sales work on a"
                " handover. Ask one of them."
            )
        )

    def _get_receivers(self):
        """Return who takes over."""
        return self.manager_id | self.project_manager_id

    def _tell_unfit(self, user):
        """Return why a user cannot look after this customer; "" when they can."""
        names = {"user": user.name, "company": self.company_id.sudo().name}
        if not user.active:
            return self.env._(
                "%(user)s does not work here any more. Choose somebody else.", **names
            )
        # sudo: of a colleague, or of somebody who is none
        works_here = self.company_id in user.sudo().company_ids
        if user.sudo().share or not works_here:
            return self.env._(
                "%(user)s does not work for %(company)s. Choose somebody who does.",
                **names,
            )
        if user == self.user_id and user == self.manager_id and self.kind != "deal":
            return self.env._(
                "%(user)s looks after this customer already. Choose somebody else.",
                **names,
            )
        return ""

    @api.model
    def _get_open(self):
        """Return the domain of what is not over."""
        return Domain("state", "=", "open")

    def _check_open(self):
        """Refuse to go on with what is over.

        :raise UserError: naming it
        """
        for handover in self:
            if handover.state != "open":
                raise UserError(
                    self.env._(
                        "The handover “%(name)s” is over already.",
                        name=handover.display_name,
                    )
                )
