from odoo import api, models
from odoo.fields import Domain

from ..account.kam_level_mixin import LEVELS

SEGMENTS = ("a", "b", "c", False)
# Points of the health that make one bar.
HEALTH_BAND = 20


class KamCockpit(models.AbstractModel):
    """Portfolio: what our revenue hangs on, and where customers stand on the ladder.

    A head of sales sees the company, or one team of it; a manager the accounts in whose
    team he is.
    """

    _inherit = "kam.cockpit"

    @api.model
    @api.readonly
    def get_portfolio_accounts(self, team_id=False):
        """Return accounts by segment and level, and their health.

        :param int team_id: a sales team: only its accounts
        :return: ``{is_head, currency_id, teams, domain, segments, levels, cells:
            [{segment, level, count, revenue}], health: [{start, end, count}]}``
        """
        domain = self._get_portfolio_domain(team_id)
        Account = self.env["kam.account"]
        groups = Account._read_group(
            domain, ["segment", "level"], ["__count", "revenue:sum"]
        )
        return {
            "is_head": self._is_head(),
            "currency_id": self.env.company.currency_id.id,
            "teams": self._get_teams(),
            "domain": list(domain),
            "segments": list(SEGMENTS),
            "levels": Account._fields["level"]._description_selection(self.env),
            "cells": [
                {"segment": segment, "level": level, "count": count, "revenue": revenue}
                for segment, level, count, revenue in groups
            ],
            "health": self._prepare_health_bands(domain),
        }

    @api.model
    @api.readonly
    def get_portfolio_funnel(self, period="month", previous=False, team_id=False):
        """Return who came to each level in a period.

        :param str period: month, quarter or year
        :param bool previous: the period before this one
        :param int team_id: a sales team: only its accounts
        :return: ``{date_start, date_end, domain, came: {level: count},
            up: {level: count}}``: how many came to a level, and moved up from it
        """
        start, end, _day = self._get_period(period, previous)
        accounts = self._get_portfolio_domain(team_id)
        domain = Domain("date", ">=", str(start)) & Domain("date", "<=", str(end))
        domain &= Domain("account_id", "any", accounts)
        groups = self.env["kam.level.transition"]._read_group(
            domain, ["from_level", "to_level"], ["__count"]
        )
        ladder = [level for level, _label in LEVELS if level != "dormant"]
        came, up = {}, {}
        for source, target, count in groups:
            came[target] = came.get(target, 0) + count
            if source in ladder and target in ladder[ladder.index(source) + 1 :]:
                up[source] = up.get(source, 0) + count
        return {
            "date_start": str(start),
            "date_end": str(end),
            "domain": list(domain),
            "came": came,
            "up": up,
        }

    @api.model
    @api.readonly
    def get_portfolio_pareto(self, team_id=False):
        """Return which share of the accounts brings which share of the revenue.

        :param int team_id: a sales team: only its accounts
        :return: see ``kam.account.get_pareto``
        """
        return self.env["kam.account"].get_pareto(self.env.company.id, team_id)

    @api.model
    @api.readonly
    def get_portfolio_concentration(self):
        """Return how much hangs on key accounts, on one customer, on one group.

        :return: see ``kam.account.get_concentration``; None for who is no head of sales
        """
        if not self._is_head():
            return None
        return self.env["kam.account"].get_concentration(self.env.company.id)

    @api.model
    def _get_portfolio_domain(self, team_id):
        """Return the domain of the accounts that make the portfolio of the user.

        Of these a manager sees those in whose team he is, by the rule on accounts.
        """
        domain = Domain("company_id", "=", self.env.company.id)
        if team_id:
            domain &= Domain("team_id", "=", team_id)
        return domain

    @api.model
    def _prepare_health_bands(self, domain):
        """Return how many customers are how well, as [{start, end, count}].

        Those whose health is not known are in none of the bands.
        """
        Account = self.env["kam.account"]
        known = domain & Domain("health_band", "!=", False)
        bands = dict.fromkeys(range(0, 100, HEALTH_BAND), 0)
        for health, count in Account._read_group(known, ["health"], ["__count"]):
            # the best have 100, which is in the last band
            bands[min(health // HEALTH_BAND * HEALTH_BAND, max(bands))] += count
        return [
            {
                "start": start,
                "end": 100 if start == max(bands) else start + HEALTH_BAND - 1,
                "count": count,
            }
            for start, count in bands.items()
        ]
