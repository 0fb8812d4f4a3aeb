from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import fields, models

WEEKEND = (5, 6)


class ResCompany(models.Model):
    """When quotas are in danger, and on which days the company works for them."""

    _inherit = "res.company"

    kam_quota_tolerance = fields.Float(
        "Tolerance of Quotas",
        digits=(5, 2),
        default=10,
        required=True,
        help="A figure is behind when it is this much below what is expected by today,"
        " and ahead when it is as much above, in percent.",
    )

    _check_kam_quota_tolerance = models.Constraint(
        "CHECK(kam_quota_tolerance BETWEEN 0 AND 100)",
        "Tolerance of quotas: enter a percentage from 0 to 100; 10 is usual.",
    )

    def _get_kam_working_days(self, start, end):
        """Return the days on which the company works, in order, both ends included.

        By its working hours and public holidays; without working hours, and where they
        name no day at all, Monday to Friday.
        """
        self.ensure_one()
        # sudo: when the company works is no secret
        calendar = self.sudo().resource_calendar_id
        days = set()
        if calendar:
            zone = timezone(calendar.tz or "UTC")
            intervals = calendar._work_intervals_batch(
                zone.localize(datetime.combine(start, time.min)),
                zone.localize(datetime.combine(end, time.max)),
            )[False]
            for begin, stop, _attendance in intervals:
                # flexible hours come as one interval over many days
                last = (stop - timedelta(microseconds=1)).date()
                days.update(get_days(begin.date(), max(begin.date(), last)))
        return sorted(days) or [
            day for day in get_days(start, end) if day.weekday() not in WEEKEND
        ]


def get_days(start, end):
    """Return all days from the first to the last.

    >>> from datetime import date
    >>> len(get_days(date(2020, 2, 1), date(2020, 3, 1)))
    30
    """
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
