from odoo import models
from odoo.tools import SQL

from ..account import evidence
from ..stakeholder.kam_account_coverage import COVERED_ROLES


class KamPlan(models.Model):
    """How each indicator is measured; see ``_get_indicators`` for what they get."""

    _inherit = "kam.plan"

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
