from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL


class Indicator(NamedTuple):
    """Something the app measures by itself as the actual of a goal."""

    label: str
    unit: str | None  # None: the currency of the company
    direction: str  # "up": more is better, or "down"
    # (plans, SQL of their periods) -> {plan id: value}; a plan that is missing has no
    # figure, or nothing yet where it adds up
    measure: Callable
    is_cumulative: bool = False  # adds up over the period, as revenue does


class KamPlan(models.Model):
    """The catalogue of goals: each figure of all plans in one statement."""

    _inherit = "kam.plan"

    wallet = fields.Monetary(
        "What He Spends",
        tracking=True,
        help="What the customer spends in our field in the time of the plan, with us and"
        " with everybody else. Our share of it is a goal.",
    )

    _check_wallet = models.Constraint(
        "CHECK(wallet >= 0)", "What the customer spends cannot be negative."
    )

    @api.model
    def _get_indicators(self):
        """Return what can be measured, as {key: ``Indicator``}; other modules add to it.

        A ``measure`` is called as a method of ``kam.plan`` would be, once for all plans,
        with the SQL of a table in brackets: (plan_id, account_id, company_id,
        partner_id, date_start, date_end), the days included. That is the time of the
        plan up to today, or for a baseline a period of the same length before it.
        """
        Plan = type(self)
        return {
            "revenue": Indicator(
                self.env._("Revenue"), None, "up", Plan._measure_revenue, True
            ),
            "transaction": Indicator(
                self.env._("Average transaction"), None, "up", Plan._measure_transaction
            ),
            "margin": Indicator(
                self.env._("Margin"), None, "up", Plan._measure_margin, True
            ),
            "cost": Indicator(
                self.env._("Cost to serve"), None, "down", Plan._measure_cost, True
            ),
            "wallet": Indicator(
                self.env._("Share of wallet"), "%", "up", Plan._measure_wallet
            ),
            "retention": Indicator(
                self.env._("Retention of categories"),
                "%",
                "up",
                Plan._measure_retention,
            ),
            "cycle": Indicator(
                self.env._("Length of the sales cycle"),
                self.env._("days"),
                "down",
                Plan._measure_cycle,
            ),
            "loyalty": Indicator(
                self.env._("Loyalty"),
                self.env._("points of 5"),
                "up",
                Plan._measure_loyalty,
            ),
            "coverage": Indicator(
                self.env._("Coverage of people"), "%", "up", Plan._measure_coverage
            ),
        }

    @api.model
    def _select_indicator(self):
        return [(key, ind.label) for key, ind in self._get_indicators().items()]

    def _measure(self, keys, before=False):
        """Measure indicators of all these plans.

        :param keys: keys of ``_get_indicators``
        :param bool before: over a period of the same length before the plan
        :return: {key: {plan id: value}}; see ``Indicator``
        """
        if not self:
            return {key: {} for key in keys}
        self.env.flush_all()
        periods = self._get_periods_sql(before)
        indicators = self._get_indicators()
        return {key: indicators[key].measure(self, periods) for key in keys}

    def _get_periods_sql(self, before=False):
        """Return the SQL of a table of the plans' periods; see ``_get_indicators``."""
        start, end = SQL("p.date_start"), SQL("LEAST(p.date_end, %s)", self._today())
        if before:
            # in months and days: before a year comes a year, leap years or not
            start = SQL(
                "(p.date_start - age((p.date_end + 1)::timestamp,"
                " p.date_start::timestamp))::date"
            )
            end = SQL("p.date_start - 1")
        return SQL(
            """
            (SELECT p.id AS plan_id, p.account_id, p.company_id, a.partner_id,
                    %s AS date_start, %s AS date_end
               FROM kam_plan p
               JOIN kam_account a ON a.id = p.account_id
              WHERE p.id IN %s)""",
            start,
            end,
            tuple(self.ids),
        )

    def _today(self):
        return fields.Date.context_today(self)

    def _query_values(self, query, *args):
        """Return the rows (plan id, value) of a query as {plan id: value}."""
        rows = self.env.execute_query(SQL(query, *args))
        return {plan_id: float(value or 0) for plan_id, value in rows}

    def _get_evidence_sql(self, collect, periods):
        """Return the SQL of the evidence about the customers of some periods.

        What counts as a purchase is asked where the engine asks, see ``evidence``.

        :param collect: a function of ``evidence`` with the columns company_id,
            partner_id, date and amount
        """
        # sudo: whose plans these are was asked before
        accounts = self.sudo().account_id
        customers = {(a.company_id.id, a.partner_id.id) for a in accounts}
        accounts._refresh_set_scope(customers)
        [[first]] = self.env.execute_query(
            SQL("SELECT min(date_start) FROM %s period", periods)
        )
        today = self._today()
        # credit notes are looked for within two windows: far enough to see them all
        months = (today.year - first.year) * 12 + today.month - first.month
        queries = [
            collect(replace(rule, months=max(months // 2 + 1, 1)), True)
            for rule in accounts._get_rules(today)
        ]
        columns = SQL("company_id, partner_id, date, amount")
        return SQL(" UNION ALL ").join(
            SQL("SELECT %s FROM (%s) rule_%s", columns, query, SQL(str(number)))
            for number, query in enumerate(queries)
        )
