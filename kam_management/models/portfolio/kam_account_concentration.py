from odoo import api, models
from odoo.tools import SQL

from ..account.refresh_segments import SHARE_DIGITS, get_ranked_sql

# Points of a picture: more would not be seen.
PARETO_POINTS = 100
MONTHS_SHOWN = 24


class KamAccount(models.Model):
    """All customers of a company together: how much revenue hangs on how few."""

    _inherit = "kam.account"

    @api.model
    @api.readonly
    def get_pareto(self, company_id, team_id=False):
        """Return how few customers bring how much, of the accounts the user may see.

        A manager gets the picture of his own accounts, a head of sales that of all.

        :param int company_id: one of our companies
        :param int team_id: only the accounts of a sales team
        :return: {"accounts": number of customers with revenue, "revenue": their revenue,
            "points": at most 100 of [share of customers, cumulated share of revenue],
            both from 0 to 1, "a": {"count", "revenue"}, "b", "c": as "a",
            "limits": percent of revenue at which A and B end}
        :raise AccessError: when the user may not see accounts
        """
        company = self.env["res.company"].browse(company_id)
        domain = [("company_id", "=", company.id), ("revenue", ">", 0)]
        if team_id:
            domain.append(("team_id", "=", team_id))
        segments = {
            segment: {"count": count, "revenue": revenue}
            for segment, count, revenue in self.with_context(
                active_test=False
            )._read_group(domain, ["segment"], ["__count", "revenue:sum"])
        }
        nothing = {"count": 0, "revenue": 0.0}
        # sudo: the limits are no secret
        limits = company.sudo()._get_kam_segments()
        return {
            "accounts": sum(segment["count"] for segment in segments.values()),
            "revenue": sum(segment["revenue"] for segment in segments.values()),
            "points": self._get_pareto_points(domain) if segments else [],
            **{letter: segments.get(letter, nothing) for letter in "abc"},
            "limits": list(limits),
        }

    def _get_pareto_points(self, domain):
        """Return the points of the curve, from [0, 0] to [1, 1]."""
        query = self.with_context(active_test=False)._search(domain, order="id")
        query.order = None
        revenue = self._field_to_sql(query.table, "revenue", query)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT place::float / everybody, so_far::float / total
                  FROM (
                    SELECT row_number() OVER ranking AS place,
                           sum(revenue) OVER ranking AS so_far,
                           count(*) OVER () AS everybody, sum(revenue) OVER () AS total
                      FROM (%(revenues)s) customer (id, revenue)
                    WINDOW ranking AS (ORDER BY revenue DESC, id ROWS UNBOUNDED PRECEDING)
                  ) ranked
                 WHERE place * %(steps)s / everybody > (place - 1) * %(steps)s / everybody
                 ORDER BY place
                """,
                revenues=query.select(SQL.identifier(query.table, "id"), revenue),
                steps=PARETO_POINTS - 1,
            )
        )
        return [[0.0, 0.0], *map(list, rows)]

    @api.model
    @api.readonly
    def get_concentration(self, company_id):
        """Return the shares of key accounts and of the largest customers, over time.

        :param int company_id: one of the user's companies
        :return: {"now": see ``_get_portfolio_figures``, "months": figures of the last 24
            months, oldest first, "band": percent of revenue between which the share
            of key accounts should be, "limit": percent of revenue from which one
            customer or group is too much}
        :raise AccessError: when the user is no head of sales of the company
        """
        company = self._check_portfolio_access(company_id)
        *band, limit = company._get_kam_concentration()
        months = self.env["kam.portfolio.month"].search(
            [("company_id", "=", company.id)], limit=MONTHS_SHOWN
        )
        [now] = self._get_portfolio_figures(company, [None])
        return {
            "now": now,
            "months": [month._format_figures() for month in reversed(months)],
            "band": band,
            "limit": limit,
        }

    @api.model
    def _get_portfolio_figures(self, company, leavings):
        """Return the figures of a company as of the last night, without some accounts.

        :param company: a ``res.company`` record, access to which has been checked
        :param list leavings: lists of ids of the accounts to leave out: one result each,
            the others ranked anew; None: with all accounts, ranked as the night did
        :return: list of {"revenue", "customers" (with revenue), "active" (their level),
            "key_accounts", "key_revenue", "key_share", "largest_account": {"id", "name",
            "share"}, "largest_group": the same, False when no group has several
            customers, "segments": {"a": {"count", "from": least revenue of one}, ...}};
            shares from 0 to 1
        """
        self.flush_model()
        rows = []
        for leaving in leavings:
            query = self._get_portfolio_sql(company, leaving)
            rows += self.env.execute_query_dict(query)
        # sudo: the company's figures, to which access has been checked
        sudo = self.sudo().with_context(active_test=False)
        names = {
            model: {
                record.id: record.display_name
                for record in sudo.env[model].browse(
                    {row[column] for row in rows if row[column]}
                )
            }
            for model, column in (
                ("kam.account", "account_id"),
                ("res.partner", "group_id"),
            )
        }
        return [self._format_figures(row, names) for row in rows]

    def _get_portfolio_sql(self, company, leaving):
        """Return the SQL of the figures of a company without some accounts.

        :param leaving: ids, or None; see ``_get_portfolio_figures``
        """
        stays = SQL("a.company_id = %s AND a.id <> ALL(%s)", company.id, leaving or [])
        return SQL(
            """
            WITH customer AS MATERIALIZED (%(customers)s),
            largest AS (
                SELECT id, revenue FROM customer ORDER BY revenue DESC, id LIMIT 1
            ),
            kin AS (
                SELECT group_partner_id AS id, sum(revenue) AS revenue FROM customer
                 WHERE group_partner_id IN (SELECT group_partner_id FROM customer
                                             WHERE partner_id <> group_partner_id)
                 GROUP BY group_partner_id HAVING count(*) > 1
                 ORDER BY revenue DESC, id LIMIT 1
            ),
            standing AS (
                SELECT count(*) FILTER (WHERE a.level = 'active') AS active,
                       count(*) FILTER (WHERE a.is_key_account) AS key_accounts
                  FROM kam_account a WHERE %(stays)s
            )
            SELECT COALESCE(sum(revenue), 0) AS revenue, count(*) AS customers,
                   (SELECT active FROM standing) AS active,
                   (SELECT key_accounts FROM standing) AS key_accounts,
                   COALESCE(sum(revenue) FILTER (WHERE is_key_account), 0) AS key_revenue,
                   COALESCE(round(sum(revenue) FILTER (WHERE is_key_account)
                            / sum(revenue), %(digits)s), 0) AS key_share,
                   (SELECT id FROM largest) AS account_id,
                   round((SELECT revenue FROM largest) / sum(revenue), %(digits)s)
                       AS account_share,
                   (SELECT id FROM kin) AS group_id,
                   round((SELECT revenue FROM kin) / sum(revenue), %(digits)s)
                       AS group_share,
                   %(segments)s
              FROM customer
            """,
            customers=self._get_portfolio_customers_sql(company, leaving, stays),
            stays=stays,
            digits=SHARE_DIGITS,
            segments=SQL(", ").join(
                SQL(
                    "count(*) FILTER (WHERE segment = %(key)s) AS %(count)s,"
                    " min(revenue) FILTER (WHERE segment = %(key)s) AS %(least)s",
                    key=letter,
                    count=SQL.identifier(f"{letter}_count"),
                    least=SQL.identifier(f"{letter}_from"),
                )
                for letter in "abc"
            ),
        )

    def _get_portfolio_customers_sql(self, company, leaving, stays):
        """Return the SQL of the customers with revenue that stay, with their segment.

        :param leaving: None when their segments are those of the last night
        :param SQL stays: condition that ``kam_account a`` stays
        """
        customers = SQL(
            """
            SELECT a.company_id, a.id, a.partner_id, a.group_partner_id, a.revenue,
                   a.is_key_account %s
              FROM kam_account a WHERE a.revenue > 0 AND %s
            """,
            SQL(", a.segment") if leaving is None else SQL(),
            stays,
        )
        if leaving is None:
            return customers
        return get_ranked_sql(customers, company._get_kam_segments())

    def _format_figures(self, row, names):
        """Return one row of ``_get_portfolio_sql`` as the client gets it."""

        def largest(model, column, share):
            found = row[column]
            return found and {
                "id": found,
                "name": names[model][found],
                "share": float(row[share]),
            }

        return {
            **{name: row[name] for name in ("customers", "active", "key_accounts")},
            **{
                name: float(row[name])
                for name in ("revenue", "key_revenue", "key_share")
            },
            "largest_account": largest("kam.account", "account_id", "account_share")
            or False,
            "largest_group": largest("res.partner", "group_id", "group_share") or False,
            "segments": {
                letter: {
                    "count": row[f"{letter}_count"],
                    "from": float(row[f"{letter}_from"] or 0),
                }
                for letter in "abc"
            },
        }
