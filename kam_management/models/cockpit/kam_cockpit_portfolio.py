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
            [{segment, level, count, revenue}], health: [{start, end, count}],
            health_unknown: count of the others, risk: {count, revenue}, as_of}``
        """
        levels = self.env["kam.account"]._fields["level"]
        return {
            "is_head": self._is_head(),
            "currency_id": self.env.company.currency_id.id,
            "teams": self._get_teams(),
            "domain": list(self._get_portfolio_domain(team_id)),
            "segments": list(SEGMENTS),
            "levels": levels._description_selection(self.env),
            **self._get_figures("accounts", team_id),
        }

    @api.model
    def _measure_accounts(self, team_id):
        """Return accounts by segment and level, and their health."""
        domain = self._get_portfolio_domain(team_id)
        groups = self.env["kam.account"]._read_group(
            domain, ["segment", "level"], ["__count", "revenue:sum"]
        )
        return {
            "cells": [
                {"segment": segment, "level": level, "count": count, "revenue": revenue}
                for segment, level, count, revenue in groups
            ],
            "health": self._prepare_health_bands(domain),
            "health_unknown": self.env["kam.account"].search_count(
                domain & Domain("health_band", "=", False)
            ),
            "risk": self._sum_up_risk(domain),
        }

    @api.model
    def _sum_up_risk(self, domain):
        """Return how many customers are at risk, and the revenue of the window with them."""
        [[count, revenue]] = self.env["kam.account"]._read_group(
            domain & Domain("is_at_risk", "=", True), [], ["__count", "revenue:sum"]
        )
        return {"count": count, "revenue": revenue}

    @api.model
    @api.readonly
    def get_portfolio_funnel(self, period="month", previous=False, team_id=False):
        """Return who came to each level in a period.

        :param str period: month, quarter or year
        :param bool previous: the period before this one
        :param int team_id: a sales team: only its accounts
        :return: ``{date_start, date_end, domain, came: {level: count},
            up: {level: count}, as_of}``: how many came to a level, and moved up from it
        """
        start, end, _day = self._get_period(period, previous)
        return {
            "date_start": str(start),
            "date_end": str(end),
            "domain": list(self._get_steps_domain(start, end, team_id)),
            **self._get_figures("funnel", start, end, team_id),
        }

    @api.model
    def _get_steps_domain(self, start, end, team_id):
        """Return the domain of the steps from a day to another."""
        domain = Domain("date", ">=", str(start)) & Domain("date", "<=", str(end))
        return domain & Domain("account_id", "any", self._get_portfolio_domain(team_id))

    @api.model
    def _measure_funnel(self, start, end, team_id):
        """Return how many came to each level from a day to another, and moved up."""
        groups = self.env["kam.level.transition"]._read_group(
            self._get_steps_domain(start, end, team_id),
            ["from_level", "to_level"],
            ["__count"],
        )
        ladder = [level for level, _label in LEVELS if level != "dormant"]
        came, up = {}, {}
        for source, target, count in groups:
            came[target] = came.get(target, 0) + count
            if source in ladder and target in ladder[ladder.index(source) + 1 :]:
                up[source] = up.get(source, 0) + count
        return {"came": came, "up": up}

    @api.model
    @api.readonly
    def get_portfolio_pareto(self, team_id=False):
        """Return which share of the accounts brings which share of the revenue.

        :param int team_id: a sales team: only its accounts
        :return: see ``kam.account.get_pareto``; and ``as_of``
        """
        return self._get_figures("pareto", team_id)

    @api.model
    def _measure_pareto(self, team_id):
        return self.env["kam.account"].get_pareto(self.env.company.id, team_id)

    @api.model
    @api.readonly
    def get_portfolio_concentration(self):
        """Return how much hangs on key accounts, on one customer, on one group.

        :return: see ``kam.account.get_concentration``, and ``as_of`` of what is now; None
            for who is no head of sales
        """
        if not self._is_head():
            return None
        Account = self.env["kam.account"]
        company = Account._check_portfolio_access(self.env.company.id)
        figures = self._get_figures("concentration")
        return {
            **Account._get_concentration_so_far(company, figures["now"]),
            **figures,
        }

    @api.model
    def _measure_concentration(self):
        company = self.env.company
        return {"now": self.env["kam.account"]._get_portfolio_figures(company)}

    @api.model
    def _get_parts(self):
        return {
            **super()._get_parts(),
            "accounts": self._measure_accounts,
            "funnel": self._measure_funnel,
            "pareto": self._measure_pareto,
            "concentration": self._measure_concentration,
        }

    @api.model
    def _get_questions(self):
        teams = [False, *(team["id"] for team in self._get_teams())]
        questions = [*super()._get_questions(), ("concentration", ())]
        for team_id in teams:
            questions += [("accounts", (team_id,)), ("pareto", (team_id,))]
            questions += [
                ("funnel", (*days, team_id)) for days in self._get_all_periods()
            ]
        return questions

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
