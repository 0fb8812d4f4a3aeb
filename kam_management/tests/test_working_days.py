from datetime import date, datetime, time
from random import Random

from pytz import timezone

from odoo import Command
from odoo.tests import tagged

from .common import KamCommon


@tagged("post_install", "-at_install")
class TestWorkingDays(KamCommon):
    """On which days a company works: by its working hours and public holidays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.company.resource_calendar_id

    def _leave(self, start, end, company=None, **values):
        leave = self.env["resource.calendar.leaves"].create(
            {"name": "Closed", "date_from": start, "date_to": end, **values}
        )
        leave.flush_recordset()
        # Odoo takes that of the session
        leave.company_id = company or self.company

    def assertWorks(self, start, end, days):
        found = self.company._get_kam_working_days(
            date.fromisoformat(start), date.fromisoformat(end)
        )
        self.assertEqual([day.day for day in found], days)

    def test_nearest_working_day_is_the_day_itself_or_one_beside(self):
        self._leave("2020-06-01 00:00:00", "2020-06-01 23:59:59")
        for day, after, before in (("2020-05-30", 2, 29), ("2020-06-03", 3, 3)):
            day = date.fromisoformat(day)
            self.assertEqual(self.company._get_kam_working_day(day).day, after)
            self.assertEqual(
                self.company._get_kam_working_day(day, before=True).day, before
            )

    def test_public_holidays_are_no_working_days(self):
        self._leave("2020-06-01 00:00:00", "2020-06-01 23:59:59")
        self.assertWorks("2020-06-01", "2020-06-07", [2, 3, 4, 5])

    def test_half_a_holiday_leaves_a_working_day(self):
        self._leave("2020-06-01 00:00:00", "2020-06-01 10:00:00")
        self.assertWorks("2020-06-01", "2020-06-03", [1, 2, 3])

    def test_holidays_of_another_company_are_not_ours(self):
        sister = self._create_company("Sister")
        self._leave("2020-06-01 00:00:00", "2020-06-01 23:59:59", company=sister)
        self.assertWorks("2020-06-01", "2020-06-02", [1, 2])

    def test_company_without_working_hours_works_monday_to_friday(self):
        self.company.resource_calendar_id = False
        self.assertWorks("2020-06-05", "2020-06-09", [5, 8, 9])

    def test_working_hours_that_name_no_day_are_monday_to_friday(self):
        self.calendar.write({"attendance_ids": [Command.clear()]})
        self.assertWorks("2020-06-05", "2020-06-09", [5, 8, 9])

    def test_flexible_hours_count_each_day(self):
        self.calendar.write(
            {"flexible_hours": True, "hours_per_day": 8, "full_time_required_hours": 16}
        )
        self._leave("2020-06-02 00:00:00", "2020-06-02 23:59:59")
        zone = timezone(self.calendar.tz)
        work = self.calendar._work_intervals_batch(
            zone.localize(datetime(2020, 6, 1)),
            zone.localize(datetime(2020, 6, 7, 23, 59, 59)),
        )[False]
        days = sorted({begin.day for begin, _end, _shift in work})
        self.assertTrue(days)
        self.assertWorks("2020-06-01", "2020-06-07", days)

    def test_working_days_are_those_of_odoos_own_intervals(self):
        """Of random hours, in one week and in two, with people away for hours or weeks."""
        random = Random(7)
        for number in range(12):
            self.calendar.attendance_ids.unlink()
            self.calendar.write(
                {
                    "tz": random.choice(["UTC", "Asia/Tokyo", "America/New_York"]),
                    "two_weeks_calendar": bool(number % 2),
                }
            )
            self.calendar.attendance_ids.unlink()
            self.calendar.attendance_ids = [
                Command.create(
                    {
                        "name": "Shift",
                        "dayofweek": str(day),
                        "week_type": str(week) if number % 2 else False,
                        "day_period": "full_day",
                        "hour_from": hour,
                        "hour_to": hour + random.choice([1, 4]),
                    }
                )
                for week in range(1 + number % 2)
                for day in random.sample(range(7), 4)
                for hour in random.sample([0, 5, 10, 15, 20], 2)
            ]
            for _leave in range(4):
                day = date(2020, random.randrange(1, 13), random.randrange(1, 29))
                start = datetime.combine(day, time(random.randrange(24)))
                end = datetime.combine(
                    date(2020, 12, 31) if random.random() < 0.1 else day, time(23, 59)
                )
                self._leave(start, end, calendar_id=self.calendar.id)
            with self.subTest(number=number):
                zone = timezone(self.calendar.tz)
                intervals = self.calendar._work_intervals_batch(
                    zone.localize(datetime(2020, 1, 1)),
                    zone.localize(datetime(2020, 12, 31, 23, 59, 59)),
                )[False]
                self.assertEqual(
                    self.company._get_kam_working_days(
                        date(2020, 1, 1), date(2020, 12, 31)
                    ),
                    sorted({begin.date() for begin, _end, _shift in intervals}),
                )
