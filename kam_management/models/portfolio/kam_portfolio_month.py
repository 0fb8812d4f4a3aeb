from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..account.kam_account_metrics import SHARE_DIGITS

# So many months that have ended are worked out when the app comes.
MONTHS_BACK = 36
# Of these months the figures may still move: invoices of a month are often posted in
# the first days of the next.
OPEN_MONTHS = 2


def get_month_end(day, months_ago=0):
    """Return the last day of the month of a day, or of one some months before.

    >>> from datetime import date
    >>> get_month_end(date(2024, 3, 31), 1)
    datetime.date(2024, 2, 29)
    """
    return day + relativedelta(months=-months_ago, day=31)


class KamPortfolioMonth(models.Model):
    """All customers of a company at the end of a month: how much hangs on how few."""

    _name = "kam.portfolio.month"
    _description = "Portfolio at the End of a Month"
    _inherit = ["kam.guard"]
    _order = "date desc, id desc"
    _rec_name = "date"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "Month",
        required=True,
        readonly=True,
        help="Its last day. The running month is as of last night.",
    )
    revenue = fields.Monetary(
        readonly=True,
        help="Untaxed revenue of the window that ended with the month, of the customers"
        " who brought some; credit notes deducted.",
    )
    customer_count = fields.Integer(
        "Customers", readonly=True, aggregator="avg", help="Those with revenue."
    )
    # Concentration
    key_revenue = fields.Monetary("Revenue of Key Accounts", readonly=True)
    key_share = fields.Float(
        "Share of Key Accounts",
        digits=(5, SHARE_DIGITS),
        readonly=True,
        aggregator="avg",
    )
    largest_account_id = fields.Many2one(
        "kam.account", "Largest Customer", readonly=True, index="btree_not_null"
    )
    largest_account_share = fields.Float(
        "Share of the Largest Customer",
        digits=(5, SHARE_DIGITS),
        readonly=True,
        aggregator="avg",
    )
    largest_group_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        help="Of the groups of which several customers brought revenue.",
    )
    largest_group_share = fields.Float(
        "Share of the Largest Group",
        digits=(5, SHARE_DIGITS),
        readonly=True,
        aggregator="avg",
    )
    # Structure
    a_count = fields.Integer("A Customers", readonly=True, aggregator="avg")
    b_count = fields.Integer("B Customers", readonly=True, aggregator="avg")
    c_count = fields.Integer("C Customers", readonly=True, aggregator="avg")
    potential_count = fields.Integer("Potential", readonly=True, aggregator="avg")
    engaged_count = fields.Integer("Engaged", readonly=True, aggregator="avg")
    new_count = fields.Integer("New", readonly=True, aggregator="avg")
    active_count = fields.Integer("Active", readonly=True, aggregator="avg")
    dormant_count = fields.Integer("Dormant", readonly=True, aggregator="avg")
    health = fields.Float(
        "Average Health", digits=(5, 1), readonly=True, aggregator="avg"
    )

    _company_date_uniq = models.UniqueIndex(
        "(company_id, date)", "A company has one row a month."
    )

    @api.model
    def _cron_take(self):
        """Work out the months that are missing or open, each committed by itself.

        The newest comes first; what was interrupted goes on the next time.
        """
        progress = self.env["ir.cron"]._commit_progress
        today = fields.Date.today()
        todo = self._get_todo(today)
        progress(remaining=len(todo))
        for as_of, companies in todo:
            self._take(as_of, companies)
            if as_of == today:
                self.env["kam.portfolio.alarm"]._watch(companies)
            if not progress(1):
                break

    @api.model
    def _get_todo(self, today):
        """Return [(day, set of company ids)] of the months to work out, newest first.

        Those since the first purchase of a company, at most ``MONTHS_BACK``, that it
        lacks or that may still move.
        """
        days = [today]
        days += [get_month_end(today, ago) for ago in range(1, MONTHS_BACK + 1)]
        known = {
            (company.id, date)
            for company, date in self._read_group(
                [("date", ">=", days[-1])], ["company_id", "date:day"]
            )
        }
        firsts = self._get_first_purchases(today)
        todo = []
        for ago, day in enumerate(days):
            companies = {
                company
                for company, first in firsts.items()
                if first <= day and (ago < OPEN_MONTHS or (company, day) not in known)
            }
            if companies:
                todo.append((day, companies))
        return todo

    @api.model
    def _get_first_purchases(self, today):
        """Return {company id: date of its first purchase}."""
        evidence = self.env["kam.evidence"]
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT company_id, min(date) FROM (%s) sale
                     WHERE purchases > 0 GROUP BY company_id
                    """,
                    evidence._get_sales_sql(evidence._get_looks(today)),
                )
            )
        )

    @api.model
    def _take(self, as_of, company_ids):
        """Work out the month of a day as the engine would have seen it on that day.

        Revenue, segments and shares are those of ``kam.account._refresh(as_of)``; its
        accounts stay as they are. Working a month out again changes what differs.

        :param date as_of: the last day of the month, or the day in the running one
        :param company_ids: set of ids of our companies
        """
        companies = self.env["res.company"].browse(company_ids)
        if not companies:
            return
        engine, date = self.env["kam.engine"], get_month_end(as_of)
        self.env.flush_all()
        run = engine._prepare_run(as_of, companies)
        engine._step_sales(run)
        engine._step_segments(run)
        self.env["kam.account.month"]._take(run, date, is_running=as_of != date)
        self._take_portfolio(as_of, date, tuple(company_ids))
        run.finish()

    def _take_portfolio(self, as_of, date, companies):
        """Sum up the rows of the accounts; write the month where it differs."""
        names = self._get_figures()
        new = [SQL.identifier("excluded", name) for name in names]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kam_portfolio_month AS m (company_id, date, %(names)s)
                SELECT company_id, %(date)s, %(names)s FROM (%(sums)s) sums
                ON CONFLICT (company_id, date) DO UPDATE SET (%(names)s) = (%(new)s)
                 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                names=SQL(", ").join(map(SQL.identifier, names)),
                date=date,
                sums=self._get_sums_sql(as_of, date, companies),
                old=SQL(", ").join(SQL.identifier("m", name) for name in names),
                new=SQL(", ").join(new),
            )
        )
        self.invalidate_model()

    def _get_figures(self):
        """Return the names of the columns that are worked out."""
        return [
            name
            for name, field in self._fields.items()
            if field.store and name not in ("id", "company_id", "date")
        ]
