from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..account.kam_account_metrics import SHARE_DIGITS
from ..common import clock
from ..engine.kam_engine_night import MANY_ACCOUNTS

# So many months that have ended are worked out when the app comes.
MONTHS_BACK = 36
# Of these months the figures may still move: invoices of a month are often posted in
# the first days of the next.
OPEN_MONTHS = 2
# Where it stands when the months were worked out last, and how much earlier an account
# may have been written that was not seen then.
MONTHS_TAKEN = "kam_management.months_taken"
OVERLAP = timedelta(hours=1)


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
        "Trailing Revenue",
        readonly=True,
        help="Untaxed revenue of the window that ended with the month, of customers"
        " with revenue; credit notes deducted.",
    )
    customer_count = fields.Integer(
        "Customers", readonly=True, aggregator="avg", help="Customers with revenue."
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
        help="Among groups with revenue from several customers.",
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
        "(company_id, date)", "A company has one row per month."
    )

    @api.model
    def _cron_take(self):
        """Work out the months that are missing or open, each committed by itself.

        The newest comes first; what was interrupted goes on the next time: with those
        that are still missing. The open ones there are would be begun anew, so they are
        done in one go, however long that takes. Without news of any account since,
        nothing is.
        """
        progress = self.env["ir.cron"]._commit_progress
        today, now, since = (
            clock.today(),
            fields.Datetime.now(),
            self._get_taken(),
        )
        todo = self._get_todo(today, since)
        progress(remaining=len(todo))
        for number, (as_of, companies, is_known) in enumerate(todo, 1):
            self._take(as_of, companies, since if is_known else None)
            if as_of == today:
                self.env["kam.portfolio.alarm"]._watch(companies)
            if not (progress(1) or is_known or number == len(todo)):
                return
        self.env["kam.engine"]._note(MONTHS_TAKEN, now)

    @api.model
    def _get_taken(self):
        """Return since when accounts may have changed without the months knowing.

        :return: datetime, some while before the last time; None: since ever
        """
        try:
            taken = fields.Datetime.to_datetime(
                self.env["kam.engine"]._note(MONTHS_TAKEN)
            )
        except ValueError:
            return None
        return taken and taken - OVERLAP

    @api.model
    def _get_todo(self, today, since=None):
        """Return the months to work out, those that are missing first, newest first.

        Those since the first purchase of a company, at most ``MONTHS_BACK``, that it
        lacks, and those that may still move where accounts have changed.

        :param datetime since: what was known until then is up to date
        :return: [(day, set of company ids, whether they have the month)]
        """
        days = [today]
        days += [get_month_end(today, ago) for ago in range(1, MONTHS_BACK + 1)]
        known = {
            (company.id, date)
            for company, date in self._read_group(
                [("date", ">=", days[-1])], ["company_id", "date:day"]
            )
        }
        firsts, changed = self._get_first_purchases(since)
        todo = []
        for ago, day in enumerate(days):
            begun = {company for company, first in firsts.items() if first <= day}
            has = {
                company for company in begun if (company, get_month_end(day)) in known
            }
            if lacks := begun - has:
                todo.append((day, lacks, False))
            if ago < OPEN_MONTHS and (moved := has & changed):
                todo.append((day, moved, True))
        return sorted(todo, key=lambda one: one[2])

    @api.model
    def _get_first_purchases(self, since):
        """Return {company id: date of its first purchase}, and whose accounts changed."""
        # sudo: the figures of all companies
        accounts = self.env["kam.account"].sudo().with_context(active_test=False)
        groups = accounts._read_group(
            [], ["company_id"], ["first_purchase_date:min", "write_date:max"]
        )
        return (
            {company.id: first for company, first, _last in groups if first},
            {company.id for company, _f, last in groups if not since or last >= since},
        )

    @api.model
    def _take(self, as_of, company_ids, since=None):
        """Work out the month of a day as the engine would have seen it on that day.

        Revenue, segments and shares are those of ``kam.account._refresh(as_of)``; its
        accounts stay as they are. Working a month out again changes what differs.

        :param date as_of: the last day of the month, or today in the running one
        :param company_ids: set of ids of our companies
        :param datetime since: of accounts unchanged since then, what the month has of
            them is right; None: of none
        """
        companies = self.env["res.company"].browse(company_ids)
        if not companies:
            return
        engine, date = self.env["kam.engine"], get_month_end(as_of)
        is_today = as_of == clock.today()
        self.env.flush_all()
        run = engine._prepare_run(as_of, companies)
        if is_today:
            run.look_up("sales", engine._get_stored_sales_sql())
        elif not (since and self._keep_sales_since(run, date, since)):
            engine._step_sales(run)
        engine._step_segments(run)
        is_running = is_today or as_of != date
        self.env["kam.account.month"]._take(run, date, is_running)
        self._take_portfolio(as_of, date, tuple(company_ids))
        run.finish()

    @api.model
    def _keep_sales_since(self, run, date, since):
        """Keep in ``sales`` what a month has of accounts, that of changed ones anew.

        :return: False where so many have changed that all had better be worked out
        """
        engine = self.env["kam.engine"]
        companies = tuple(company for rule in run.rules for company in rule.company_ids)
        changed = run.execute(
            SQL(
                """
                SELECT company_id, partner_id FROM kam_account
                 WHERE company_id IN %s AND write_date >= %s LIMIT %s
                """,
                companies,
                since,
                MANY_ACCOUNTS + 1,
            )
        ).fetchall()
        if not 0 < len(changed) <= MANY_ACCOUNTS:
            return False
        some = engine._prepare_run(
            run.as_of, self.env["res.company"].browse(companies), set(changed)
        )
        engine._set_scope(some)
        engine._step_sales(some)
        query = SQL(
            """
            SELECT company_id, partner_id, revenue, purchases FROM %(sales)s
            UNION ALL
            SELECT a.company_id, a.partner_id, m.revenue, (m.segment IS NOT NULL)::int
              FROM kam_account_month m
              JOIN kam_account a ON a.id = m.account_id
             WHERE m.date = %(date)s AND m.company_id IN %(companies)s
               AND NOT EXISTS (SELECT FROM %(scope)s s
                                WHERE s.company_id = a.company_id
                                  AND s.partner_id = a.partner_id)
            """,
            sales=some.table("sales"),
            scope=some.table("scope"),
            date=date,
            companies=companies,
        )
        run.keep("sales", [query], ("company_id", "partner_id"))
        some.finish()
        return True

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
