from odoo import models

from ..models.measure.indicator import AVERAGE
from ..models.quota.kam_quota_targets import roll_up


class KamQuotaPlanning(models.TransientModel):
    """What the targets of managers are together, for their teams and the company."""

    _inherit = "kam.quota.planning"

    def _sum_up_managers(self, entries):
        """Give teams and the company what their managers' targets add up to.

        Quotas that managers have already count with those planned now. What no manager
        has a target of stays as it was found.
        """
        for entry, sums in self._get_sums(entries):
            if not entry["skip"]:
                entry["targets"].update(sums)

    def _get_sums(self, entries):
        """Return [(entry of a team or the company, {key: sum of its managers' targets})].

        :param list entries: see ``_work_out``, those of managers among them
        """
        targets = self._get_managers_targets(entries)
        averaged = self.env["kam.measure"]._find(kind=AVERAGE)
        teams = {e["owner"].id for e in entries if e["scope"] == "team"}
        shares = self.env["kam.team.term"]._get_shares(teams, self._get_times())
        result = []
        for entry in entries:
            if entry["scope"] == "manager":
                continue
            members, sums = None, {}
            if entry["scope"] == "team":
                members = shares.get((entry["owner"].id, entry["time"]), {})
            for key in entry["targets"]:
                found = targets.get((entry["time"], key), {})
                if found and (members is None or not members.keys().isdisjoint(found)):
                    total = roll_up(found, members, key[0] in averaged)
                    # parts of a time and averages make fractions
                    if members or key[0] in averaged:
                        total = self._round(key, total)
                    sums[key] = total
            result.append((entry, sums))
        return result

    def _get_managers_targets(self, entries):
        """Return {(time, key): {id of the manager: target}}, planned now or before."""
        targets = {}
        for (scope, user, time), quota in self._find_existing().items():
            if scope != "manager" or (quota.date_start, quota.date_end) != time:
                continue
            for line in quota.line_ids:
                key = (line.indicator, line.categ_id.id, line.buyer)
                targets.setdefault((time, key), {})[user] = line.target
        for entry in entries:
            if entry["scope"] == "manager" and not entry["skip"]:
                for key, target in entry["targets"].items():
                    found = targets.setdefault((entry["time"], key), {})
                    found[entry["owner"].id] = target
        return targets
