from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common.names import list_names


class KamCustomerUnit(models.Model):
    """A branch or department of a customer: what works here may be wanted there too."""

    _name = "kam.customer.unit"
    _description = "Branch or Department of a Customer"
    _inherit = ["kam.account.part"]
    _order = "account_id, sequence, id"
    _merge_key = ("account_id", "partner_id")

    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("branch", "Branch"), ("department", "Department")],
        required=True,
        default="branch",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact or Address",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The company or address of the customer that orders here: its purchases"
        " are shown for this branch.",
    )

    @api.depends("partner_id")
    def _compute_name(self):
        """Name a branch after its partner, unless it has a name."""
        for unit in self:
            partner = unit.partner_id
            unit.name = unit.name or partner.name or partner.city or False

    @api.constrains("account_id", "partner_id")
    def _check_partner(self):
        """Keep to the customer's own companies and addresses, each of them once."""
        doubles = self._read_group(
            [
                ("account_id", "in", self.account_id.ids),
                ("partner_id", "in", self.partner_id.ids),
            ],
            ["account_id", "partner_id"],
            having=[("__count", ">", 1)],
        )
        for unit in self.filtered("partner_id"):
            words = {
                "partner": unit.partner_id.display_name,
                "customer": unit.account_id.display_name,
            }
            if not unit._is_of_customer():
                raise ValidationError(
                    self.env._(
                        "%(partner)s does not belong to %(customer)s. Choose one of"
                        " their companies or addresses.",
                        **words,
                    )
                )
            if (unit.account_id, unit.partner_id) in doubles:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is already a branch of %(customer)s.", **words
                    )
                )

    @api.constrains("account_id")
    def _check_spoken_of(self):
        """Leave a branch with its customer once needs or the white space name it."""
        for model in ("kam.plan.need", "kam.white.space"):
            # sudo: what a colleague noted counts
            lines = self.env[model].sudo().search([("unit_id", "in", self.ids)])
            for line in lines:
                if line.account_id != line.unit_id.account_id:
                    raise ValidationError(
                        self.env._(
                            "%(unit)s is used in the plan or white space of"
                            " %(customer)s. Create a new branch for the other"
                            " customer.",
                            unit=line.unit_id.name,
                            customer=list_names(line.account_id),
                        )
                    )

    def _is_of_customer(self):
        """Return whether the address is one below the customer itself."""
        # sudo: the companies between them may be none that the user sees
        unit = self.sudo()
        above = unit.partner_id.parent_id
        while above and above != unit.account_id.partner_id:
            above = above.parent_id
        return bool(above)

    @api.model
    def _part_with_customers(self, partners):
        """Make departments of branches whose address becomes that of the customer.

        :param partners: ``res.partner`` records that are about to become one, customers
            among them
        """
        # sudo: whoever may merge partners merges all that hangs on them
        self.sudo().search(
            [
                ("partner_id", "in", partners.ids),
                ("account_id.partner_id", "in", partners.ids),
            ]
        ).partner_id = False


class KamAccount(models.Model):
    """The branches and departments of the customer."""

    _inherit = "kam.account"

    unit_ids = fields.One2many(
        "kam.customer.unit", "account_id", "Branches and Departments"
    )

    def action_take_over_branches(self):
        """Make branches of the customer's companies and delivery addresses.

        Those there are already stay as they are.

        :return: soft reload of the page
        """
        self.check_access("write")
        for account in self:
            known = account.unit_ids.partner_id
            account.env["kam.customer.unit"].create(
                [
                    {"account_id": account.id, "partner_id": partner.id}
                    for partner in account._get_branch_partners() - known
                ]
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _get_branch_partners(self):
        """Return the child companies and delivery addresses of the customer."""
        self.ensure_one()
        return self.env["res.partner"].search(
            [
                ("parent_id", "=", self.partner_id.id),
                "|",
                ("is_company", "=", True),
                ("type", "=", "delivery"),
                "|",
                ("name", "!=", False),
                ("city", "!=", False),
            ],
            order="complete_name, id",
        )

    def _filter_with_history(self):
        """Keep accounts whose branches somebody has typed in."""
        # sudo: what a colleague typed in counts
        units = self.env["kam.customer.unit"].sudo()
        known = units.search([("account_id", "in", self.ids)]).account_id
        return super()._filter_with_history() | known.with_env(self.env)
