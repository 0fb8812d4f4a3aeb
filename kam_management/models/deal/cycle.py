"""When a deal is decided, going by how long deals have taken so far."""

from datetime import timedelta
from statistics import median

# So long a deal takes where nothing is known of others.
USUAL_DAYS = 90
# Fewer deals than that say nothing of how long they take.
FEWEST = 3
# A day that is proposed is at least so far away.
NEAREST_DAYS = 7


def find_usual(days):
    """Return how long deals usually take: the median of some; None if they are too few.

    >>> find_usual([10, 400, 30]), find_usual([10, 20])
    (30, None)
    >>> find_usual([0, 0, 0])
    1
    """
    return max(1, round(median(days))) if len(days) >= FEWEST else None


def propose_day(begun, usual, today):
    """Return the day on which a deal is decided, if it takes as long as others.

    One that takes longer already is given half of that time from today on.

    :param date begun: when the deal came up
    :param int usual: days that deals take

    >>> from datetime import date
    >>> str(propose_day(date(2026, 1, 1), 90, date(2026, 2, 1)))
    '2026-04-01'
    >>> str(propose_day(date(2025, 1, 1), 90, date(2026, 2, 1)))
    '2026-03-18'
    >>> str(propose_day(date(2026, 1, 1), 2, date(2026, 2, 1)))
    '2026-02-08'
    """
    nearest = today + timedelta(days=NEAREST_DAYS)
    day = begun + timedelta(days=usual)
    if day < nearest:
        day = max(nearest, today + timedelta(days=usual // 2))
    return day
