from odoo import api, fields, models
from odoo.tools import SQL

from ..measure.indicator import QUOTA

BUYERS = [
    ("all", "All customers"),
    ("new", "New customers"),
    ("active", "Active customers"),
]
# What is summed up, and what is a share of two sums.
SUMS = {"target:sum", "actual:sum"}
SHARES = {"attainment:avg": ("actual", "target")}
STANDINGS = [("ahead", "Ahead"), ("on_track", "On track"), ("behind", "Behind")]


class KamQuotaLine(models.Model):
    """One indicator of a quota: planned, measured, expected by today, forecast."""

    _name = "kam.quota.line"
    _description = "Line of a Quota"
    _inherit = ["kam.guard", "kam.import"]
    _order = "quota_id, sequence, id"
    _check_company_auto = True

    quota_id = fields.Many2one(
        "kam.quota", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)

    # What
    indicator = fields.Selection(
        lambda self: self.env["kam.measure"]._select_indicators(QUOTA), required=True
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        index="btree_not_null",
        ondelete="restrict",
        help="With its subcategories. Only for indicators of products.",
    )
    buyer = fields.Selection(BUYERS, "Sold To", required=True, default="all")
    is_by_product = fields.Boolean(
        compute="_compute_is_by_product", help="The target is set by product category."
    )
    unit = fields.Char(
        compute="_compute_unit", help="Such as EUR, customers or touches."
    )

    # Planned
    target = fields.Float(aggregator="sum")
    rolled_target = fields.Float(
        "Sum of Managers' Targets",
        compute="_compute_rolled_target",
        help="The sum of the quotas of this team's or company's managers. In a team,"
        " each counts for the days of membership.",
    )

    # Measured: written by the app alone
    actual = fields.Float(readonly=True, copy=False, aggregator="sum")
    correction = fields.Float(
        readonly=True,
        copy=False,
        help="Part of the actual figure: later changes to closed periods, such as"
        " credit notes.",
    )
    expected = fields.Float("Expected by Today", readonly=True, copy=False)
    forecast = fields.Float(readonly=True, copy=False)
    attainment = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Actual in percent of the target.",
    )
    deviation = fields.Float(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Actual against what is expected by today, in percent of it.",
    )
    standing = fields.Selection(STANDINGS, "Status", readonly=True, copy=False)

    # Of a closed period
    restated = fields.Float(
        readonly=True,
        copy=False,
        help="The figure of the closed period as of today.",
        string="Restated Actual",
    )
    carried = fields.Float(
        readonly=True,
        copy=False,
        help="The part of the difference counted in a later closed period.",
        string="Carried Over",
    )

    # Of the quota, for rules and analysis
    company_id = fields.Many2one(related="quota_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    measured_at = fields.Datetime(related="quota_id.measured_at")
    scope = fields.Selection(related="quota_id.scope", store=True)
    user_id = fields.Many2one(related="quota_id.user_id", store=True, index=True)
    team_id = fields.Many2one(related="quota_id.team_id", store=True)
    period = fields.Selection(related="quota_id.period", store=True)
    date_start = fields.Date(related="quota_id.date_start", store=True, index=True)
    date_end = fields.Date(related="quota_id.date_end", store=True)
    state = fields.Selection(
        related="quota_id.state", string="Quota Status", store=True
    )
    fact_ids = fields.One2many("kam.quota.fact", "line_id", "Source Records")
    decision_ids = fields.One2many("kam.quota.decision", "line_id", "Decisions")

    @api.depends("indicator")
    def _compute_is_by_product(self):
        by_product = self.env["kam.measure"]._find(by_product=True)
        for line in self:
            line.is_by_product = line.indicator in by_product

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Add up what is of one indicator alone: customers and money make no sum.

        What is reached of several lines is what they add up to, against their targets.
        """
        name = aggregate_spec.partition(":")[0]
        if aggregate_spec not in SUMS and aggregate_spec not in SHARES:
            return super()._read_group_select(aggregate_spec, query)

        def column(name):
            return self._field_to_sql(self._table, name, query)

        figure = SQL("SUM(%s)", column(name))
        otherwise = SQL("NULL")
        if aggregate_spec in SHARES:
            part, whole = SHARES[aggregate_spec]
            figure = SQL(
                "100 * SUM(%s) / NULLIF(SUM(%s), 0)", column(part), column(whole)
            )
            otherwise = SQL("AVG(%s)", column(name))
        indicator = column("indicator")
        return SQL(
            "CASE WHEN MIN(%s) = MAX(%s) THEN %s ELSE %s END",
            indicator,
            indicator,
            figure,
            otherwise,
        )
