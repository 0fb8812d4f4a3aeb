from odoo import api, fields, models

from ..common import clock, formats
from ..common.pictures.balance import CountRow, balance_picture


class KamQuota(models.Model):
    """A quota at a glance: the balance of the three counts, and where its lines stand."""

    _inherit = "kam.quota"

    balance_picture = fields.Html(
        "Balance Chart", compute="_compute_balance_picture", sanitize=False
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
    @api.depends_context("lang")
    def _compute_balance_picture(self):
        title = self.env._("Balance of the three counts")
        for quota in self:
            rows = [line._prepare_count_row() for line in quota._get_count_lines()]
            quota.balance_picture = bool(rows) and balance_picture(title, rows)

    @api.depends("line_ids.indicator", "state", "date_start")
    def _compute_has_balance(self):
        """One count alone is in balance with nothing, as is what has not begun."""
        today = clock.today()
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
        counts = self.env["kam.measure"]._find(is_count=True)
        found = [lines[key] for key in counts if key in lines]
        return self.env["kam.quota.line"].concat(*found)


class KamQuotaLine(models.Model):
    _inherit = "kam.quota.line"

    def _prepare_count_row(self):
        """Return what the picture shows of this count, as a ``CountRow``."""
        actual, expected, target = (
            formats.figure(self.env, value)
            for value in (self.actual, self.expected, self.target)
        )
        return CountRow(
            self.label,
            self.actual,
            self.expected,
            self.target,
            self.standing or "",
            figures=f"{actual} / {target}",
            mark=self.env._("expected by today: %(figure)s", figure=expected),
        )
