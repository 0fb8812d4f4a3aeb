"""The rules of levels and health once more, as naive as can be: asked day by day.

It exists to hold the engine's SQL against it, so nothing here is clever.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import exp

from dateutil.relativedelta import relativedelta


@dataclass
class History:
    """What happened to one account, and the settings it is judged by."""

    purchases: list = field(default_factory=list)  # (date, amount) each
    sales: list = field(default_factory=list)  # (date, amount) each, maybe below 0
    touches: list = field(default_factory=list)  # dates
    opening: tuple | None = None  # (first day, last day, number) of ``purchases``
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
        """Return what was sold in the window that ended then, credit notes deducted."""
        start = self.window_start(day, windows_ago)
        end = day - relativedelta(months=self.months * windows_ago)
        return sum(a for d, a in self.sales if start < d <= end)

    def window_start(self, day: date, windows_ago: int = 0) -> date:
        """Return the last day before a window."""
        return day - relativedelta(months=self.months * (windows_ago + 1))

    def bought(self, day: date) -> bool:
        """Return whether there was any purchase up to a day."""
        return any(d <= day for d, _amount in self.purchases)

    def window_count(self, day: date) -> int:
        """Return the number of purchases of the window that ends on a day."""
        start = day - relativedelta(months=self.months)
        return sum(start < d <= day for d, _amount in self.purchases)

    def day_count(self, day: date) -> int:
        """Return on how many days there were purchases.

        The purchases of an opening between its first and its last are on one day each, as
        long as there are days between.
        """
        number = len({d for d, _amount in self.purchases if d <= day})
        if self.opening and self.opening[1] <= day:
            first, last, count = self.opening
            between = [first + timedelta(n) for n in range(1, (last - first).days)]
            number += len(between[: max(count - 2, 0)])
        return number

    def interval(self, day: date) -> Fraction | None:
        """Return the days from one day with a purchase to the next, on average.

        None where there is no second one.
        """
        known = [d for d, _amount in self.purchases if d <= day]
        if len(set(known)) < 2:
            return None
        return Fraction((max(known) - min(known)).days, self.day_count(day) - 1)

    def expected(self, day: date) -> date | None:
        """Return the day of the next purchase, as the rhythm so far has it."""
        interval = self.interval(day)
        if interval is None:
            return None
        last = max(d for d, _amount in self.purchases if d <= day)
        return last + timedelta(days=round(interval))

    def risk_date(self, day: date) -> date | None:
        """Return the first day of a silence that is too long, None without a rhythm.

        That is one of more than two and a half intervals, and of more than 14 days.
        """
        if self.day_count(day) < 3:
            return None
        limit = max(Fraction(5, 2) * self.interval(day), 14)
        silent = last = max(d for d, _amount in self.purchases if d <= day)
        while (silent - last).days <= limit:
            silent += timedelta(days=1)
        return silent

    def is_at_risk(self, day: date) -> bool:
        """Return whether the customer is silent for too long, and not dormant yet."""
        begins = self.risk_date(day)
        return bool(begins) and begins <= day and self.level(day) != "dormant"

    def estimate(self, day: date, usual: float | None) -> float | None:
        """Return how many days the next purchase may be away, None who never bought.

        :param usual: mean interval of the company's customers, None where none has one
        """
        known = [d for d, _amount in self.purchases if d <= day]
        if not known:
            return None
        interval = max(
            ((day - min(known)).days + (usual or 0)) / self.day_count(day), 1
        )
        return interval * exp((day - max(known)).days / (2 * interval))

    def pattern(self, day: date):
        """Return how the customer buys, False for who never bought (R6)."""
        known = [d for d, _amount in self.purchases if d <= day]
        if len(known) < 2:
            return "one_off" if known else False
        before = self.revenue(day, windows_ago=1)
        is_safe = (
            self.level(day) == "active"
            and not self.is_at_risk(day)
            and self.revenue(day) >= before > 0
        )
        return "safe" if is_safe else "repeat"


def segments(histories: list, day: date, first: float = 80, second: float = 95) -> list:
    """Return (segment, share) of each customer of a company at the end of a day.

    A customer is in the class in which the share of all who brought more ends, of what
    those with positive revenue bring; shares are of the net revenue of all.
    """
    revenues = [history.revenue(day) for history in histories]
    net, gross = sum(revenues), sum(revenue for revenue in revenues if revenue > 0)
    result = []
    for history, revenue in zip(histories, revenues, strict=True):
        share = round(revenue / net, 4) if net > 0 else 0
        before = sum(other for other in revenues if other > revenue and other > 0)
        if not history.bought(day):
            result.append((False, share))
        elif revenue <= 0 or before * 100 >= second * gross:
            result.append(("c", share))
        else:
            result.append(("a" if before * 100 < first * gross else "b", share))
    return result


def health(
    day,
    months,
    weights,
    level,
    revenue,
    before,
    days,
    rhythm,
    answers,
    is_logging,
    due,
    invoices,
    silence=None,
):
    """Return the health of an account that nobody's dossier is kept of, and its basis.

    None for a health that is not known, and for both where no part has a weight. The
    basis is the known part of the weights, in percent.

    - ``days`` since the last talk, None for never; ``rhythm`` in days;
    - ``answers``: (stars, days ago);
    - ``is_logging``: whether the company has ever logged a complaint or a wish;
    - ``due``: in so many days, of open complaints of this account;
    - ``invoices``: (amount not paid, due in so many days), all that were ever posted;
      less than 0 for credit notes, which are set against what is due;
    - ``silence``: (usual interval, days since the last purchase, whether a rhythm is known).
    """
    scores = [None] * 7
    if level == "dormant":
        scores[0] = 0
    elif before > 0:
        scores[0] = half_up(between(200 * Fraction(revenue, before) - 100))
    if rhythm:
        scores[1] = 0
        if days is not None:
            scores[1] = half_up(between(200 - Fraction(100 * days, rhythm)))
    start = day - relativedelta(months=months)
    # what is in the older half of the window counts for half
    half = day - relativedelta(months=months // 2, days=15 * (months % 2))
    weighed = [
        (stars, 2 if day - timedelta(days=ago) > half else 1)
        for stars, ago in answers
        if ago >= 0 and day - timedelta(days=ago) > start
    ]
    if weighed:
        loyalty = Fraction(sum(s * w for s, w in weighed), sum(w for _s, w in weighed))
        # loyalty has two decimals wherever it is shown
        scores[3] = half_up(25 * (Fraction(half_up(100 * loyalty), 100) - 1))
    if is_logging:
        scores[4] = 100
        for in_days in due:
            scores[4] = max(scores[4] - (50 if in_days < 0 else 25), 0)
    if any(amount > 0 for amount, _in_days in invoices):
        scores[5] = 100
    if 0 < (owed := sum(n for n, in_days in invoices if in_days < 0 or n < 0)):
        scores[5] = 0
        if revenue > 0:
            scores[5] = half_up(between(100 - 100 * Fraction(owed * months, revenue)))
    if silence:
        interval, ago, is_rhythm = silence
        scores[6] = 100 if ago <= interval else 50
        if level == "dormant" or is_rhythm and ago > max(Fraction(5 * interval, 2), 14):
            scores[6] = 0
    known = [(w, s) for w, s in zip(weights, scores, strict=True) if s is not None]
    carried, total = sum(weight for weight, _score in known), sum(weights)
    if not total:
        return None, None
    basis = int(Fraction(100 * carried, total))
    if Fraction(carried, total) < Fraction(1, 2):
        return None, basis
    return half_up(Fraction(sum(w * s for w, s in known), carried)), basis


def between(score: Fraction) -> Fraction:
    """Return a score within 0 and 100."""
    return min(max(score, Fraction(0)), Fraction(100))


def half_up(number: Fraction) -> int:
    """Return a number that is not negative without its fraction, a half rounded up.

    >>> half_up(Fraction(5, 2))
    3
    """
    return int(number + Fraction(1, 2))
