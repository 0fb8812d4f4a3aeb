from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models

from ..models.common import clock

# Over how many whole months the run rate goes, and how many a period has.
RUN_MONTHS = 3
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class KamQuotaPlanning(models.TransientModel):
    """What the past says: the same time of last year, and the run rate since."""

    _inherit = "kam.quota.planning"

    def _fill_facts(self, entries, facts=None, rates=None):
        """Propose what was reached a year before, more or less a percentage.

        Who reached nothing then, in all the time that is planned, is proposed the run
        rate: a manager or a business that is new this year is no zero. Nothing is proposed
        to who has no customers today, unless last year's credit was asked for.
        """
        leading, owners = self._count_customers(), self._group(entries)
        if facts is None:
            facts = self._measure_last_year(owners)
        if rates is None:
            rates = self._measure_run_rates(owners, self._get_keys())
        for key in self._get_keys():
            for (scope, owner), theirs in owners.items():
                proposed = {}
                if not self._is_idle(theirs[0], leading):
                    proposed = self._propose(key, scope, owner, facts, rates)
                for entry in theirs:
                    target = self._round(key, proposed.get(entry["time"], 0))
                    entry["targets"][key] = target

    def _propose(self, key, scope, owner, facts, rates):
        """Return {time: target} of an indicator and an owner, see ``_fill_facts``."""
        times = self._get_times()
        found = {time: facts.get((scope, owner.id, time, key)) or 0 for time in times}
        if not any(figure > 0 for figure in found.values()):
            found = dict.fromkeys(times, rates.get((scope, owner.id, key), 0))
        factor = 1 + self.change / 100
        proposed = {time: figure * factor for time, figure in found.items()}
        if self._is_spread(key):
            return self._spread(key, sum(proposed.values()), times, facts)
        return proposed

    def _measure_last_year(self, owners, keys=None):
        """Return {(scope, id of the owner, time, key): the same time a year before}.

        The company's facts are among them when a year is spread by its season.
        """
        owners = set(owners)
        if self.season == "facts":
            owners.add(("company", self.company_id))
        spans = {time: self._get_year_before(time) for time in self._get_times()}
        return self._measure_spans(owners, spans, keys or self._get_keys())

    def _measure_spans(self, owners, spans, keys):
        """Return {(scope, id of the owner, name, key): figure} of some spans of time.

        :param owners: pairs (scope, record)
        :param dict spans: {name: pair of dates}
        :param keys: what to measure, see ``_get_keys``
        """
        rows = [
            {
                "key": (scope, owner.id, name, key),
                "company_id": self.company_id.id,
                "scope": scope,
                "user_id": owner.id if scope == "manager" else None,
                "team_id": owner.id if scope == "team" else None,
                "date_start": start,
                "date_end": end,
                "indicator": key[0],
                "categ_id": key[1] or None,
                "buyer": key[2],
            }
            for scope, owner in owners
            for name, (start, end) in spans.items()
            for key in keys
        ]
        # the facts are worked out with the rights of the head, for his company
        self.env["kam.quota"].check_access("create")
        return self.env["kam.measure"]._measure(rows, self.of_today) if rows else {}

    def _get_year_before(self, time):
        """Return the same period of the last year in which it is over.

        Who plans the next year in November knows no facts of this December yet: those
        of the December before stand in, instead of a target of nothing.
        """
        today = clock.today()
        years = 1
        while (time[1] - relativedelta(years=years)) >= today:
            years += 1
        day = time[0] - relativedelta(years=years)
        return self.company_id._get_kam_period(self.period, day)

    def _measure_run_rates(self, owners, keys):
        """Return {(scope, id of the owner, key): run rate}.

        What adds up is that of the last three whole months, per period; anything else
        is as it was in them.
        """
        known = self.env["kam.measure"]._get_indicators()
        span = self._get_run_span()
        found = self._measure_spans(owners, {"run": span}, keys)
        factor = MONTHS[self.period] / RUN_MONTHS
        return {
            (scope, owner, key): (figure or 0)
            * (factor if known[key[0]].adds_up else 1)
            for (scope, owner, _name, key), figure in found.items()
        }

    def _get_run_span(self):
        """Return the first and the last day of the last three whole months."""
        first = clock.today().replace(day=1)
        return first - relativedelta(months=RUN_MONTHS), first - timedelta(days=1)
