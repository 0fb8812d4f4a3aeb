"""My Day as one ordered list: what is to be done for whom, and what comes first."""

from typing import NamedTuple

# So many days late weigh no more than that many.
MOST_DAYS = 60


class Reason(NamedTuple):
    """Why somebody should turn to a customer today."""

    record: object  # what is to be looked at, one record
    text: str
    days: int = 0  # how late it is; 0: due today
    account: object = None  # the ``kam.account`` it is about, one or none
    money: float = 0  # at stake beyond what the account brings, in company currency
    button: dict | None = None  # see ``kam.cockpit._prepare_button``


def line_up(reasons, worth):
    """Return the lines of the day, a line for each customer, the most urgent first.

    What comes first has most at stake: money times one more than the days it is late, up
    to ``MOST_DAYS``; of what brings no money, what is latest. A line's first reason is
    its latest.

    :param list reasons: of ``Reason``
    :param worth: function of an account: what it brings, to be compared with others
    :return: list of (lists of reasons, money at stake)

    >>> def reason(text, account, days, money=0):
    ...     return Reason(text, text, days, account, money)
    >>> lines = line_up(
    ...     [
    ...         reason("call", "small", 20),
    ...         reason("offer", "large", 1),
    ...         reason("promise", "large", 2),
    ...         reason("decision", None, 3),
    ...         reason("quotation", "new", 0, 60),
    ...     ],
    ...     {"small": 10, "large": 100, "new": 0}.get,
    ... )
    >>> [([one.text for one in mine], money) for mine, money in lines]
    [(['promise', 'offer'], 100), (['call'], 10), (['quotation'], 60), (['decision'], 0)]
    """
    lines = {}
    for reason in reasons:
        lines.setdefault(reason.account or reason.record, []).append(reason)
    result = []
    for mine in lines.values():
        mine.sort(key=lambda reason: -reason.days)
        account = mine[0].account
        money = max(
            worth(account) if account else 0, *(reason.money for reason in mine)
        )
        result.append((mine, money))
    return sorted(result, key=_get_urgency)


def _get_urgency(line):
    """Return what lines are sorted by."""
    reasons, money = line
    days = max(0, reasons[0].days)
    return -money * (1 + min(days, MOST_DAYS)), -days
