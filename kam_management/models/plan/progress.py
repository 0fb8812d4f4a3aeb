"""How far a goal is, in plain numbers."""

REACHED, ON_TRACK, BEHIND = "reached", "on_track", "behind"


def elapsed(start, end, today):
    """Return the share of a period that is over by the end of a day, from 0 to 1.

    >>> from datetime import date
    >>> elapsed(date(2020, 1, 1), date(2020, 1, 10), date(2020, 1, 5))
    0.5
    >>> elapsed(date(2020, 1, 1), date(2020, 1, 10), date(2019, 12, 31))
    0.0
    """
    days = (min(today, end) - start).days + 1
    return max(days, 0) / ((end - start).days + 1)


def expected(baseline, target, share, cumulative):
    """Return what is expected by now, when things go evenly.

    What adds up over the period starts from nothing, anything else from the baseline.

    >>> expected(80, 100, 0.5, cumulative=True)
    50.0
    >>> expected(80, 100, 0.5, cumulative=False)
    90.0
    """
    first = 0 if cumulative else baseline
    return first + (target - first) * share


def progress(baseline, target, actual, share, cumulative, down):
    """Return how much of the way is done: 0 at its beginning, 1 at the target.

    - What adds up counts from nothing, a state from its baseline.
    - Where less is better and it adds up (a cost), the target is a budget: it is kept
      for the part of the period that is over, or spent faster than that.

    >>> progress(80, 100, 25, 0.5, cumulative=True, down=False)
    0.25
    >>> progress(80, 100, 85, 0.5, cumulative=False, down=False)
    0.25
    >>> progress(40, 30, 35, 0.5, cumulative=False, down=True)
    0.5
    >>> progress(0, 100, 50, 0.5, cumulative=True, down=True)
    0.5
    >>> progress(0, 100, 100, 0.5, cumulative=True, down=True)
    0.25
    >>> progress(50, 50, 50, 0.5, cumulative=False, down=False)
    1.0
    """
    if cumulative and down:
        budget = target * share
        return share * (min(budget / actual, 1) if actual > 0 else 1)
    first = 0 if cumulative else baseline
    if target == first:
        return float(actual <= target if down else actual >= target)
    return (actual - first) / (target - first)


def standing(target, actual, expected_now, share, cumulative, down):
    """Return whether the target is reached, on track to be, or behind.

    A budget is reached (kept) only when its time is over.

    >>> standing(100, 60, 50, 0.5, cumulative=True, down=False)
    'on_track'
    >>> standing(100, 100, 50, 0.5, cumulative=True, down=False)
    'reached'
    >>> standing(100, 60, 50, 0.5, cumulative=True, down=True)
    'behind'
    """
    sign = -1 if down else 1
    budget_runs = cumulative and down and share < 1
    if sign * actual >= sign * target and not budget_runs:
        return REACHED
    return ON_TRACK if sign * actual >= sign * expected_now else BEHIND
