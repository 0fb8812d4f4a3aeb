from markupsafe import Markup

from odoo import api, fields, models

from .balance import CountRow, balance_picture
from .kam_quota_indicators import COUNTS


class KamQuota(models.Model):
    """A quota at a glance: the balance of the three counts, and where its lines stand."""

    _inherit = "kam.quota"

    balance_picture = fields.Html(
        "Balance of the Counts", compute="_compute_balance_picture", sanitize=False
    )
    has_balance = fields.Boolean(compute="_compute_has_balance")
    behind_count = fields.Integer("Lines Behind", compute="_compute_behind_count")

    @api.depends(
        "line_ids.indicator",
        "line_ids.actual",
        "line_ids.expected",
        "line_ids.target",
        "line_ids.standing",
    )
    def _compute_balance_picture(self):
        for quota in self:
            counts = quota._get_count_lines()
            rows = [
                CountRow(
                    line.label,
                    line.actual,
                    line.expected,
                    line.target,
                    line.standing or "",
                )
                for line in counts
            ]
            quota.balance_picture = bool(rows) and Markup(
                balance_picture(
                    self.env._("Balance of the three counts"),
                    rows,
                    self.env._("expected by today"),
                )
            )

    @api.depends("line_ids.indicator", "state", "date_start")
    def _compute_has_balance(self):
        """One count alone is in balance with nothing, as is what has not begun."""
        today = fields.Date.today()
        for quota in self:
            counts = quota._get_count_lines()
            begun = quota.date_start and quota.date_start <= today
            quota.has_balance = quota.state != "draft" and begun and len(counts) > 1

    @api.depends("line_ids.standing")
    def _compute_behind_count(self):
        for quota in self:
            quota.behind_count = sum(
                line.standing == "behind" for line in quota.line_ids
            )

    def _get_count_lines(self):
        """Return the lines of the three counts, in their order."""
        lines = {line.indicator: line for line in self.line_ids}
        found = [lines[key] for key in COUNTS if key in lines]
        return self.env["kam.quota.line"].concat(*found)
