from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("complaint", "Complaint"),
    ("wish", "Wish"),
    ("misunderstanding", "Misunderstanding"),
]
ACTIVITY_TYPE = "kam_management.mail_activity_type_complaint"
# What decides whose turn it is, and until when.
ACTIVITY_FIELDS = {"user_id", "date_due", "state"}
# What the health of the account depends on.
HEALTH_FIELDS = {"account_id", "date", "date_due", "date_solved", "kind", "state"}


class KamComplaint(models.Model):
    """Something a customer is not content with: who takes care of it, until when.

    The owner has an activity for it until it is solved.
    """

    _name = "kam.complaint"
    _description = "Complaint"
    _inherit = ["kam.account.part", "kam.rated", "mail.activity.mixin"]
    _order = "date desc, id desc"

    name = fields.Char("Subject", required=True)
    kind = fields.Selection(
        KINDS,
        required=True,
        default="complaint",
        tracking=True,
        help="A wish does not lower the health of the account.",
    )
    customer_id = fields.Many2one(related="account_id.partner_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Reported By",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=', customer_id)]",
        help="The customer's contact who reported it.",
    )
    order_id = fields.Many2one(
        "sale.order",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('kam_commercial_partner_id', '=', customer_id)]",
        help="The order it is about.",
    )
    description = fields.Text(help="What happened, in the customer's words.")

    # The way to a solution
    date = fields.Datetime("Received", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
        help="The colleague responsible until the complaint is solved.",
    )
    state = fields.Selection(
        [("open", "Open"), ("solved", "Solved")],
        "Status",
        required=True,
        default="open",
        tracking=True,
        copy=False,
        group_expand=True,
    )
    solution = fields.Text(
        copy=False,
        help="What was done. The customer reads it where the complaint is shared.",
    )

    @api.depends("account_id")
    def _compute_user_id(self):
        """Propose the key account manager, for want of one the author."""
        for complaint in self:
            if not complaint.user_id:
                complaint.user_id = complaint.account_id.manager_id or self.env.user

    @api.constrains("state", "solution")
    def _check_solution(self):
        for complaint in self:
            if complaint.state == "solved" and not (complaint.solution or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(name)s”: enter the solution first. It helps with the next"
                        " complaint of this customer.",
                        name=complaint.name,
                    )
                )

    @api.constrains("account_id", "partner_id", "order_id")
    def _check_customer(self):
        """Refuse people and orders of other customers."""
        for complaint in self:
            person, order = complaint.partner_id, complaint.order_id
            customer, company = complaint.customer_id, complaint.company_id
            strangers = [
                record.display_name
                for record, owner in (
                    (person, person.commercial_partner_id),
                    (order, order.kam_commercial_partner_id),
                )
                if record and owner != customer
            ]
            if order.company_id != company and order:
                strangers.append(order.display_name)
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(strangers)s does not belong to %(customer)s. Choose a"
                        " contact and an order of this customer, or none.",
                        strangers=", ".join(dict.fromkeys(strangers)),
                        customer=customer.display_name,
                    )
                )

    @api.constrains("account_id", "user_id")
    def _check_owner(self):
        """Refuse owners who could not open what they are to solve."""
        for complaint in self:
            if not complaint._is_visible_to(complaint.user_id):
                raise ValidationError(
                    self.env._(
                        "%(user)s has no access to this account. Choose another owner,"
                        " or add %(user)s to the account team first.",
                        user=complaint.user_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints._follow_up()
        complaints.account_id._enqueue()
        self._handle_none_of(complaints.company_id, but=complaints.ids)
        return complaints

    def write(self, vals):
        accounts = self.account_id
        result = super().write(vals)
        if not ACTIVITY_FIELDS.isdisjoint(vals):
            self._follow_up()
        if not HEALTH_FIELDS.isdisjoint(vals):
            (accounts | self.account_id)._enqueue()
        if accounts.company_id != self.account_id.company_id:
            self._handle_none_of(accounts.company_id)
            self._handle_none_of(self.account_id.company_id, but=self.ids)
        return result

    def unlink(self):
        self.account_id._enqueue()
        companies = self.company_id
        result = super().unlink()
        self._handle_none_of(companies)
        return result

    def action_solve(self):
        """Mark as solved; how it was solved must have been written down.

        :raise ValidationError: when it was not
        """
        self.write({"state": "solved"})

    def action_reopen(self):
        """Take it up again: the customer is not content."""
        self.write({"state": "open"})

    @api.model
    def _get_checked_fields(self):
        """Leave the order to the check that it is one of the customer."""
        return super()._get_checked_fields() | {"order_id"}

    def _is_visible_to(self, user):
        """Return whether a user may read this complaint."""
        company = self.company_id
        if company not in user.company_ids:
            return False
        mine = self.with_user(user).with_context(allowed_company_ids=company.ids)
        return mine.has_access("read")

    @api.model
    def _handle_none_of(self, companies, but=()):
        """Work out the health of all customers anew where complaints are new to us, or
        there are none any more.

        From the first one on, having none is good news; before it said nothing.

        :param companies: ``res.company`` records
        :param but: ids of complaints that do not count
        """
        # sudo: colleagues may have logged others
        logged = self.sudo()._read_group(
            [("company_id", "in", companies.ids), ("id", "not in", but)],
            ["company_id"],
        )
        if len(logged) < len(companies):
            self.env["res.company"]._wake_kam_refresh()

    def _follow_up(self):
        """Give each owner an activity until the day it is due; tick it off when solved."""
        # sudo: the activity is the app's, whoever reassigns or solves the complaint
        for complaint in self.sudo():
            if complaint.state == "solved":
                complaint.activity_feedback(
                    [ACTIVITY_TYPE], feedback=complaint.solution
                )
            elif complaint.activity_search([ACTIVITY_TYPE]):
                complaint.activity_reschedule(
                    [ACTIVITY_TYPE],
                    date_deadline=complaint.date_due,
                    new_user_id=complaint.user_id.id,
                )
            else:
                complaint.activity_schedule(
                    ACTIVITY_TYPE,
                    date_deadline=complaint.date_due,
                    summary=complaint.name,
                    user_id=complaint.user_id.id,
                )
