from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..common import clock
from ..measure.indicator import SUM
from .kam_quota_measure import SUBJECT

# How long a closed period is looked at again.
RESTATED_MONTHS = 15
# Less than this is no difference but the imprecision of numbers.
NOTHING = 0.005


class KamQuota(models.Model):
    """What has changed since a period was closed is corrected in the one that runs."""

    _inherit = "kam.quota"

    def _find_closed(self):
        """Return the closed quotas that may have to be restated with these ones.

        Those of the same companies and owners that ended within the last months.
        """
        first = clock.today() - relativedelta(months=RESTATED_MONTHS)
        return self.search(
            Domain([("state", "=", "closed"), ("date_end", ">=", first)])
            & Domain("period", "in", list(set(self.mapped("period"))))
            & self._get_owners_domain()
        )

    def _restate(self, closed, sums):
        """Note what the figures of closed lines would be today."""
        known = self.env["kam.measure"]._get_indicators()
        for line in closed:
            figure = line["reported"] or (
                known[line["indicator"]].figure(sums.get(line["key"]), line) or 0.0
            )
            line["is_restated"] = line["restated"] != (figure := round(figure, 6))
            line["restated"] = figure
        changed = [line for line in closed if line["is_restated"]]
        self._write_lines(changed, {"restated": [ln["restated"] for ln in changed]})

    def _map_corrections(self, closed):
        """Return {running line id: [(closed line, amount)]} of what changed afterwards.

        What adds up and has changed since a period was closed counts in the next running
        quota of the same owner, kind of period and line, once.

        :param list closed: restated lines, see ``_read_lines``
        """
        sums = self.env["kam.measure"]._find(kind=SUM)
        late = [
            (line, amount)
            for line in closed
            if line["indicator"] in sums
            and abs(
                amount := line["restated"]
                - (line["actual"] - line["correction"])
                - line["carried"]
            )
            >= NOTHING
        ]
        following = self._map_running(late) if late else {}
        corrections = defaultdict(list)
        for line, amount in late:
            for key, start in following.get(self._get_line_key(line), ()):
                if start > line["date_end"]:
                    corrections[key].append((line, amount))
                    break
        return corrections

    def _map_running(self, late):
        """Return {owner and subject: [(line id, first day)]} of running lines, by day."""
        companies = {line["company_id"] for line, _amount in late}
        running = self._find_running(self.env["res.company"].browse(companies))
        result = defaultdict(list)
        for line in running._read_lines():
            result[self._get_line_key(line)].append((line["key"], line["date_start"]))
        return result

    @api.model
    def _get_line_key(self, line):
        """Return what lines of following periods have in common."""
        return tuple(line[name] for name in (*SUBJECT, "period"))
