from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..common.clock import here
from ..stakeholder.kam_stakeholder_role import ARGUMENT_STYLES

WORKED = [("open", "Open"), ("yes", "Yes"), ("no", "No")]


class KamObjection(models.Model):
    """What somebody objected to, what was answered, and whether that worked.

    The kind of person who said it is kept with it, so that the answer can be offered
    where such a person objects to the same elsewhere.
    """

    _name = "kam.objection"
    _description = "Objection"
    _inherit = ["kam.guard", "kam.merge"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Objection", required=True)
    kind = fields.Selection(
        [("objection", "Objection"), ("refusal", "Refusal")],
        required=True,
        default="objection",
        help="A refusal ended the talks, an objection did not.",
    )
    category_id = fields.Many2one(
        "kam.objection.category", index="btree_not_null", ondelete="restrict"
    )
    date = fields.Date(required=True, default=here, index=True)
    user_id = fields.Many2one(
        "res.users",
        "Handled By",
        default=lambda self: self.env.user,
        index="btree_not_null",
        domain="[('share', '=', False)]",
    )

    # What it is about
    account_id = fields.Many2one(
        "kam.account", ondelete="cascade", index="btree_not_null", check_company=True
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        "Quotation",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('kam_commercial_partner_id', '=', customer_id)]",
    )
    product_categ_id = fields.Many2one(
        "product.category", "Products", ondelete="set null", index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True
    )

    # Who said it
    customer_id = fields.Many2one(
        "res.partner", compute="_compute_customer_id", compute_sudo=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Said By",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain="[('commercial_partner_id', '=', customer_id), ('is_company', '=', False)]",
    )
    argument_style = fields.Selection(
        ARGUMENT_STYLES, "Decision Style", compute="_compute_person", store=True
    )
    role_ids = fields.Many2many(
        "kam.stakeholder.role",
        "kam_objection_role_rel",
        "objection_id",
        "role_id",
        "Buying Roles",
        compute="_compute_person",
        store=True,
        readonly=False,
    )

    # What was answered
    answer = fields.Text(
        help="Colleagues are offered answers that worked, without the name of the"
        " customer: write nothing here that is not for them."
    )
    worked = fields.Selection(WORKED, "Answer Worked", required=True, default="open")
    success = fields.Float(
        "Success Rate",
        compute="_compute_success",
        aggregator="avg",
        help="Of the answers of which one knows, those that worked, in percent.",
    )

    _check_owner = models.Constraint(
        "CHECK(account_id IS NOT NULL OR lead_id IS NOT NULL)",
        "An objection belongs to an account or to an opportunity: choose one of them.",
    )
    _worked_idx = models.Index("(company_id, category_id) WHERE worked = 'yes'")

    @api.depends("account_id", "lead_id")
    def _compute_company_id(self):
        for objection in self:
            objection.company_id = (
                objection.account_id.company_id or objection.lead_id._get_kam_company()
            )

    @api.depends("account_id", "lead_id")
    def _compute_customer_id(self):
        for objection in self:
            objection.customer_id = (
                objection.account_id.partner_id
                or objection.lead_id.partner_id.commercial_partner_id
            )

    @api.depends("partner_id", "account_id")
    def _compute_person(self):
        """Keep how the person decides today: it is what the answer worked with."""
        for objection in self:
            # sudo: kept of the person the user names; their dossier is not shown
            person = objection.sudo().account_id.stakeholder_ids.filtered(
                lambda one, o=objection: (
                    one.partner_id and one.partner_id == o.partner_id
                )
            )[:1]
            objection.argument_style = person.argument_style
            objection.role_ids = person.role_ids

    @api.depends("worked")
    def _compute_success(self):
        for objection in self:
            objection.success = 100 * (objection.worked == "yes")

    @api.constrains("account_id", "lead_id", "partner_id", "order_id")
    def _check_customer(self):
        """Refuse people, deals and quotations of other customers."""
        for objection in self:
            customer = objection.customer_id
            person, order = objection.partner_id, objection.order_id
            strangers = [
                record.display_name
                for record, owner in (
                    (person, person.commercial_partner_id),
                    (order, order.kam_commercial_partner_id),
                )
                if record and customer and owner != customer
            ]
            account, lead = objection.account_id, objection.lead_id
            if account and lead.kam_account_id - account:
                strangers.append(lead.display_name)
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(strangers)s does not belong to %(customer)s. Choose a person,"
                        " opportunity and quotation of this customer.",
                        strangers=", ".join(strangers),
                        customer=customer.display_name,
                    )
                )

    @api.constrains("worked", "answer")
    def _check_answer(self):
        """Ask for the answer that is said to have worked."""
        for objection in self:
            if objection.worked == "yes" and not (objection.answer or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(objection)s”: enter the answer that worked. It helps with"
                        " the next one.",
                        objection=objection.name,
                    )
                )

    def _field_to_sql(self, alias, field_expr, query=None) -> SQL:
        """Give the success rate an expression, to be averaged."""
        if field_expr != "success":
            return super()._field_to_sql(alias, field_expr, query)
        worked = SQL.identifier(alias, "worked")
        return SQL("CASE %s WHEN 'yes' THEN 100.0 WHEN 'no' THEN 0.0 END", worked)

    def action_worked(self):
        """Note that the answer worked."""
        self.worked = "yes"

    def action_not_worked(self):
        """Note that the answer did not work."""
        self.worked = "no"
