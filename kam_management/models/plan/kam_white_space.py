from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..context import MERGING, is_merging


class KamWhiteSpace(models.Model):
    """What is known of one kind of goods in one branch that does not buy it from us.

    Without a branch it is the head office, or the customer as a whole.
    """

    _name = "kam.white.space"
    _description = "White Space"
    _inherit = ["kam.account.part"]
    _order = "account_id, unit_id, categ_id"
    _rec_name = "categ_id"

    unit_id = fields.Many2one(
        "kam.customer.unit",
        "Branch or Department",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
    )
    categ_id = fields.Many2one(
        "product.category", "Product Category", required=True, ondelete="cascade"
    )
    state = fields.Selection(
        [
            ("unknown", "Unknown"),
            ("competitor", "Buys elsewhere"),
            ("no_need", "No need"),
        ],
        required=True,
        default="unknown",
    )
    competitor = fields.Char("From Whom", help="The competitor he buys this from.")
    note = fields.Text()
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", index="btree_not_null", ondelete="set null"
    )

    _cell_uniq = models.UniqueIndex(
        "(account_id, COALESCE(unit_id, 0), categ_id)",
        "This branch and product category has been judged already: change that line.",
    )

    @api.constrains("account_id", "unit_id")
    def _check_unit(self):
        if is_merging(self.env):
            return
        for space in self.filtered("unit_id"):
            if space.unit_id.account_id != space.account_id:
                raise ValidationError(
                    self.env._(
                        "%(unit)s is a branch of another customer. Choose one of"
                        " %(customer)s.",
                        unit=space.unit_id.name,
                        customer=space.account_id.display_name,
                    )
                )

    @api.constrains("lead_id")
    def _check_lead(self):
        """Link what the user may read alone: a link shows its name to everybody."""
        # constraints run as superuser: ask as the user he is
        self.lead_id.with_user(self.env.uid).check_access("read")

    def _move_to(self, account, unit):
        """Move these lines to another place; what is known there already stays.

        :param account: ``kam.account`` they belong to from now on
        :param unit: its ``kam.customer.unit``, or none for the head office
        """
        for space in self.with_context(kam_merge=MERGING):
            twin = self.search(
                [
                    ("account_id", "=", account.id),
                    ("unit_id", "=", unit.id),
                    ("categ_id", "=", space.categ_id.id),
                    ("id", "!=", space.id),
                ],
                limit=1,
            )
            if not twin:
                space.write({"account_id": account.id, "unit_id": unit.id})
                continue
            for name in ("lead_id", "competitor", "note"):
                twin[name] = twin[name] or space[name]
            if twin.state == "unknown":
                twin.state = space.state
            space.unlink()
