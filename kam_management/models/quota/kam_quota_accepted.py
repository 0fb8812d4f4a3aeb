from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..common import clock
from ..measure.indicator import SUM
from .kam_quota_restate import RESTATED_MONTHS


class KamQuota(models.Model):
    """When the past is read in another way, closed quotas and their corrections stay."""

    _inherit = "kam.quota"

    @api.model
    def _accept_restated(self):
        """Let what closed figures would be from now on be no news.

        For an upgrade by which the past is read or credited in another way. What is
        corrected in running quotas is restated - (actual - correction) - carried; so
        where ``restated`` jumps, ``carried`` jumps along, and the correction is what it
        was when it was last measured.
        """
        measure = self.env["kam.measure"]
        known = measure._get_indicators()
        first = clock.today() - relativedelta(months=RESTATED_MONTHS)
        closed = self.search([("state", "=", "closed"), ("date_end", ">=", first)])
        lines = [
            line
            for line in closed._read_lines()
            if known[line["indicator"]].kind == SUM
        ]
        sums, jumped = measure._sum(lines), []
        for line in lines:
            indicator = known[line["indicator"]]
            figure = round(indicator.figure(sums.get(line["key"]), line) or 0.0, 6)
            if figure != line["restated"]:
                line["carried"] += figure - line["restated"]
                line["restated"] = figure
                jumped.append(line)
        names = "restated", "carried"
        self._write_lines(
            jumped, {name: [line[name] for line in jumped] for name in names}
        )

    def _thaw_facts(self):
        """Carry no more than later periods have counted: the figures are new ones."""
        result = super()._thaw_facts()
        if self:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE kam_quota_line line
                       SET carried = COALESCE((
                           SELECT sum(fact.value) FROM kam_quota_fact fact
                             JOIN kam_quota_line later ON later.id = fact.line_id
                            WHERE fact.res_model = 'kam.quota.line'
                              AND fact.res_id = line.id AND later.state = 'closed'), 0)
                     WHERE line.quota_id IN %s
                    """,
                    tuple(self.ids),
                )
            )
            self.env["kam.quota.line"].invalidate_model(["carried"], flush=False)
        return result
