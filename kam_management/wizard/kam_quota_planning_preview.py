from odoo import models
from odoo.tools import format_date

from ..models.common import formats
from ..models.measure.indicator import SUM
from .kam_quota_planning import MOST_SHOWN


class KamQuotaPlanning(models.TransientModel):
    """What would be planned, shown before anything is."""

    _inherit = "kam.quota.planning"

    def action_preview(self):
        """Show what would be planned, before anything is.

        :return: action on this wizard
        """
        self._check_head()
        self.ensure_one()
        entries = self._work_out()
        self.preview = self.env["ir.qweb"]._render(
            "kam_management.quota_planning_preview",
            {
                "owners": self._prepare_preview(entries),
                "times": [self._get_time_label(time) for time in self._get_times()],
                "more": max(len(self._get_owners()) - MOST_SHOWN, 0),
                "count": sum(not entry["skip"] for entry in entries),
                "skipped": [
                    f"{entry['name']}: {entry['skip']}"
                    for entry in entries
                    if entry["skip"]
                ],
            },
        )
        return self._get_window()

    def action_back(self):
        """Go from the preview back to what was chosen.

        :return: action on this wizard
        """
        self.ensure_one()
        self.preview = False
        return self._get_window()

    def _get_window(self):
        """Return the action that shows this wizard again."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan Quotas"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_time_label(self, time):
        """Return how a period is called, short."""
        if self.period == "month":
            return format_date(self.env, time[0], date_format="MMM yy")
        return formats.span(self.env, *time)

    def _prepare_preview(self, entries):
        """Return rows of the preview: [(owner, [(label, [targets], total)])], as texts."""
        times = self._get_times()
        sums = self.env["kam.measure"]._find(kind=SUM)
        shown = []
        for scope, owner in self._get_owners()[:MOST_SHOWN]:
            targets = {}
            for entry in entries:
                if (entry["scope"], entry["owner"]) == (scope, owner):
                    for key, target in entry["targets"].items():
                        row = targets.setdefault(key, [None] * len(times))
                        row[times.index(entry["time"])] = target
            rows = [
                (
                    self._get_key_label(key),
                    [self._format_target(target) for target in row],
                    self._format_target(sum(filter(None, row)))
                    if key[0] in sums
                    else "",
                )
                for key, row in targets.items()
            ]
            shown.append((owner.display_name, rows))
        return shown

    def _format_target(self, target):
        """Return a target as it is read, with a dash for want of one."""
        return "–" if target is None else formats.number(self.env, target)

    def _get_key_label(self, key):
        """Return what a target is of, in words."""
        indicator, categ, buyer = key
        line = self.env["kam.quota.line"].new(
            {"indicator": indicator, "categ_id": categ, "buyer": buyer}
        )
        return line.label
