"""When the milestones of a preparation are due."""


def spread(distances, left):
    """Return how many days before the submission each milestone is due.

    Where the preparation takes longer than there is time, all milestones before the
    submission move together in proportion: the first is due today, none is left out.

    :param list distances: days before the submission as planned, below 0 for after it
    :param int left: days until the submission
    :return: list of days

    >>> spread([270, 150, 0], 300)
    [270, 150, 0]
    >>> spread([270, 150, 0, -14], 90)
    [90, 50, 0, -14]
    >>> spread([30, 0], -5), spread([], 5)
    ([0, 0], [])
    """
    longest, left = max(distances, default=0), max(left, 0)
    if longest <= left:
        return distances
    return [round(days * left / longest) if days > 0 else days for days in distances]


def settle(day, worked, first):
    """Return the day with work on which a milestone is due: the one planned, or before.

    Where that would be too early, the next one after it.

    :param list worked: days with work, in order
    :param date first: the earliest day that makes sense, such as today

    >>> from datetime import date
    >>> friday, monday = date(2026, 12, 11), date(2026, 12, 14)
    >>> sunday = date(2026, 12, 13)
    >>> settle(monday, [friday, monday], friday) == monday
    True
    >>> settle(sunday, [friday, monday], friday) == friday
    True
    >>> settle(sunday, [friday, monday], sunday) == monday
    True
    """
    before = [one for one in worked if first <= one <= day]
    after = [one for one in worked if one >= max(day, first)]
    return (before[-1:] or after[:1] or [day])[0]
