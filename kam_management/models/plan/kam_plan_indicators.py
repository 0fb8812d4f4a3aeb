from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..account import evidence
from ..stakeholder.kam_account_coverage import COVERED_ROLES


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
        _ = self.env._
        Plan = type(self)
        return {
            "revenue": Indicator(_("Revenue"), None, "up", Plan._measure_revenue, True),
            "transaction": Indicator(
                _("Average transaction"), None, "up", Plan._measure_transaction
            ),
            "margin": Indicator(_("Margin"), None, "up", Plan._measure_margin, True),
            "cost": Indicator(
                _("Cost to serve"), None, "down", Plan._measure_cost, True
            ),
            "wallet": Indicator(_("Share of wallet"), "%", "up", Plan._measure_wallet),
            "retention": Indicator(
                _("Retention of categories"), "%", "up", Plan._measure_retention
            ),
            "cycle": Indicator(
                _("Length of the sales cycle"), _("days"), "down", Plan._measure_cycle
            ),
            "loyalty": Indicator(
                _("Loyalty"), _("points of 5"), "up", Plan._measure_loyalty
            ),
            "coverage": Indicator(
                _("Coverage of people"), "%", "up", Plan._measure_coverage
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

    def _measure_revenue(self, periods):
        """Purchases by the company's basis less credit notes, untaxed."""
        return self._query_values(
            """
            SELECT period.plan_id, SUM(sale.amount)
              FROM %s period
              JOIN (SELECT company_id, partner_id, date, amount FROM (%s) bought
                     UNION ALL
                    SELECT company_id, partner_id, date, amount FROM (%s) credited) sale
                ON sale.company_id = period.company_id
               AND sale.partner_id = period.partner_id
               AND sale.date >= period.date_start AND sale.date < period.date_end + 1
             GROUP BY period.plan_id
            """,
            periods,
            self._get_evidence_sql(evidence.purchases, periods),
            self._get_evidence_sql(evidence.credit_notes, periods),
        )

    def _measure_transaction(self, periods):
        """Average purchase, untaxed."""
        return self._query_values(
            """
            SELECT period.plan_id, AVG(sale.amount)
              FROM %s period
              JOIN (%s) sale
                ON sale.company_id = period.company_id
               AND sale.partner_id = period.partner_id
               AND sale.date >= period.date_start AND sale.date < period.date_end + 1
             GROUP BY period.plan_id
            """,
            periods,
            self._get_evidence_sql(evidence.purchases, periods),
        )

    def _measure_margin(self, periods):
        """Untaxed revenue of order lines less the standard price of what was ordered."""
        return self._query_values(
            """
            SELECT period.plan_id, SUM(
                       line.price_subtotal
                       / COALESCE(NULLIF(o.currency_rate, 0), 1)
                       - line.product_uom_qty * COALESCE(unit.factor / stock.factor, 1)
                       * COALESCE((p.standard_price ->> o.company_id::text)::numeric, 0))
              FROM %s period
              JOIN sale_order o
                ON o.company_id = period.company_id
               AND o.kam_commercial_partner_id = period.partner_id
               AND o.date_order >= period.date_start
               AND o.date_order < period.date_end + 1 AND o.state = 'sale'
              JOIN sale_order_line line
                ON line.order_id = o.id AND line.display_type IS NULL
              LEFT JOIN product_product p ON p.id = line.product_id
              LEFT JOIN product_template t ON t.id = p.product_tmpl_id
              LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
              LEFT JOIN uom_uom stock ON stock.id = t.uom_id
             GROUP BY period.plan_id
            """,
            periods,
        )

    def _measure_cost(self, periods):
        """Cost of the resources of touches, and of the hours they took."""
        return self._query_values(
            """
            SELECT period.plan_id, SUM(COALESCE(touch.cost, 0)
                       + COALESCE(touch.duration, 0) * COALESCE(c.kam_hour_cost, 0))
              FROM %s period
              JOIN res_company c ON c.id = period.company_id
              JOIN kam_touch touch
                ON touch.account_id = period.account_id AND touch.active
               AND touch.date >= period.date_start AND touch.date < period.date_end + 1
             GROUP BY period.plan_id
            """,
            periods,
        )

    def _measure_wallet(self, periods):
        """Revenue in percent of what the customer spends in as much time."""
        revenue = self._measure_revenue(periods)
        spent = self._query_values(
            """
            SELECT p.id, p.wallet
                   * GREATEST(period.date_end - period.date_start + 1, 0)
                   / (p.date_end - p.date_start + 1)
              FROM %s period
              JOIN kam_plan p ON p.id = period.plan_id
             WHERE p.wallet > 0
            """,
            periods,
        )
        return {
            plan_id: 100 * revenue.get(plan_id, 0) / amount
            for plan_id, amount in spent.items()
            if amount
        }

    def _measure_retention(self, periods):
        """Product categories he ordered before and orders again, in percent.

        Compared is with a period of the same length just before.
        """
        return self._query_values(
            """
            SELECT plan_id, 100.0 * COUNT(*) FILTER (WHERE again) / COUNT(*)
              FROM (SELECT period.plan_id, t.categ_id,
                           bool_or(o.date_order >= period.date_start) AS again
                      FROM %s period
                      JOIN sale_order o
                        ON o.company_id = period.company_id
                       AND o.kam_commercial_partner_id = period.partner_id
                       AND o.date_order >= period.date_start
                           - (period.date_end - period.date_start + 1)
                       AND o.date_order < period.date_end + 1 AND o.state = 'sale'
                      JOIN sale_order_line line ON line.order_id = o.id
                      JOIN product_product p ON p.id = line.product_id
                      JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE line.product_uom_qty > 0
                     GROUP BY period.plan_id, t.categ_id
                    HAVING bool_or(o.date_order < period.date_start)) category
             GROUP BY plan_id
            """,
            periods,
        )

    def _measure_cycle(self, periods):
        """Average days from the first record of a deal to winning it."""
        return self._query_values(
            """
            SELECT period.plan_id,
                   AVG(EXTRACT(EPOCH FROM lead.date_closed - lead.create_date) / 86400)
              FROM %s period
              JOIN crm_lead lead
                ON lead.kam_account_id = period.account_id AND lead.won_status = 'won'
               AND lead.date_closed >= period.date_start
               AND lead.date_closed < period.date_end + 1
             GROUP BY period.plan_id
            """,
            periods,
        )

    def _measure_loyalty(self, periods):
        """Average of the surveys answered, from 1 to 5."""
        return self._query_values(
            """
            SELECT period.plan_id, AVG(survey.score)
              FROM %s period
              JOIN kam_survey survey
                ON survey.account_id = period.account_id AND survey.score > 0
               AND survey.answer_date BETWEEN period.date_start AND period.date_end
             GROUP BY period.plan_id
            """,
            periods,
        )

    def _measure_coverage(self, periods):
        """Share of the decisive roles whose players were met lately, as of today.

        Who was known in the past is not recorded: the baseline is that of the day.
        """
        accounts = self.sudo().account_id
        query = accounts._get_coverage_sql(SQL("IN %s", tuple(accounts.ids)))
        # where there are no dossiers at all, nobody is known
        return dict.fromkeys(self.ids, 0.0) | self._query_values(
            """
            SELECT period.plan_id, 100.0 * cardinality(coverage.met) / %s
              FROM %s period
              JOIN (%s) coverage ON coverage.account_id = period.account_id
            """,
            len(COVERED_ROLES),
            periods,
            query,
        )

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
