from odoo import api, fields, models
from odoo.exceptions import ValidationError

UNFINISHED = ("open", "matched")


class KamPlanNeed(models.Model):
    """What somebody at the customer needs, or is challenged by, and what we have for it.

    Its worth is counted in the customer's own figures: what he saves, sells or avoids.
    """

    _name = "kam.plan.need"
    _description = "Need of the Customer"
    _inherit = ["kam.plan.line"]

    name = fields.Char("Need", required=True, help="In the customer's own words.")
    kind = fields.Selection(
        [("need", "Need"), ("challenge", "Challenge")], required=True, default="need"
    )
    stakeholder_id = fields.Many2one(
        "kam.stakeholder",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
        help="The stakeholder who has this need.",
    )
    unit_id = fields.Many2one(
        "kam.customer.unit",
        "Branch or Department",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
        help="The branch or department of the customer that has this need.",
    )

    # What we have for it
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        compute="_compute_categ_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="set null",
    )
    product_id = fields.Many2one(
        "product.product",
        ondelete="set null",
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    service = fields.Char(
        help="Our solution where it is more than a product: advice, training, a way of"
        " delivery."
    )

    # What it is worth
    value = fields.Monetary(
        "Value to the Customer",
        help="What the customer gains in a year, in their own figures.",
    )
    value_note = fields.Char(
        "Calculation", help="Such as 3 stops a year x 8 hours x 2,000 an hour."
    )
    revenue = fields.Monetary(
        "Expected Revenue",
        help="The revenue it may bring us; taken over into the opportunity.",
    )

    # What came of it
    state = fields.Selection(
        [
            ("open", "Open"),
            ("matched", "Matched"),
            ("delivered", "Delivered"),
            ("dropped", "Dropped"),
        ],
        "Status",
        required=True,
        default="open",
        help="Matched: we have a solution. Delivered: the customer has received it.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
    )
    transfer_lead_ids = fields.One2many(
        "crm.lead",
        "kam_need_id",
        "Transferred To",
        context={"active_test": False},
        readonly=True,
    )

    open_unit_ids = fields.Many2many(
        "kam.customer.unit",
        string="May Need It Too",
        compute="_compute_open_unit_ids",
        help="Branches and departments to which what was delivered here has not been"
        " offered yet.",
    )

    _check_amounts = models.Constraint(
        "CHECK(value >= 0 AND revenue >= 0)",
        "Need: its value cannot be negative. Enter 0 while it is not known.",
    )

    @api.depends("product_id")
    def _compute_categ_id(self):
        """Follow the product into its category."""
        for need in self:
            need.categ_id = need.product_id.categ_id or need.categ_id

    @api.constrains("account_id", "stakeholder_id", "unit_id")
    def _check_account(self):
        """Keep to people and places of the plan's own customer."""
        for need in self:
            for other in (need.stakeholder_id, need.unit_id):
                if other and other.account_id != need.account_id:
                    raise ValidationError(
                        self.env._(
                            "%(other)s belongs to another customer than the plan."
                            " Choose a stakeholder or branch of %(customer)s.",
                            other=other.display_name,
                            customer=need.account_id.display_name,
                        )
                    )

    @api.depends("state", "categ_id", "unit_id", "transfer_lead_ids", "account_id")
    def _compute_open_unit_ids(self):
        """Find where else a success may be wanted: at no place that has no need of it,
        nor where it has been offered, won or lost.
        """
        delivered = self.filtered(lambda need: need.state == "delivered")
        (self - delivered).open_unit_ids = False
        # sudo: an offer of a colleague is not made a second time
        offered = {
            need: need.sudo().transfer_lead_ids.kam_unit_id for need in delivered
        }
        refused = self.env["kam.white.space"].search_fetch(
            [("account_id", "in", delivered.account_id.ids), ("state", "=", "no_need")],
            ["unit_id", "categ_id"],
        )
        unwanted = {(space.unit_id, space.categ_id) for space in refused}
        for need in delivered:
            units = need.account_id.unit_ids - need.unit_id
            units -= offered[need].with_env(self.env)
            need.open_unit_ids = units.filtered(
                lambda unit, need=need: (unit, need.categ_id) not in unwanted
            )

    def action_make_lead(self):
        """Make an opportunity of the need, or open the one it has.

        :return: action on ``crm.lead``
        """
        self.ensure_one()
        self._check_plan_open()
        self.check_access("write")
        if not self.lead_id:
            lead = self.env["crm.lead"].create(self._prepare_lead_values())
            # sudo: a link shows the name of the lead to everybody: it is made here alone
            self.sudo().lead_id = lead
            if self.state == "open":
                self.state = "matched"
            self._note_white_space(self.unit_id, self.lead_id)
        return self._prepare_lead_action(self.lead_id)

    def action_transfer(self):
        """Open the dialog that carries a success to other branches.

        :raise ValidationError: when nothing has been delivered yet
        """
        self.ensure_one()
        self._check_delivered()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfer to Other Branches"),
            "res_model": "kam.need.transfer",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_need_id": self.id},
        }

    def _find_wanting_units(self):
        """Return the branches and departments that have the needs these ones have met.

        :return: {need: ``kam.customer.unit``} of ``open_unit_ids``: those with an open
            need of the same goods, or else all
        """
        alike = self.search_fetch(
            [
                ("account_id", "in", self.account_id.ids),
                ("unit_id", "in", self.open_unit_ids.ids),
                ("state", "in", UNFINISHED),
                ("categ_id", "in", self.categ_id.ids),
            ],
            ["account_id", "unit_id", "categ_id"],
        ).grouped(lambda need: (need.account_id, need.categ_id))
        return {
            need: (
                alike.get((need.account_id, need.categ_id), self.browse()).unit_id
                & need.open_unit_ids
            )
            or need.open_unit_ids
            for need in self
        }

    def _check_delivered(self):
        """Carry nothing over that has not worked yet.

        :raise ValidationError: naming the need
        """
        for need in self:
            if need.state != "delivered":
                raise ValidationError(
                    self.env._(
                        "“%(need)s” has not been delivered yet. Set it to “Delivered”"
                        " first, then transfer it to other branches.",
                        need=need.name,
                    )
                )

    def _note_white_space(self, unit, lead):
        """Show an opportunity in the white space of the customer.

        :param unit: ``kam.customer.unit`` it is for, or none for the head office
        :param lead: ``crm.lead``
        """
        self.ensure_one()
        if not self.categ_id:
            return
        space = self.account_id._get_white_space(self.categ_id.id, unit.id)
        # sudo: an open opportunity of a colleague stays where it is
        if space.sudo().lead_id.won_status != "pending":
            space.lead_id = lead

    def _prepare_lead_values(self, unit=None):
        """Return the values of the opportunity a need makes.

        :param unit: ``kam.customer.unit`` it is for, by default the need's own
        """
        self.ensure_one()
        unit = unit or self.unit_id
        return {
            "name": f"{self.name} – {unit.name}" if unit else self.name,
            "type": "opportunity",
            "partner_id": (
                unit.partner_id
                or self.stakeholder_id.partner_id
                or self.account_id.partner_id
            ).id,
            "company_id": self.company_id.id,
            "user_id": (self.plan_id.user_id or self.env.user).id,
            "expected_revenue": self.revenue,
            "description": "\n".join(filter(None, (self.service, self.value_note))),
            "kam_plan_id": self.plan_id.id,
        }

    @api.model
    def _prepare_lead_action(self, leads):
        """Return the action that shows one lead, or several."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_action_pipeline"
        )
        action["context"] = {"active_test": False}
        if len(leads) == 1:
            return {**action, "res_id": leads.id, "views": [(False, "form")]}
        return {
            **action,
            "domain": [("id", "in", leads.ids)],
            "views": [(False, "list"), (False, "form")],
        }

    def _filter_unfinished(self):
        """Return what next year's plan goes on with."""
        return self.filtered(lambda need: need.state in UNFINISHED)
