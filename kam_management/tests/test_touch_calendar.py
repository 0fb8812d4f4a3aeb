from datetime import datetime, timedelta

from lxml import etree

from odoo.tests import tagged

from .common import KamCommon

NOON = datetime(2020, 3, 10, 12)


@tagged("post_install", "-at_install")
class TestTouchCalendar(KamCommon):
    """A calendar asks for the touches of its days, and for no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls._account()
        cls.touches = cls.env["kam.touch"].create(
            [
                {"account_id": account.id, "date": date, "duration": hours}
                for date, hours in (
                    (NOON - timedelta(days=400), 1),
                    # a fair of nine days, over or not on the day in question
                    (NOON - timedelta(days=20), 9 * 24),
                    (NOON - timedelta(days=5), 9 * 24),
                    (NOON - timedelta(hours=20), 19),
                    (NOON - timedelta(hours=20), 21),
                    (NOON, 0),
                    (NOON + timedelta(days=3), 2),
                )
            ]
        )

    def _find(self, *domain):
        return self.env["kam.touch"].search([("id", "in", self.touches.ids), *domain])

    def test_end_follows_from_beginning_and_duration(self):
        fair = self.touches[2]
        self.assertEqual(fair.end_date, NOON + timedelta(days=4))
        fair.end_date -= timedelta(hours=12)
        self.assertEqual(fair.duration, 8.5 * 24)
        moved = NOON - timedelta(days=10)
        fair.write({"date": moved, "end_date": moved + timedelta(days=1)})
        self.assertEqual((fair.date, fair.duration), (moved, 24))

    def test_touches_are_found_by_their_end(self):
        moments = [
            touch.end_date + timedelta(hours=h)
            for touch in self.touches
            for h in (-1, 0, 1)
        ]
        for operator, holds in (
            (">=", datetime.__ge__),
            (">", datetime.__gt__),
            ("<=", datetime.__le__),
            ("<", datetime.__lt__),
        ):
            for moment in moments:
                with self.subTest(operator=operator, moment=moment):
                    expected = self.touches.filtered(
                        lambda touch, h=holds, m=moment: h(touch.end_date, m)
                    )
                    domain = [("end_date", operator, str(moment))]
                    self.assertEqual(set(self._find(*domain)), set(expected))
                    self.assertEqual(self.touches.filtered_domain(domain), expected)

    def test_every_touch_has_an_end(self):
        """The client also asks by a moment alone, and whether there is one."""
        for domain, expected in (
            ([("end_date", "=", False)], self.touches.browse()),
            ([("end_date", "!=", False)], self.touches),
            ([("end_date", "=", str(NOON))], self.touches[5]),
            ([("end_date", "!=", str(NOON))], self.touches - self.touches[5]),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(set(self._find(*domain)), set(expected))

    def test_duration_that_cannot_be_keeps_nobody_from_the_calendar(self):
        for hours in (1e9, 1e300, float("inf"), float("nan")):
            with self.subTest(hours=hours):
                self.touches[5].duration = hours
                self.env.flush_all()
                self.env.invalidate_all()
                found = self._find(("end_date", ">", str(NOON)))
                self.assertIn(self.touches[5], found)
                self.assertGreater(found.sorted("date")[0].end_date, NOON)

    def test_a_day_shows_what_goes_on_that_day(self):
        day = self._find(
            ("date", "<=", "2020-03-10 23:59:59"),
            ("end_date", ">=", "2020-03-10 00:00:00"),
        )
        self.assertEqual(set(day), set(self.touches[2:6]))

    def test_every_calendar_of_ours_asks_for_the_days_it_shows(self):
        """With a duration alone the client asks for all that ever was."""
        calendars = self.env["ir.ui.view"].search(
            [("type", "=", "calendar"), ("model_data_id.module", "=", "kam_management")]
        )
        self.assertGreaterEqual(len(calendars), 3)
        for view in calendars:
            arch = etree.fromstring(self.env[view.model].get_view(view.id)["arch"])
            with self.subTest(view=view.name):
                self.assertTrue(arch.get("date_stop") or not arch.get("date_delay"))
