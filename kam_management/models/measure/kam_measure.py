from odoo import api, models

from .indicator import AVERAGE, GOAL, QUOTA, STATE, SUM, Indicator


class KamMeasure(models.AbstractModel):
    """The catalogue of what is measured, for quotas, goals, screens and mails alike."""

    _name = "kam.measure"
    _description = "Indicators"

    @api.model
    def _get_indicators(self):
        """Return what can be measured, as {key: ``Indicator``}.

        Other modules extend this method to add to it; the rest follows.
        """
        return {**self._get_counts(), **self._get_sold(), **self._get_contacts()}

    @api.model
    def _get_counts(self):
        """Return the three counts of customers that are to stay in balance."""
        Measure, customers = type(self), self.env._("customers")
        return {
            "kept": Indicator(
                self.env._("Active customers kept"),
                customers,
                STATE,
                Measure._get_kept_sql,
                outlook=Measure._get_kept_outlook_sql,
                is_count=True,
            ),
            "won": Indicator(
                self.env._("New customers won"),
                customers,
                SUM,
                Measure._get_won_sql,
                outlook=Measure._get_won_outlook_sql,
                is_count=True,
            ),
            "engaged": Indicator(
                self.env._("Potentials engaged"),
                customers,
                SUM,
                Measure._get_engaged_sql,
                is_count=True,
            ),
        }

    @api.model
    def _get_sold(self):
        """Return what is measured from sales."""
        Measure = type(self)
        return {
            "revenue": Indicator(
                self.env._("Revenue"),
                None,
                SUM,
                Measure._get_revenue_sql,
                outlook=Measure._get_revenue_outlook_sql,
                uses=(QUOTA, GOAL),
            ),
            "category_revenue": Indicator(
                self.env._("Revenue of a product category"),
                None,
                SUM,
                Measure._get_category_revenue_sql,
                by_product=True,
            ),
            "category_units": Indicator(
                self.env._("Units of a product category"),
                self.env._("units"),
                SUM,
                Measure._get_category_units_sql,
                by_product=True,
            ),
            "transaction": Indicator(
                self.env._("Average purchase value"),
                None,
                AVERAGE,
                Measure._get_transaction_sql,
                uses=(GOAL,),
            ),
            "margin": Indicator(
                self.env._("Margin"), None, SUM, Measure._get_margin_sql, uses=(GOAL,)
            ),
            "retention": Indicator(
                self.env._("Category retention"),
                "%",
                AVERAGE,
                Measure._get_retention_sql,
                by_period=True,
                uses=(GOAL,),
            ),
        }

    @api.model
    def _get_contacts(self):
        """Return what is measured from touches, surveys and deals."""
        Measure, points = type(self), self.env._("points of 5")
        return {
            "touches": Indicator(
                self.env._("Touches"),
                self.env._("touches"),
                SUM,
                Measure._get_touches_sql,
            ),
            "touch_quality": Indicator(
                self.env._("Quality of touches"),
                self.env._("stars of 5"),
                AVERAGE,
                Measure._get_touch_quality_sql,
                digits=1,
            ),
            "cost": Indicator(
                self.env._("Cost to serve"),
                None,
                SUM,
                Measure._get_cost_sql,
                uses=(GOAL,),
                direction="down",
            ),
            "cycle": Indicator(
                self.env._("Sales cycle length"),
                self.env._("days"),
                AVERAGE,
                Measure._get_cycle_sql,
                uses=(GOAL,),
                direction="down",
            ),
            "loyalty": Indicator(
                self.env._("Loyalty index"),
                points,
                AVERAGE,
                Measure._get_loyalty_sql,
                by_period=True,
                uses=(QUOTA, GOAL),
                digits=1,
            ),
            "promoters": Indicator(
                self.env._("Net promoter score"),
                self.env._("points"),
                AVERAGE,
                Measure._get_promoters_sql,
                uses=(QUOTA, GOAL),
            ),
            "coverage": Indicator(
                self.env._("Coverage: roles met"),
                "%",
                STATE,
                Measure._get_coverage_sql,
                uses=(GOAL,),
            ),
        }

    @api.model
    def _select_indicators(self, use):
        """Return [(key, label)] of what is set in quotas or goals.

        :param str use: ``QUOTA`` or ``GOAL``
        """
        return [(key, ind.label) for key, ind in self._find(use).items()]

    @api.model
    def _find(self, use=None, **wanted):
        """Return {key: ``Indicator``} of those that are as wanted.

        :param str use: ``QUOTA`` or ``GOAL``; None: any
        :param wanted: attributes of ``Indicator``, as they should be
        """
        return {
            key: indicator
            for key, indicator in self._get_indicators().items()
            if (use is None or use in indicator.uses)
            and all(getattr(indicator, n) == value for n, value in wanted.items())
        }
