"""The periods a cockpit looks at."""

from datetime import date, timedelta

from odoo.tools.date_utils import get_month, get_quarter

PERIODS = ("month", "quarter", "year")


def get_bounds(company, period, day: date):
    """Return the first and the last day of the period of a company a day lies in.

    :param company: a ``res.company``: whose fiscal year a year is
    :param str period: one of ``PERIODS``
    """
    if period == "year":
        year = company.compute_fiscalyear_dates(day)
        return year["date_from"], year["date_to"]
    return get_quarter(day) if period == "quarter" else get_month(day)


def get_day_within(company, period, previous, today: date):
    """Return a day of the period that is meant: today, or the last of the one before."""
    if not previous:
        return today
    start, _end = get_bounds(company, period, today)
    return start - timedelta(days=1)
