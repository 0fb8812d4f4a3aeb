from odoo import fields, models
from odoo.tools import SQL

from ..models.care.kam_reactivation import FAULTS
from ..models.common import clock


class KamReactivationReport(models.Model):
    """What reactivations brought: those that were worked on beside those that were not."""

    _name = "kam.reactivation.report"
    _description = "Reactivations Compared"
    _inherit = ["kam.guard"]
    _auto = False
    _rec_name = "account_id"
    _order = "date_start desc, id desc"

    reactivation_id = fields.Many2one("kam.reactivation", readonly=True)
    account_id = fields.Many2one("kam.account", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    date_start = fields.Date("Opened On", readonly=True)
    fault = fields.Selection(FAULTS, readonly=True)
    cause_id = fields.Many2one("crm.lost.reason", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("won", "Reactivated"), ("lost", "Not Won Back")],
        "Status",
        readonly=True,
    )
    is_worked = fields.Boolean("Worked On", readonly=True)
    won = fields.Float(
        "Share Reactivated",
        readonly=True,
        aggregator="avg",
        help="Of the cases that have ended.",
    )
    worth = fields.Monetary("Revenue at Stake", readonly=True)
    revenue = fields.Monetary(
        "Revenue Since",
        readonly=True,
        help="Untaxed revenue since they bought again.",
    )
    days = fields.Integer(readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        self.env.flush_all()
        return SQL(
            """
            SELECT r.id, r.id AS reactivation_id, r.account_id, r.company_id, r.user_id,
                   r.date_start, r.fault, r.cause_id, r.state, r.worth,
                   r.date_end - r.date_start AS days, since.revenue,
                   COALESCE(r.is_worked, FALSE) OR (r.state = 'open' AND EXISTS (
                        SELECT FROM kam_touch t
                         WHERE t.account_id = r.account_id AND t.active
                           AND t.date >= r.date_start)) AS is_worked,
                   CASE r.state WHEN 'won' THEN 1.0 WHEN 'lost' THEN 0.0 END AS won
              FROM kam_reactivation r
              LEFT JOIN (%s) since ON since.id = r.id
            """,
            self._get_revenue_sql(),
        )

    def _get_revenue_sql(self):
        """Return the SQL of what who is back bought since the silence: id, revenue."""
        evidence = self.env["kam.evidence"]
        looks = evidence._get_looks(clock.today(), self.env.companies)
        return SQL(
            """
            SELECT r.id, sum(sale.amount) AS revenue
              FROM (%s) sale
              JOIN kam_account a
                ON a.company_id = sale.company_id AND a.partner_id = sale.partner_id
              JOIN kam_reactivation r ON r.account_id = a.id AND r.state = 'won'
             WHERE sale.date > r.silent_since
             GROUP BY r.id
            """,
            evidence._get_sales_sql(looks),
        )
