"""The days on which somebody works, from the working hours and public holidays of Odoo."""

from datetime import datetime, time, timedelta

from pytz import timezone

from odoo.tools.date_utils import float_to_time
from odoo.tools.intervals import Intervals

WEEKEND = (5, 6)


def get_working_days(calendar, start, end, leaves):
    """Return the days on which there is work, in order, both ends included.

    Odoo's own intervals of work are worked out hour by hour; here that is done only of
    the days on which somebody is away.

    :param calendar: ``resource.calendar`` record, empty for no working hours
    :param leaves: domain of the ``resource.calendar.leaves`` that count
    :return: list of dates; Monday to Friday where the working hours name no day at all
    """
    days = get_days(start, end)
    worked = []
    if calendar:
        zone = timezone(calendar.tz or "UTC")
        span = (
            zone.localize(datetime.combine(start, time.min)),
            zone.localize(datetime.combine(end, time.max)),
        )
        if calendar.flexible_hours:
            work = calendar._work_intervals_batch(*span, domain=leaves)[False]
            worked = get_days_of(work)
        else:
            away = calendar._leave_intervals_batch(*span, domain=leaves)[False]
            touched = get_days_of(away)
            hours = map_hours(calendar)
            worked = [
                day
                for day in days
                if (shifts := hours.get(get_place(day)))
                and (day not in touched or is_left(zone, day, shifts, away))
            ]
    return sorted(worked) or [day for day in days if day.weekday() not in WEEKEND]


def map_hours(calendar):
    """Return {place in two weeks, see ``get_place``: attendances of the day}."""
    attendances = calendar.attendance_ids.filtered(
        lambda shift: not shift.display_type and shift.day_period != "lunch"
    )
    hours = {}
    for shift in attendances:
        weeks = [int(shift.week_type)] if calendar.two_weeks_calendar else [0, 1]
        for week in weeks:
            hours.setdefault((week, int(shift.dayofweek)), []).append(shift)
    return hours


def get_place(day):
    """Return which of two weeks a day is in, as Odoo counts them, and its weekday.

    >>> from datetime import date
    >>> get_place(date(2026, 11, 29)), get_place(date(2026, 11, 30))
    ((0, 6), (1, 0))
    """
    return (day.toordinal() - 1) // 7 % 2, day.weekday()


def is_left(zone, day, shifts, away):
    """Return whether something of a day's work is left beside who is away."""
    work = [
        tuple(
            zone.localize(datetime.combine(day, float_to_time(hour)))
            for hour in (shift.hour_from, shift.hour_to)
        )
        for shift in shifts
    ]
    return bool(Intervals([(*span, None) for span in work]) - away)


def get_days_of(intervals):
    """Return the set of days on which there is something of some intervals."""
    days = set()
    for begin, stop, _record in intervals:
        # some come as one over many days
        last = (stop - timedelta(microseconds=1)).date()
        days.update(get_days(begin.date(), max(begin.date(), last)))
    return days


def get_days(start, end):
    """Return all days from the first to the last.

    >>> from datetime import date
    >>> len(get_days(date(2020, 2, 1), date(2020, 3, 1)))
    30
    """
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
