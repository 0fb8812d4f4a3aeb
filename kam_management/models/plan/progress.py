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


def expected(baseline, target, share, cumulative, down):
    """Return what is expected by now, when things go evenly.

    What adds up over the period starts from nothing, anything else from the baseline.
    Where less is better, a baseline of 0 is none: the target itself is expected.

    >>> expected(80, 100, 0.5, cumulative=True, down=False)
    50.0
    >>> expected(80, 100, 0.5, cumulative=False, down=False)
    90.0
    >>> expected(0, 100, 0.5, cumulative=False, down=True)
    100.0
    """
    if down and not cumulative and not baseline:
        return float(target)
    first = 0 if cumulative else baseline
    return first + (target - first) * share


def progress(baseline, target, actual, share, cumulative, down):
    """Return how much of the way is done: 0 at its beginning, 1 at the target.

    - What adds up counts from nothing, a state from its baseline.
    - Where less is better and it adds up (a cost), the target is a budget: it is kept
      for the part of the period that is over, or spent faster than that.
    - Where less is better and there is no baseline, the target is compared with.
    - A goal far off its way is no more than -1 or 2: it shall not drown the others when
      they are averaged.

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
    >>> progress(0, 80, 100, 0.5, cumulative=False, down=True)
    0.8
    >>> progress(50, 50, 50, 0.5, cumulative=False, down=False)
    1.0
    >>> progress(50, 51, 99, 0.5, cumulative=False, down=False)
    2
    """
    if cumulative and down:
        budget = target * share
        return share * (min(budget / actual, 1) if actual > 0 else 1)
    first = 0 if cumulative else baseline
    if down and not baseline:
        way = target / actual if actual > 0 else 1.0
    elif target == first:
        way = float(actual <= target if down else actual >= target)
    else:
        way = (actual - first) / (target - first)
    return max(-1, min(way, 2))


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
