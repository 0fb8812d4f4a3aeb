"""How a figure stands against what was planned, in plain numbers."""

from bisect import bisect_left, bisect_right

AHEAD, ON_TRACK, BEHIND, REACHED = "ahead", "on_track", "behind", "reached"


def elapsed(days, start, end, today):
    """Return (working days passed, working days) of a period.

    Today counts once it is over. A period without any working day passes by the
    calendar.

    :param list days: the working days, in order

    >>> from datetime import date
    >>> week = [date(2020, 6, day) for day in (1, 2, 3, 4, 5, 8, 9, 10, 11, 12)]
    >>> elapsed(week, date(2020, 6, 1), date(2020, 6, 14), date(2020, 6, 4))
    (3, 10)
    >>> elapsed(week, date(2020, 6, 1), date(2020, 6, 14), date(2020, 7, 1))
    (10, 10)
    >>> elapsed(week, date(2020, 6, 6), date(2020, 6, 7), date(2020, 6, 7))
    (1, 2)
    """
    first = bisect_left(days, start)
    total = bisect_right(days, end) - first
    if not total:
        passed = (min(today, end.fromordinal(end.toordinal() + 1)) - start).days
        return max(passed, 0), (end - start).days + 1
    passed = min(bisect_left(days, today), first + total) - first
    return max(passed, 0), total


def share_of(days, start, end, today):
    """Return the share of a period's working days that are over, from 0 to 1.

    :param list days: the working days, in order

    >>> from datetime import date
    >>> share_of([], date(2020, 6, 1), date(2020, 6, 10), date(2020, 6, 6))
    0.5
    """
    passed, total = elapsed(days, start, end, today)
    return passed / total


def expected(target, share, adds_up, baseline=None, begun=True):
    """Return what should be reached by now, when things go evenly.

    What adds up starts from nothing. A state or an average moves from its baseline to
    the target; without one it is expected as it is planned from the first day on.

    :param float share: of the working days that are over, from 0 to 1

    >>> expected(100, 0.3, adds_up=True), expected(100, 0.3, adds_up=False)
    (30.0, 100.0)
    >>> expected(100, 0.5, adds_up=False, baseline=80)
    90.0
    >>> expected(100, 0, adds_up=False, begun=False)
    0.0
    """
    if not begun:
        return 0.0
    if adds_up:
        return target * share
    first = target if baseline is None else baseline
    return float(first + (target - first) * share)


def pace(actual, passed, total):
    """Return where a figure ends that goes on as it has so far.

    >>> pace(30, 3, 10), pace(5, 0, 10)
    (100.0, 5.0)
    """
    return actual * total / passed if passed else float(actual)


def percent(actual, target):
    """Return a figure in percent of another; of nothing, 0.

    >>> percent(30, 40), percent(30, 0)
    (75.0, 0.0)
    """
    return 100.0 * actual / target if target else 0.0


def deviation(actual, expected_now):
    """Return how far a figure is from what is expected, in percent of that.

    >>> deviation(30, 40), deviation(50, 40), deviation(1, 0)
    (-25.0, 25.0, 0.0)
    """
    return percent(actual - expected_now, expected_now)


def standing(actual, expected_now, target, tolerance, begun=True):
    """Return whether a figure is ahead, on track or behind; False when nothing is planned.

    :param float tolerance: in percent of what is expected

    >>> standing(36, 40, 100, 10), standing(35.9, 40, 100, 10), standing(45, 40, 100, 10)
    ('on_track', 'behind', 'ahead')
    >>> standing(0, 0, 100, 10), standing(1, 0, 100, 10), standing(1, 0, 0, 10)
    ('on_track', 'ahead', False)
    """
    if not target or not begun:
        return False
    if not expected_now:
        return AHEAD if actual > 0 else ON_TRACK
    off = round(deviation(actual, expected_now), 6)
    return AHEAD if off > tolerance else BEHIND if off < -tolerance else ON_TRACK


def balance(counts):
    """Return how evenly the three counts stand, in percent.

    The worst against the best, each as far as it should be by now and no further: all
    three at or above expectation make 100, so does one that is alone.

    :param list counts: (actual, expected) of those that have a target

    >>> balance([(50, 50), (4, 3), (9, 9)]), balance([(40, 50), (3, 3), (1, 4)])
    (100.0, 25.0)
    >>> balance([(25, 50), (2, 4)]), balance([(0, 50), (0, 4)]), balance([])
    (100.0, 0.0, 100.0)
    >>> balance([(1, 50)]), balance([(1, 50), (0, 0)])
    (100.0, 2.0)
    """
    if len(counts) < 2:
        return 100.0
    shares = [
        max(min(actual / wanted, 1), 0) if wanted else 1 for actual, wanted in counts
    ]
    return 100.0 * min(shares) / max(shares) if any(shares) else 0.0


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


def goal_standing(target, actual, expected_now, share, cumulative, down):
    """Return whether the target is reached, on track to be, or behind.

    A budget is reached (kept) only when its time is over.

    >>> goal_standing(100, 60, 50, 0.5, cumulative=True, down=False)
    'on_track'
    >>> goal_standing(100, 100, 50, 0.5, cumulative=True, down=False)
    'reached'
    >>> goal_standing(100, 60, 50, 0.5, cumulative=True, down=True)
    'behind'
    """
    sign = -1 if down else 1
    budget_runs = cumulative and down and share < 1
    if sign * actual >= sign * target and not budget_runs:
        return REACHED
    return ON_TRACK if sign * actual >= sign * expected_now else BEHIND
