from itertools import accumulate

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..account.kam_account_metrics import SHARE_DIGITS
from ..account.kam_engine_ranks import get_ranked_sql
from ..common import clock
from .kam_portfolio_month import get_month_end

# Steps of a picture: more would not be seen.
PARETO_STEPS = 99
MONTHS_SHOWN = 24
# Of the running month, these are as of now.
RUNNING = ("revenue", "key_revenue", "key_share", "largest_account", "largest_group")


def pareto(revenues, steps):
    """Return the curve of the revenue that the largest customers bring together.

    :param revenues: of the customers, in any order, none below 0
    :param int steps: at most so many points beside the first one
    :return: list of [share of customers, share of revenue], none without customers

    >>> pareto([15, 50, 29, 6], 99)
    [[0.0, 0.0], [0.25, 0.5], [0.5, 0.79], [0.75, 0.94], [1.0, 1.0]]
    >>> pareto([3, 1, 1], 1), pareto([], 1)
    ([[0.0, 0.0], [1.0, 1.0]], [])
    """
    so_far = list(accumulate(sorted(map(float, revenues), reverse=True), initial=0.0))
    count = len(so_far) - 1
    return [
        [place / count, so_far[place] / so_far[-1]]
        for place in range(len(so_far))
        if count and place * steps // count > (place - 1) * steps // count
    ]


def share(revenue, total):
    """Return a part of revenue from 0 to 1, rounded as stored shares are.

    >>> share(1, 3), share(5, 0), share(5, -2)
    (0.3333, 0.0, 0.0)
    """
    return round(revenue / total, SHARE_DIGITS) if total > 0 else 0.0


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
        :raise AccessError: when the user may not see accounts, or works elsewhere
        """
        company = self.env["res.company"].browse(company_id)
        if company not in self.env.companies:
            raise AccessError(self.env._("Choose one of your companies."))
        domain = [("company_id", "=", company.id), ("revenue", ">", 0)]
        if team_id:
            domain.append(("team_id", "=", team_id))
        groups = self.with_context(active_test=False)._read_group(
            domain, ["segment"], ["__count", "revenue:sum", "revenue:array_agg"]
        )
        segments = {
            segment: {"count": count, "revenue": revenue}
            for segment, count, revenue, _revenues in groups
        }
        revenues = [revenue for *_group, revenues in groups for revenue in revenues]
        nothing = {"count": 0, "revenue": 0.0}
        # sudo: the limits are no secret
        limits = company.sudo()._get_kam_segments()
        return {
            "accounts": sum(segment["count"] for segment in segments.values()),
            "revenue": sum(segment["revenue"] for segment in segments.values()),
            "points": pareto(revenues, PARETO_STEPS),
            **{letter: segments.get(letter, nothing) for letter in "abc"},
            "limits": list(limits),
        }

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
        now = self._get_portfolio_figures(company)
        return {"now": now, **self._get_concentration_so_far(company, now)}

    @api.model
    def _get_concentration_so_far(self, company, now):
        """Return months, band and limit of ``get_concentration``.

        Of the running month the shares are those of now, not those of last night.

        :param company: a ``res.company`` record, access to which has been checked
        :param dict now: see ``_get_portfolio_figures``
        """
        *band, limit = company._get_kam_concentration()
        months = self.env["kam.portfolio.month"].search(
            [("company_id", "=", company.id)], limit=MONTHS_SHOWN
        )
        found = [month._format_figures() for month in reversed(months)]
        if months[:1].date == get_month_end(clock.today()):
            found[-1] |= {name: now[name] for name in RUNNING}
        return {
            "months": found,
            "band": band,
            "limit": limit,
        }

    @api.model
    def _get_portfolio_figures(self, company, leaving=None):
        """Return the figures of a company as of the last night, without some accounts.

        Shares are of the revenue of all who stay, those below zero included.

        :param company: a ``res.company`` record, access to which has been checked
        :param leaving: ids of the accounts to leave out, the others are ranked anew;
            None: with all accounts, ranked as the night did
        :return: {"revenue", "customers" (with revenue), "active" (their level),
            "key_accounts", "key_revenue", "key_share", "largest_account": {"id", "name",
            "share"}, "largest_group": the same, False when no group has several
            customers, "segments": {"a": {"count", "from": least revenue of one}, ...}};
            shares from 0 to 1
        """
        # sudo: the company's figures, to which access has been checked
        accounts = self.sudo().with_context(active_test=False)
        staying = Domain("company_id", "=", company.id)
        staying &= Domain("id", "not in", list(leaving or ()))
        buying = staying & Domain("revenue", ">", 0)
        standing = accounts._read_group(
            staying, ["is_key_account", "level"], ["__count", "revenue:sum"]
        )
        rounded = company.currency_id.round
        total = rounded(sum(revenue for *_group, revenue in standing))
        key_revenue = rounded(sum(revenue for key, *_rest, revenue in standing if key))
        account = accounts.search(buying, order="revenue desc, id", limit=1)
        groups = accounts._get_groups(
            staying & Domain("revenue", "!=", 0), order="revenue:sum desc", limit=1
        )
        customers, segments = accounts._get_segment_figures(
            company, buying, leaving is not None
        )
        return {
            "revenue": total,
            "customers": customers,
            "active": sum(n for _key, level, n, _sum in standing if level == "active"),
            "key_accounts": sum(n for key, _level, n, _sum in standing if key),
            "key_revenue": key_revenue,
            "key_share": share(key_revenue, total),
            "largest_account": self._format_largest(account, account.revenue, total),
            "largest_group": bool(groups) and self._format_largest(*groups[0], total),
            "segments": segments,
        }

    def _format_largest(self, record, revenue, total):
        """Return a customer or group as the client gets it, False for none."""
        return bool(record) and {
            "id": record.id,
            "name": record.display_name,
            "share": share(revenue, total),
        }

    def _get_segment_figures(self, company, buying, is_anew):
        """Return how many customers there are, and the figures of their segments.

        :param Domain buying: of the accounts that are compared
        :param bool is_anew: compare them with each other now; else as of the last night
        """
        if is_anew:
            query = self._search(buying, order="id")
            query.order = None
            names = ("company_id", "revenue", "purchase_count")
            columns = (SQL.identifier(query.table, name) for name in names)
            # the rule of the night, over all of them at once
            ranked = get_ranked_sql(query.select(*columns), company._get_kam_segments())
            groups = self.env.execute_query(
                SQL(
                    "SELECT segment, count(*), min(revenue) FROM (%s) ranked GROUP BY 1",
                    ranked,
                )
            )
        else:
            groups = self._read_group(buying, ["segment"], ["__count", "revenue:min"])
        found = {letter: (count, least) for letter, count, least in groups}
        return sum(count for count, _least in found.values()), {
            letter: {"count": count, "from": float(least)}
            for letter in "abc"
            for count, least in [found.get(letter, (0, 0))]
        }
