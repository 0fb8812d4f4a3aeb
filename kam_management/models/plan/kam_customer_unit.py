from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..context import MERGING, is_merging


class KamCustomerUnit(models.Model):
    """A branch or department of a customer: what works here may be wanted there too."""

    _name = "kam.customer.unit"
    _description = "Branch or Department of a Customer"
    _inherit = ["kam.account.part"]
    _order = "account_id, sequence, id"

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
        if is_merging(self.env):
            return
        for account, units in self.grouped("account_id").items():
            family = account._get_family_ids()
            doubles = {
                partner
                for [partner] in self._read_group(
                    [
                        ("account_id", "=", account.id),
                        ("partner_id", "in", units.partner_id.ids),
                    ],
                    ["partner_id"],
                    having=[("__count", ">", 1)],
                )
            }
            for unit in units.filtered("partner_id"):
                if unit.partner_id.id not in family - {account.partner_id.id}:
                    raise ValidationError(
                        self.env._(
                            "%(partner)s does not belong to %(customer)s. Choose one of"
                            " his companies or addresses.",
                            partner=unit.partner_id.display_name,
                            customer=account.display_name,
                        )
                    )
                if unit.partner_id in doubles:
                    raise ValidationError(
                        self.env._(
                            "%(partner)s is a branch of %(customer)s already.",
                            partner=unit.partner_id.display_name,
                            customer=account.display_name,
                        )
                    )

    @api.constrains("account_id")
    def _check_spoken_of(self):
        """Leave a branch with its customer once needs or the white space name it."""
        if is_merging(self.env):
            return
        for model in ("kam.plan.need", "kam.white.space"):
            # sudo: what a colleague noted counts
            lines = self.env[model].sudo().search([("unit_id", "in", self.ids)])
            for line in lines:
                if line.account_id != line.unit_id.account_id:
                    raise ValidationError(
                        self.env._(
                            "%(unit)s is named in the plan or white space of"
                            " %(customer)s. Create a new branch for the other customer.",
                            unit=line.unit_id.name,
                            customer=line.account_id.display_name,
                        )
                    )

    @api.model
    def _merge_doubles_of(self, partner):
        """Tidy up the branches a partner stands for after others were merged into it.

        A branch that became the customer himself is a department without an address.
        """
        # sudo: whoever may merge partners merges all that hangs on them
        units = self.sudo().search([("partner_id", "=", partner.id)])
        units.invalidate_recordset(["partner_id"])
        units.filtered(lambda u: u.account_id.partner_id == partner).partner_id = False
        units._merge_doubles()

    def _merge_doubles(self):
        """Make one of those of these units that stand for the same place.

        After partners or accounts were merged; what hangs on a double moves to the first.
        """
        # sudo: whoever may merge customers merges all that hangs on them
        units = self.sudo().with_context(kam_merge=MERGING).sorted("id")
        for same in (
            units.filtered("partner_id")
            .grouped(lambda unit: (unit.account_id, unit.partner_id))
            .values()
        ):
            first, doubles = same[0], same[1:]
            for model, name in (
                ("kam.plan.need", "unit_id"),
                ("crm.lead", "kam_unit_id"),
            ):
                lines = self.env[model].sudo().with_context(active_test=False)
                lines.search([(name, "in", doubles.ids)])[name] = first
            spaces = self.env["kam.white.space"].sudo()
            spaces = spaces.search([("unit_id", "in", same.ids)])
            spaces._move_to(first.account_id, first)
            doubles.unlink()


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

    def _get_family_ids(self):
        """Return the ids of the customer's partner and all below it, as a set."""
        return set(self._get_family())

    def _get_family(self):
        """Return {partner id: parent id} of the customer and all below, in one query."""
        self.ensure_one()
        self.env["res.partner"].flush_model(["parent_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    WITH RECURSIVE family AS (
                        SELECT id, NULL::int AS parent_id FROM res_partner WHERE id = %s
                        UNION
                        SELECT child.id, child.parent_id
                          FROM res_partner child
                          JOIN family ON child.parent_id = family.id
                    )
                    SELECT id, parent_id FROM family
                    """,
                    self.partner_id.id,
                )
            )
        )

    def _filter_with_history(self):
        """Keep accounts whose branches somebody has typed in."""
        # sudo: what a colleague typed in counts
        units = self.env["kam.customer.unit"].sudo()
        known = units.search([("account_id", "in", self.ids)]).account_id
        return super()._filter_with_history() | known.with_env(self.env)

    def _merge_relations(self, survivor):
        """Bring branches along, and what is known of them."""
        # sudo: whoever may merge customers merges all that hangs on them
        merged = self.sudo().with_context(kam_merge=MERGING)
        spaces = merged.env["kam.white.space"].search([("account_id", "in", self.ids)])
        merged.unit_ids.account_id = survivor
        for space in spaces:
            space._move_to(survivor, space.unit_id)
        survivor.sudo().unit_ids._merge_doubles()
        return super()._merge_relations(survivor)
