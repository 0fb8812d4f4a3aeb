"""The periods a cockpit looks at: those that quotas are planned for."""

from datetime import date, timedelta

from ..measure.periods import PERIODS as WHOLE_PERIODS

PERIODS = [key for key, _label in WHOLE_PERIODS]


def get_day_within(company, period, previous, today: date):
    """Return a day of the period that is meant: today, or the last of the one before.

    :param company: a ``res.company``: whose fiscal year quarters and years are of
    :param str period: one of ``PERIODS``
    """
    if not previous:
        return today
    start, _end = company._get_kam_period(period, today)
    return start - timedelta(days=1)
