from odoo import models
from odoo.exceptions import UserError

from ..models.measure.indicator import SUM
from ..models.measure.periods import distribute


class KamQuotaPlanning(models.TransientModel):
    """How targets are found: copied, from the facts of last year, or typed."""

    _inherit = "kam.quota.planning"

    def _work_out(self, facts=None, rates=None):
        """Return what would be planned, in a fixed number of queries.

        :param dict facts: last year's, see ``_measure_last_year``, if already known
        :param dict rates: see ``_measure_run_rates``, if already known
        :return: list of dicts with scope, owner, time (pair of dates), name, targets
            ({(indicator, id of the category or False, buyer): target}), and skip (why
            no quota is made, or nothing)
        :raise UserError: when nobody or nothing is chosen
        """
        self._check_choice()
        entries = self._get_entries()
        todo = [entry for entry in entries if not entry["skip"]]
        getattr(self, f"_fill_{self.way}")(todo, facts, rates)
        if self.sum_up and self.way != "copy":
            self._sum_up_managers(entries)
        self._skip_empty(entries)
        return entries

    def _get_entries(self):
        """Return what there is to plan, without targets: see ``_work_out``."""
        existing = self._find_existing()
        return [
            {
                "scope": scope,
                "owner": owner,
                "time": time,
                "name": f"{owner.display_name}, {self._get_time_label(time)}",
                "targets": {},
                "skip": existing.get((scope, owner.id, time))
                and self.env._("there is already a quota"),
            }
            for scope, owner in self._get_owners()
            for time in self._get_times()
        ]

    def _skip_empty(self, entries):
        """Make no quota without targets, nor ones of zeros for who leads nobody."""
        leading = self._count_customers()
        busy = {entry["owner"] for entry in entries if any(entry["targets"].values())}
        for entry in entries:
            if entry["skip"]:
                continue
            if not entry["targets"]:
                entry["skip"] = self.env._("there are no targets to copy")
            elif self._is_idle(entry, leading) and entry["owner"] not in busy:
                entry["skip"] = self.env._("no customers and no target")

    def _is_idle(self, entry, leading):
        """Return whether an entry is of a manager who has no customers today.

        :param dict leading: see ``_count_customers``
        """
        is_manager = entry["scope"] == "manager"
        return is_manager and self.of_today and entry["owner"].id not in leading

    def _check_choice(self):
        """Want somebody to plan for and something to plan.

        :raise UserError: saying what to choose
        """
        if not self._get_owners():
            raise UserError(
                self.env._("Choose managers, sales teams or the company to plan for.")
            )
        known = self.env["kam.measure"]._get_indicators()
        if not known.keys() >= set(self.line_ids.mapped("indicator")):
            raise UserError(
                self.env._(
                    "The app that measures one of the indicators is no longer"
                    " installed. Remove its line."
                )
            )
        if self.way == "copy":
            if not self.source_date:
                raise UserError(self.env._("Choose the period to copy from."))
            return
        if not self.line_ids:
            raise UserError(self.env._("Choose at least one indicator to plan."))
        for line in self.line_ids:
            if line.is_by_product != bool(line.categ_id):
                raise UserError(
                    self.env._(
                        "Indicators by product category need a product category;"
                        " others must have none."
                    )
                )
        if len(self._get_keys()) < len(self.line_ids):
            raise UserError(
                self.env._("An indicator is chosen twice. Remove one of the lines.")
            )

    def _get_keys(self):
        """Return {(indicator, id of the category or False, buyer): line}, in order."""
        return {
            (
                line.indicator,
                line.categ_id.id,
                line.buyer if line.categ_id else "all",
            ): line
            for line in self.line_ids
        }

    def _find_existing(self):
        """Return {(scope, id of the owner, time): quota} of what is planned already."""
        times = self._get_times()
        quotas = self.env["kam.quota"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("period", "=", self.period),
                ("date_start", "<=", times[-1][1]),
                ("date_end", ">=", times[0][0]),
            ]
        )
        return {
            (quota.scope, quota._get_owner().id, time): quota
            for quota in quotas
            for time in times
            if quota.date_start <= time[1] and quota.date_end >= time[0]
        }

    # Copied

    def _fill_copy(self, entries, facts=None, rates=None):
        """Give each period the targets of the one it is copied from, place by place."""
        Quota = self.env["kam.quota"]
        known = self.env["kam.measure"]._get_indicators()
        times = self._get_times()
        source = self.new({"date": self.source_date}, origin=self)
        source_times = dict(zip(times, source._get_times(), strict=False))
        if not source_times:
            return
        quotas = Quota.search(
            [
                ("company_id", "=", self.company_id.id),
                ("period", "=", self.period),
                ("date_start", "in", [start for start, _end in source_times.values()]),
            ]
        )
        lines = {
            (quota.scope, quota._get_owner().id, quota.date_start): quota.line_ids
            for quota in quotas
        }
        for entry in entries:
            start = source_times.get(entry["time"], (None,))[0]
            found = lines.get((entry["scope"], entry["owner"].id, start), ())
            entry["targets"] = {
                (line.indicator, line.categ_id.id, line.buyer): line.target
                for line in found
                if line.indicator in known
            }

    # Typed

    def _fill_typed(self, entries, facts=None, rates=None):
        """Spread the targets that were typed over the periods."""
        times = self._get_times()
        if facts is None:
            needs_facts = self.season == "facts" and len(times) > 1
            facts = self._measure_last_year(set()) if needs_facts else {}
        for key, line in self._get_keys().items():
            if self._is_spread(key):
                targets = self._spread(key, line.target, times, facts)
            else:
                targets = dict.fromkeys(times, self._round(key, line.target))
            for entry in entries:
                entry["targets"][key] = targets[entry["time"]]

    def _is_spread(self, key):
        """Return whether a total is shared out over several periods."""
        sums = self.env["kam.measure"]._find(kind=SUM)
        return key[0] in sums and len(self._get_times()) > 1

    def _spread(self, key, total, times, facts):
        """Return {time: target} that add up to a total, by the season chosen."""
        if self.season == "workdays":
            count = self.company_id._get_kam_working_days
            weights = [len(count(*time)) for time in times]
        elif self.season == "facts":
            company = self.company_id.id
            weights = [
                facts.get(("company", company, time, key)) or 0 for time in times
            ]
        else:
            weights = [1] * len(times)
        targets = distribute(max(total, 0), weights, self._get_digits(key))
        return dict(zip(times, targets, strict=True))

    def _get_digits(self, key):
        """Return the decimal places of the targets of an indicator."""
        return self.env["kam.measure"]._get_indicators()[key[0]].digits

    def _round(self, key, target):
        """Return a target with as many decimal places as it needs."""
        return distribute(max(target, 0), [1], self._get_digits(key))[0]

    def _group(self, entries):
        """Return {(scope, owner): entries}."""
        groups = {}
        for entry in entries:
            groups.setdefault((entry["scope"], entry["owner"]), []).append(entry)
        return groups
