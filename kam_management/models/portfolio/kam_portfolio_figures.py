from odoo import api, fields, models
from odoo.tools import SQL

from ..account.kam_account_metrics import SEGMENTS, SHARE_DIGITS
from ..account.kam_level_mixin import LEVELS
from .kam_account_month import get_last_step_sql


class KamPortfolioMonth(models.Model):
    """How a month is summed up, and how it is shown."""

    _inherit = "kam.portfolio.month"

    as_of = fields.Date(
        compute="_compute_as_of",
        help="The last day of the month; in the running one, when it was worked out last.",
    )
    is_key_share_healthy = fields.Boolean(compute="_compute_health_of_shares")
    is_account_too_large = fields.Boolean(compute="_compute_health_of_shares")
    is_group_too_large = fields.Boolean(compute="_compute_health_of_shares")

    @api.depends("date")
    def _compute_as_of(self):
        taken = self._get_taken()
        for month in self:
            is_over = not taken or month.date < taken.date()
            month.as_of = month.date if is_over else taken.date()

    @api.depends("key_share", "largest_account_share", "largest_group_share")
    def _compute_health_of_shares(self):
        """Hold the shares against the limits of today."""
        for month in self:
            low, high, most = month.company_id._get_kam_concentration()
            month.is_key_share_healthy = low <= 100 * month.key_share <= high
            month.is_account_too_large = 100 * month.largest_account_share > most
            month.is_group_too_large = 100 * month.largest_group_share > most

    def _get_sums_sql(self, as_of, date, companies):
        """Return the SQL of one row per company, from the months of its accounts."""
        return SQL(
            """
            SELECT c.id AS company_id, customer.*, largest.*, level.*
              FROM res_company c
             CROSS JOIN LATERAL (
                SELECT COALESCE(sum(m.revenue), 0) AS revenue,
                       count(*) FILTER (WHERE m.revenue > 0) AS customer_count,
                       COALESCE(sum(m.revenue) FILTER (WHERE m.is_key_account), 0)
                           AS key_revenue,
                       COALESCE(round(sum(m.revenue) FILTER (WHERE m.is_key_account)
                                      / NULLIF(GREATEST(sum(m.revenue), 0), 0),
                                      %(digits)s), 0) AS key_share,
                       (array_agg(m.account_id ORDER BY m.revenue DESC, m.account_id)
                        FILTER (WHERE m.revenue > 0))[1] AS largest_account_id,
                       COALESCE(max(m.share), 0) AS largest_account_share,
                       %(segments)s, avg(m.health) AS health
                  FROM kam_account_month m
                 WHERE m.company_id = c.id AND m.date = %(date)s
             ) customer
              LEFT JOIN LATERAL (
                SELECT m.group_partner_id AS largest_group_id,
                       COALESCE(round(sum(m.revenue)
                                      / NULLIF(GREATEST(customer.revenue, 0), 0),
                                      %(digits)s), 0) AS largest_group_share
                  FROM kam_account_month m
                 WHERE m.company_id = c.id AND m.date = %(date)s
                 GROUP BY m.group_partner_id
                HAVING count(*) > 1 AND sum(m.revenue) > 0
                 ORDER BY sum(m.revenue) DESC, m.group_partner_id LIMIT 1
             ) largest ON TRUE
             CROSS JOIN LATERAL (%(levels)s) level
             WHERE c.id IN %(companies)s
            """,
            digits=SHARE_DIGITS,
            date=date,
            companies=companies,
            levels=self._get_levels_sql(as_of),
            segments=self._get_counts_sql("m", "segment", SEGMENTS),
        )

    def _get_levels_sql(self, as_of):
        """Return the SQL of how many accounts of the company ``c`` were on each level.

        Who was in no address book yet counts from his first step on.
        """
        return SQL(
            """
            SELECT %(counts)s
              FROM (
                SELECT COALESCE(step.to_level, 'potential') AS level
                  FROM kam_account a
                  JOIN res_partner p ON p.id = a.partner_id
                  LEFT JOIN LATERAL (%(last_step)s) step ON TRUE
                 WHERE a.company_id = c.id
                   AND (step.to_level IS NOT NULL
                        OR a.active AND p.create_date::date <= %(as_of)s)
             ) stood
            """,
            counts=self._get_counts_sql("stood", "level", LEVELS),
            last_step=get_last_step_sql(SQL("a.id"), as_of),
            as_of=as_of,
        )

    def _get_counts_sql(self, alias, column, values):
        """Return the SQL that counts the rows of each value, as ``<value>_count``."""
        return SQL(", ").join(
            SQL(
                "count(*) FILTER (WHERE %s = %s) AS %s",
                SQL.identifier(alias, column),
                value,
                SQL.identifier(f"{value}_count"),
            )
            for value, _label in values
        )

    def _format_figures(self):
        """Return this month as the client gets it; see ``get_concentration``."""
        self.ensure_one()
        # sudo: names of customers of the company, whose figures the user may see
        account, group = self.sudo().largest_account_id, self.sudo().largest_group_id

        def largest(record, share):
            return bool(record) and {
                "id": record.id,
                "name": record.display_name,
                "share": share,
            }

        return {
            "date": fields.Date.to_string(self.date),
            "customers": self.customer_count,
            **{
                name: self[name]
                for name in ("revenue", "key_revenue", "key_share", "health")
            },
            "largest_account": largest(account, self.largest_account_share),
            "largest_group": largest(group, self.largest_group_share),
            "segments": {letter: self[f"{letter}_count"] for letter in "abc"},
            "levels": {level: self[f"{level}_count"] for level, _label in LEVELS},
        }
