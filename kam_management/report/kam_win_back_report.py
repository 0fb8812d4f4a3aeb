from odoo import fields, models
from odoo.tools import SQL

from ..models.care.win_back import BOUNDS
from ..models.common import clock


class KamWinBackReport(models.Model):
    """Dormant customers, by what they were worth and how likely they come back."""

    _name = "kam.win.back.report"
    _description = "Customers to Win Back"
    _inherit = ["kam.guard"]
    _auto = False
    _rec_name = "account_id"
    _order = "expected desc nulls last, worth desc nulls last, id"

    account_id = fields.Many2one("kam.account", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one("res.users", "Key Account Manager", readonly=True)
    is_key_account = fields.Boolean("Key Account", readonly=True)
    dormant_date = fields.Date("Dormant Since", readonly=True)
    last_purchase_date = fields.Date("Last Purchase", readonly=True)
    last_reached_date = fields.Date("Last Conversation", readonly=True)
    purchase_count = fields.Integer("Purchases", readonly=True)
    worth = fields.Monetary(
        "Revenue at Stake",
        readonly=True,
        help="Untaxed revenue of the last window in which they bought.",
    )
    likelihood = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How many customers of the company came back that had been dormant for as"
        " long. Empty while too few were seen.",
    )
    expected = fields.Monetary(
        "Expected Value",
        readonly=True,
        help="Revenue at stake times the likelihood.",
    )
    reactivation_id = fields.Many2one("kam.reactivation", readonly=True)

    @property
    def _table_query(self):
        """Return the SQL of the dormant accounts, with what they bought in the end."""
        self.env.flush_all()
        return SQL(
            """
            SELECT a.id, a.id AS account_id, a.company_id, a.manager_id,
                   a.is_key_account, a.level_date AS dormant_date, a.last_purchase_date,
                   a.last_reached_date, a.purchase_count, bought.worth,
                   stage.rate AS likelihood, bought.worth * stage.rate AS expected,
                   r.id AS reactivation_id
              FROM kam_account a
              LEFT JOIN (%(bought)s) bought ON bought.account_id = a.id
              LEFT JOIN (%(stages)s) stage
                ON stage.company_id = a.company_id
               AND stage.first <= %(today)s::date - a.level_date
               AND (stage.last IS NULL OR %(today)s::date - a.level_date < stage.last)
              LEFT JOIN kam_reactivation r ON r.account_id = a.id AND r.state = 'open'
             WHERE a.level = 'dormant' AND a.active
            """,
            bought=self._get_worth_sql(),
            stages=self._get_stages_sql(),
            today=clock.today(),
        )

    def action_reactivate(self):
        """Open a case for this customer, or show the one there is."""
        self.ensure_one()
        return self.account_id.action_reactivate()

    def _get_worth_sql(self):
        """Return the SQL of what dormant accounts bought last: account_id, worth."""
        evidence = self.env["kam.evidence"]
        looks = evidence._get_looks(clock.today(), self.env.companies)
        return SQL(
            """
            SELECT a.id AS account_id, sum(sale.amount) AS worth
              FROM (%s) sale
              JOIN kam_account a
                ON a.company_id = sale.company_id AND a.partner_id = sale.partner_id
              JOIN res_company c ON c.id = a.company_id
             WHERE a.level = 'dormant'
               AND sale.date > a.last_purchase_date
                               - make_interval(months => c.kam_window_months)
             GROUP BY a.id
            """,
            evidence._get_sales_sql(looks),
        )

    def _get_stages_sql(self):
        """Return the SQL of the rates: company_id, first and last day dormant, rate."""
        Account, today = self.env["kam.account"], clock.today()
        rows = [
            SQL(
                "(%s, %s, %s::int, %s::float)",
                company.id,
                first,
                BOUNDS[stage + 1] if stage + 1 < len(BOUNDS) else None,
                rate,
            )
            for company in self.env.companies
            for stage, (first, rate) in enumerate(
                zip(BOUNDS, Account._get_win_back_rates(company.id, today), strict=True)
            )
        ]
        return SQL(
            "SELECT * FROM (VALUES %s) stage (company_id, first, last, rate)",
            SQL(", ").join(rows),
        )
