"""The rule of levels once more, as naive as it can be: a day is asked, day by day.

It exists to hold the engine's SQL against it, so nothing here is clever.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


@dataclass
class History:
    """What happened to one account, and the settings it is judged by."""

    purchases: list = field(default_factory=list)  # (date, amount) each
    credits: list = field(default_factory=list)  # (date, amount) each, amount > 0
    touches: list = field(default_factory=list)  # dates
    months: int = 12
    minimum: int = 2

    def level(self, day: date) -> str:
        """Return the level at the end of a day (DESIGN, "The level rule")."""
        bought = sorted(d for d, _amount in self.purchases if d <= day)
        if not bought:
            return "engaged" if any(d <= day for d in self.touches) else "potential"
        if bought[-1] <= day - relativedelta(months=self.months):
            return "dormant"
        return "new" if len(bought) < self.minimum else "active"

    def log(self, until: date) -> list:
        """Return the transitions up to a day as (date, from, to, days in the former)."""
        evidence = [d for d, _amount in self.purchases] + self.touches
        if not evidence:
            return []
        day, steps = min(evidence) - timedelta(days=1), []
        level, since = self.level(day), None
        while day < until:
            day += timedelta(days=1)
            now = self.level(day)
            if now != level:
                steps.append((day, level, now, (day - since).days if since else 0))
                level, since = now, day
        return steps

    def revenue(self, day: date, windows_ago: int = 0) -> float:
        """Return purchases less credit notes of the window that ended then."""
        start = day - relativedelta(months=self.months * (windows_ago + 1))
        end = day - relativedelta(months=self.months * windows_ago)
        gross = sum(a for d, a in self.purchases if start < d <= end)
        return gross - sum(a for d, a in self.credits if start < d <= end)

    def window_count(self, day: date) -> int:
        """Return the number of purchases of the window that ends on a day."""
        start = day - relativedelta(months=self.months)
        return sum(start < d <= day for d, _amount in self.purchases)
