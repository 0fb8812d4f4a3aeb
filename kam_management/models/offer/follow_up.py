"""The steps after a quotation was sent, and when each of them is due."""

from datetime import timedelta

# One after the other; the last one comes again until the customer has decided.
RECEIPT, NEXT_STEPS, URGENCY, RESULTS = "receipt", "next_steps", "urgency", "results"
STEPS = [
    (RECEIPT, "Confirm Receipt"),
    (NEXT_STEPS, "Agree on Next Steps"),
    (URGENCY, "Find Out Urgency"),
    (RESULTS, "Interim Results"),
]
# Customers who do not buy regularly yet are asked sooner.
NEW_LEVELS = ("potential", "engaged", "new")
# The longest way to a day, in days: who never works there is asked on any weekday.
HORIZON = 90


def get_next_step(step):
    """Return the step after one, the last one again after the last.

    >>> get_next_step("receipt"), get_next_step("results")
    ('next_steps', 'results')
    """
    steps = [key for key, _label in STEPS]
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def count_on(day, count, get_working_days):
    """Return the day so many working days after another.

    :param int count: none: that day itself
    :param get_working_days: function of a first and a last day: the days there is work

    >>> from datetime import date
    >>> def days(start, end):
    ...     every = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    ...     return [day for day in every if day.weekday() < 5]
    >>> friday = date(2026, 11, 27)
    >>> str(count_on(friday, 1, days)), str(count_on(friday, 0, days))
    ('2026-11-30', '2026-11-27')
    """
    if count < 1:
        return day
    start, end = day + timedelta(days=1), day + timedelta(days=HORIZON + 2 * count)
    days = get_working_days(start, end)
    return days[count - 1] if count <= len(days) else day + timedelta(days=count)
