from odoo import api, fields, models
from odoo.tools import SQL

from ..account.kam_account_metrics import SEGMENTS, SHARE_DIGITS
from ..account.kam_level_mixin import LEVELS
from ..common.kam_merge import first
from ..engine.run import BULK_ROWS
from .kam_key_nomination import get_nominated_sql

# What is known of a customer at the end of a month; the order is that of the columns.
FIGURES = (
    "revenue",
    "segment",
    "share",
    "group_partner_id",
    "level",
    "is_key_account",
    "health",
)


def get_last_step_sql(account, day):
    """Return the SQL of the last step of an account up to a day: to_level, or no row.

    :param SQL account: an expression that yields the id of an account
    """
    return SQL(
        """
        SELECT t.to_level FROM kam_level_transition t
         WHERE t.account_id = %s AND t.date <= %s ORDER BY t.date DESC LIMIT 1
        """,
        account,
        day,
    )


class KamAccountMonth(models.Model):
    """Where a customer with revenue stood at the end of a month; see ``_take``."""

    _name = "kam.account.month"
    _description = "Customer at the End of a Month"
    _inherit = ["kam.level.mixin", "kam.guard", "kam.merge"]
    _order = "date desc, revenue desc, id desc"
    _rec_name = "account_id"
    # Rows are worked out in bulk; who wrote them says nothing.
    _log_access = False
    _merge_key = ("account_id", "date")

    account_id = fields.Many2one(
        "kam.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    manager_id = fields.Many2one(
        related="account_id.manager_id", string="Key Account Manager"
    )
    date = fields.Date(
        "Month",
        required=True,
        readonly=True,
        help="Its last day. The running month is as of last night.",
    )
    revenue = fields.Monetary(
        readonly=True,
        merge=sum,
        help="Untaxed revenue of the window that ended with the month, credit notes"
        " deducted.",
    )
    segment = fields.Selection(SEGMENTS, readonly=True, merge=min)
    share = fields.Float(
        "Share of Revenue",
        digits=(5, SHARE_DIGITS),
        readonly=True,
        aggregator="avg",
        merge=sum,
    )
    group_partner_id = fields.Many2one(
        "res.partner",
        "Customer Group",
        readonly=True,
        index="btree_not_null",
        help="The customer group at the time the month was calculated.",
    )
    level = fields.Selection(LEVELS, readonly=True)
    is_key_account = fields.Boolean("Key Account", readonly=True, merge=first)
    health = fields.Integer(
        readonly=True,
        aggregator="avg",
        merge=first,
        help="Empty where too little was known, and for months before health was"
        " recorded.",
    )

    _account_date_uniq = models.UniqueIndex(
        "(account_id, date)", "An account has one row per month."
    )
    _company_date_idx = models.Index("(company_id, date)")

    @api.model
    def _take(self, run, date, is_running):
        """Make the rows of a month those of the customers in ``segment``.

        Rows that are right stay as they are; of a month that has ended, health once known
        is kept.

        :param run: ``Run`` as of the day, with sales and segments
        :param date date: the last day of the month
        :param bool is_running: the month has not ended: health is that of now
        """
        self.flush_model()
        self._delete_missing(run, date)
        self._write_rows(run, date, is_running)
        self.invalidate_model()

    def _delete_missing(self, run, date):
        """Delete the rows of a month of customers that are not in ``segment``."""
        companies = tuple(c for rule in run.rules for c in rule.company_ids)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM kam_account_month m
                 WHERE m.date = %s AND m.company_id IN %s AND NOT EXISTS (
                    SELECT FROM %s s JOIN kam_account a
                        ON a.company_id = s.company_id AND a.partner_id = s.partner_id
                     WHERE a.id = m.account_id)
                """,
                date,
                companies,
                run.table("segment"),
            )
        )

    def _write_rows(self, run, date, is_running):
        """Add the rows of a month that are missing, and mend those that differ."""
        found = [SQL.identifier("excluded", name) for name in FIGURES]
        kept = [] if is_running else [SQL("COALESCE(excluded.health, m.health)")]
        new = found[: len(found) - len(kept)] + kept
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kam_account_month (account_id, company_id, date, %(names)s)
                SELECT excluded.account_id, excluded.company_id, %(date)s, %(new)s
                  FROM (%(standings)s) excluded (account_id, company_id, %(names)s)
                  LEFT JOIN kam_account_month m
                    ON m.account_id = excluded.account_id AND m.date = %(date)s
                 WHERE m.id IS NULL OR (%(old)s) IS DISTINCT FROM (%(new)s)
                ON CONFLICT (account_id, date) DO UPDATE
                   SET (company_id, %(names)s) = (EXCLUDED.company_id, %(set)s)
                """,
                names=SQL(", ").join(map(SQL.identifier, FIGURES)),
                date=date,
                standings=self._get_standings_sql(run, is_running),
                old=SQL(", ").join(SQL.identifier("m", name) for name in FIGURES),
                new=SQL(", ").join(new),
                set=SQL(", ").join(found),
            )
        )
        if self.env.cr.rowcount > BULK_ROWS:
            self.env.cr.execute(
                "ANALYZE kam_account_month (account_id, company_id, date)"
            )

    def _get_standings_sql(self, run, is_running):
        """Return the SQL of the rows of a month, from ``segment``.

        Columns: account_id, company_id, those of ``FIGURES``.
        """
        return SQL(
            """
            SELECT a.id, a.company_id, s.revenue, s.segment, s.share, s.root_id,
                   COALESCE(step.to_level, 'potential'), %(nominated)s, %(health)s
              FROM %(segment)s s
              JOIN kam_account a
                ON a.company_id = s.company_id AND a.partner_id = s.partner_id
              LEFT JOIN LATERAL (%(last_step)s) step ON TRUE
            """,
            segment=run.table("segment"),
            last_step=get_last_step_sql(SQL("a.id"), run.as_of),
            nominated=get_nominated_sql(SQL("a.id"), run.as_of),
            health=self._get_health_sql(is_running),
        )

    def _get_health_sql(self, is_running):
        """Return the SQL of the health of ``kam_account a``, unknown for the past."""
        return SQL("a.health" if is_running else "NULL::int")


class KamAccount(models.Model):
    """The months of an account."""

    _inherit = "kam.account"

    def action_view_months(self):
        """Open the revenue and the segments of this account, month by month."""
        action = self._prepare_records_action("kam_management.kam_account_month_action")
        action["domain"] = [("account_id", "=", self.id)]
        return action
