"""Months, quarters and years as days, and a total shared out over them."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

PERIODS = [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")]


def month_of(day):
    """Return the first and the last day of the month of a day.

    >>> from datetime import date
    >>> month_of(date(2024, 2, 10))
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    return day.replace(day=1), day + relativedelta(day=31)


def quarter_of(year_start, year_end, day):
    """Return the quarter of a fiscal year in which a day lies, as (number, first, last).

    >>> from datetime import date
    >>> quarter_of(date(2025, 4, 1), date(2026, 3, 31), date(2025, 8, 3))
    (2, datetime.date(2025, 7, 1), datetime.date(2025, 9, 30))
    """
    number = 4
    while number > 1 and day < year_start + relativedelta(months=3 * (number - 1)):
        number -= 1
    start = year_start + relativedelta(months=3 * (number - 1))
    end = year_start + relativedelta(months=3 * number) - timedelta(days=1)
    return number, start, year_end if number == 4 else end


def year_label(start, end):
    """Return how a fiscal year is called.

    >>> from datetime import date
    >>> year_label(date(2026, 1, 1), date(2026, 12, 31))
    '2026'
    >>> year_label(date(2026, 4, 1), date(2027, 3, 31))
    '2026/27'
    """
    if start.year == end.year:
        return str(start.year)
    return f"{start.year}/{end.year % 100:02d}"


def distribute(total, weights, digits=0):
    """Return a total shared out by weights, so that the parts add up to it exactly.

    By largest remainders: what rounding leaves over goes to the parts that lost most.
    Without any weight it is shared evenly.

    >>> distribute(100, [1, 1, 1])
    [34.0, 33.0, 33.0]
    >>> distribute(10, [0, 0])
    [5.0, 5.0]
    >>> distribute(1, [1, 1, 1], digits=2)
    [0.34, 0.33, 0.33]
    >>> sum(distribute(1234.5, [3, 1, 4, 1, 5]))
    1235.0
    """
    weights = [max(weight, 0) for weight in weights]
    if not sum(weights):
        weights = [1] * len(weights)
    scale = 10**digits
    # a half is rounded up, as people do
    units = int(total * scale + 0.5)
    shares = [units * weight / sum(weights) for weight in weights]
    parts = [int(share) for share in shares]
    by_remainder = sorted(
        range(len(parts)), key=lambda place: parts[place] - shares[place]
    )
    for place in by_remainder[: units - sum(parts)]:
        parts[place] += 1
    return [part / scale for part in parts]
