from odoo import fields, models
from odoo.tools import SQL

from ..models.common import clock
from ..models.evidence.customers import JOIN_LEAD_COMPANY, LEAD_COMPANY

# What was done for a lead: logged on it, or, for the first lead of a customer, with the
# customer until the lead was closed.
TOUCHES = SQL(
    """(SELECT t.cost FROM kam_touch t WHERE t.lead_id = l.id AND t.active
         UNION ALL
        SELECT t.cost FROM kam_touch t
         WHERE is_first.yes AND t.account_id = l.kam_account_id AND t.active
           AND t.lead_id IS NULL AND t.date >= l.create_date
           AND t.date <= COALESCE(l.date_closed, t.date))"""
)


class KamChannelReport(models.Model):
    """Channels compared: one row per lead, by where it came from.

    What a customer brings counts once: for their first lead, if that came before the
    first purchase. The first year is that from the first purchase on.
    """

    _name = "kam.channel.report"
    _description = "Channels"
    _inherit = ["kam.guard"]
    _auto = False
    _rec_name = "lead_id"
    _order = "date desc, id desc"

    lead_id = fields.Many2one("crm.lead", readonly=True)
    account_id = fields.Many2one("kam.account", "Customer Account", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    date = fields.Date("Received On", readonly=True)
    engaged = fields.Integer(
        readonly=True, help="Leads with which somebody was in contact."
    )
    won = fields.Integer(readonly=True)
    revenue = fields.Monetary(
        "First-Year Revenue",
        readonly=True,
        help="What customers bought within a year from their first purchase, counted for"
        " the first lead of each.",
    )
    cost = fields.Monetary(
        "Cost of Resources",
        readonly=True,
        help="Of the resources used in contacts with the lead.",
    )
    days = fields.Integer(
        "Days to Win",
        readonly=True,
        aggregator="avg",
        help="Days from the lead to the deal that was won, on average.",
    )

    @property
    def _table_query(self):
        """Return the SQL of the leads; what hangs on one is looked up for it alone."""
        self.env.flush_all()
        return SQL(
            """
            SELECT l.id, l.id AS lead_id, l.kam_account_id AS account_id,
                   %(company)s AS company_id, l.source_id, l.medium_id, l.campaign_id,
                   l.user_id, l.team_id, l.create_date::date AS date,
                   (EXISTS %(touches)s)::int AS engaged,
                   (l.won_status = 'won')::int AS won,
                   CASE WHEN is_first.yes AND a.first_purchase_date >= l.create_date::date
                        THEN bought.amount END AS revenue,
                   (SELECT sum(touch.cost) FROM %(touches)s touch) AS cost,
                   CASE WHEN l.won_status = 'won'
                        THEN l.date_closed::date - l.create_date::date END AS days
              FROM crm_lead l %(join_company)s
              LEFT JOIN kam_account a ON a.id = l.kam_account_id
              LEFT JOIN (%(bought)s) bought ON bought.account_id = l.kam_account_id
             CROSS JOIN LATERAL (
                SELECT l.kam_account_id IS NOT NULL AND NOT EXISTS (
                    SELECT FROM crm_lead earlier
                     WHERE earlier.kam_account_id = l.kam_account_id
                       AND (earlier.create_date, earlier.id) < (l.create_date, l.id)
                ) AS yes
             ) is_first
            """,
            company=LEAD_COMPANY,
            join_company=JOIN_LEAD_COMPANY,
            touches=TOUCHES,
            bought=self._get_first_year_sql(),
        )

    def _get_first_year_sql(self):
        """Return the SQL of what accounts bought within a year: account_id, amount."""
        evidence = self.env["kam.evidence"]
        looks = evidence._get_looks(clock.today(), self.env.companies)
        return SQL(
            """
            SELECT a.id AS account_id, sum(sale.amount) AS amount
              FROM (%s) sale
              JOIN kam_account a
                ON a.company_id = sale.company_id AND a.partner_id = sale.partner_id
             WHERE sale.date < a.first_purchase_date + INTERVAL '1 year'
             GROUP BY a.id
            """,
            evidence._get_sales_sql(looks),
        )
