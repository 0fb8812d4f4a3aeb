from odoo import models
from odoo.tools import float_is_zero

from ..measure.indicator import AVERAGE


class KamPlanGoal(models.Model):
    """The figure of a goal opens its records; a closed plan's is what it was closed with."""

    _name = "kam.plan.goal"
    _inherit = ["kam.plan.goal", "kam.figure"]

    def _get_figure_row(self):
        return self.plan_id._prepare_row(self.indicator)

    def _get_shown_figure(self):
        if self.plan_id.state == "closed":
            return self.actual
        return super()._get_shown_figure()

    def _get_corrections(self):
        """Take back what has changed since the plan was closed, where figures add up."""
        change, indicator = self._get_change(), self._get_indicator()
        if not change or indicator.kind == AVERAGE or indicator.scale:
            return []
        return [
            {
                "date": self.plan_id.close_date,
                "user_id": None,
                "value": -change,
                "res_model": self._name,
                "res_id": self.id,
            }
        ]

    def _get_source_label(self):
        return self.env._("Changed since the plan was closed")

    def _tell_figure(self):
        figure, change = super()._tell_figure(), self._get_change()
        if not change:
            return figure
        return self.env._(
            "%(closed)s when closed, %(now)s by now",
            closed=figure,
            now=self._format_figure(self.actual + change),
        )

    def _get_change(self):
        """Return how much the figure has changed since the plan was closed."""
        if self.plan_id.state != "closed" or not self._get_indicator():
            return 0
        change = self._get_live_figure() - self.actual
        return 0 if float_is_zero(change, precision_digits=2) else change

    def _get_indicator(self):
        """Return the ``Indicator`` that measures this goal, None where nothing does."""
        return self.env["kam.measure"]._get_indicators().get(self.indicator)
