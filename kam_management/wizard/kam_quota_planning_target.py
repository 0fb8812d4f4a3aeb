from odoo import api, fields, models

from ..models.measure.indicator import QUOTA
from ..models.quota.kam_quota import SCOPES
from ..models.quota.kam_quota_line import BUYERS


class KamQuotaPlanningTarget(models.TransientModel):
    """A target of the planning table: of one owner, period and indicator."""

    _name = "kam.quota.planning.target"
    _description = "Target to Plan"
    _inherit = ["kam.guard"]
    _order = "sequence, id"

    planning_id = fields.Many2one(
        "kam.quota.planning", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)

    # Whose, when and of what
    scope = fields.Selection(SCOPES, "Quota For", required=True, default="manager")
    user_id = fields.Many2one("res.users", "Manager", ondelete="cascade")
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="cascade")
    date_start = fields.Date("From", required=True)
    indicator = fields.Selection(
        lambda self: self.env["kam.measure"]._select_indicators(QUOTA), required=True
    )
    categ_id = fields.Many2one(
        "product.category", "Product Category", ondelete="cascade"
    )
    buyer = fields.Selection(BUYERS, "Sold To", required=True, default="all")
    quota_id = fields.Many2one(
        "kam.quota", ondelete="cascade", help="There is already this quota."
    )
    owner_key = fields.Char(compute="_compute_keys")
    column_key = fields.Char(compute="_compute_keys")

    # Figures
    last = fields.Float("Last Year", help="The actual figure of the year before.")
    run_rate = fields.Float(
        help="What the last three whole months come to in a period of this length."
    )
    rolled = fields.Float(
        "Sum of Managers' Targets", help="Of a team or the company, as planned here."
    )
    target = fields.Float()

    _check_target = models.Constraint(
        # NaN is greater than any number
        "CHECK(target >= 0 AND target < 1e15)",
        "Enter a target of 0 or more, as a number.",
    )

    @api.depends("scope", "user_id", "team_id", "indicator", "categ_id", "buyer")
    def _compute_keys(self):
        """Name the row and the column of the table, see ``_get_column_key``."""
        for target in self:
            target.owner_key = f"{target.scope}-{target._get_owner().id}"
            target.column_key = self._get_column_key(target._get_key())

    @api.model
    def _get_column_key(self, key):
        """Return the name of a column.

        :param key: see ``_get_key``
        """
        return "-".join(str(part or 0) for part in key)

    def _get_key(self):
        """Return (indicator, id of the category or False, buyer)."""
        self.ensure_one()
        return self.indicator, self.categ_id._origin.id, self.buyer

    def _get_owner(self):
        """Return the manager, team or company this target is for."""
        self.ensure_one()
        owners = {"manager": self.user_id, "team": self.team_id}
        return owners.get(self.scope, self.planning_id.company_id)._origin
