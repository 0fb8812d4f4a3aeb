from odoo import api, fields, models
from odoo.exceptions import ValidationError

UNKNOWN = "unknown"


def known(states):
    """Return the first state that says something, for ``merge=``."""
    return next((state for state in states if state != UNKNOWN), UNKNOWN)


class KamWhiteSpace(models.Model):
    """What is known of one kind of goods in one branch that does not buy it from us.

    Without a branch it is the head office, or the customer as a whole.
    """

    _name = "kam.white.space"
    _description = "White Space"
    _inherit = ["kam.account.part"]
    _order = "account_id, unit_id, categ_id"
    _rec_name = "categ_id"
    _merge_key = ("account_id", "unit_id", "categ_id")

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
            (UNKNOWN, "Unknown"),
            ("competitor", "Buys elsewhere"),
            ("no_need", "No need"),
        ],
        "Status",
        required=True,
        default=UNKNOWN,
        merge=known,
    )
    competitor = fields.Char(help="The competitor they buy this from.")
    note = fields.Text()
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", index="btree_not_null", ondelete="set null"
    )

    _cell_uniq = models.UniqueIndex(
        "(account_id, COALESCE(unit_id, 0), categ_id)",
        "There is already a line for this branch and product category. Change that"
        " line.",
    )

    @api.constrains("account_id", "unit_id")
    def _check_unit(self):
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

    def _get_key(self):
        """Without a branch it is about the head office: that is a place, too."""
        return self._merge_key
