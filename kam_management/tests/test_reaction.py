from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import KamCommon

# 2 March 2020 is a Monday.
MONDAY = "2020-03-02"


@tagged("post_install", "-at_install")
class TestReaction(KamCommon):
    """Business hours from a customer's contact to our answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Eight to five",
                "company_id": cls.company.id,
                "tz": "UTC",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": "Work",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": start + 4,
                            "day_period": "morning" if start < 12 else "afternoon",
                        },
                    )
                    for day in range(5)
                    for start in (8, 13)
                ],
            }
        )
        cls.account = cls._account()
        cls.account.manager_id = cls.anna
        cls.Touch = cls.env["kam.touch"]

    @classmethod
    def _contact(cls, moment, direction="in", **values):
        return cls.Touch.create(
            {
                "account_id": cls.account.id,
                "date": moment,
                "direction": direction,
                "channel": "email",
                "user_id": cls.anna.id,
                **values,
            }
        )

    @classmethod
    def _measure(cls):
        cls.Touch._measure_reactions()

    def assertReaction(self, received, answered, hours):
        question = self._contact(received)
        answer = self._contact(answered, "out")
        self._measure()
        self.assertEqual(question.answer_id, answer)
        self.assertAlmostEqual(question.reaction_hours, hours, places=2)
        (question + answer).unlink()

    def test_hours_are_working_hours(self):
        for received, answered, hours in (
            (f"{MONDAY} 08:00:00", f"{MONDAY} 09:30:00", 1.5),
            (f"{MONDAY} 11:30:00", f"{MONDAY} 13:30:00", 1),  # over lunch
            (f"{MONDAY} 16:00:00", "2020-03-03 09:00:00", 2),  # over night
            ("2020-03-06 16:30:00", "2020-03-09 08:30:00", 1),  # over the weekend
            ("2020-03-07 10:00:00", "2020-03-08 10:00:00", 0),  # answered on Sunday
            (f"{MONDAY} 06:00:00", f"{MONDAY} 09:00:00", 1),  # before we open
            (f"{MONDAY} 08:00:00", "2020-03-09 08:00:00", 40),
        ):
            with self.subTest(received):
                self.assertReaction(received, answered, hours)

    def test_company_works_in_its_time_zone(self):
        self.company.resource_calendar_id.tz = "Europe/Vienna"
        # eight o'clock in Vienna is seven in UTC
        self.assertReaction(f"{MONDAY} 05:00:00", f"{MONDAY} 08:00:00", 1)

    def test_holiday_of_the_company_does_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2020-03-03 00:00:00",
                "date_to": "2020-03-03 23:59:59",
            }
        )
        self.assertReaction(f"{MONDAY} 16:00:00", "2020-03-04 09:00:00", 2)

    def test_company_without_working_hours_always_works(self):
        self.company.resource_calendar_id = False
        self.assertReaction("2020-03-07 10:00:00", "2020-03-08 10:00:00", 24)

    def test_each_question_has_the_next_answer(self):
        first = self._contact(f"{MONDAY} 08:00:00")
        second = self._contact(f"{MONDAY} 09:00:00")
        answer = self._contact(f"{MONDAY} 10:00:00", "out")
        self._contact(f"{MONDAY} 11:00:00", "out")
        self._measure()
        self.assertEqual((first + second).answer_id, answer)
        self.assertEqual((first.reaction_hours, second.reaction_hours), (2, 1))

    def test_newsletter_and_vain_call_are_no_answers(self):
        """Nor is what has no channel of its own, such as a task done."""
        question = self._contact(f"{MONDAY} 08:00:00")
        self._contact(f"{MONDAY} 09:00:00", "out", channel="newsletter")
        self._contact(f"{MONDAY} 09:20:00", "out", channel="other")
        self._contact(f"{MONDAY} 09:30:00", "out", outcome="not_reached")
        self._measure()
        self.assertFalse(question.answer_id)

    def test_other_customers_and_leads_answer_nothing(self):
        rival = self._account(self._create_customer("Rival Machines"))
        question = self._contact(f"{MONDAY} 08:00:00")
        self._contact(f"{MONDAY} 09:00:00", "out", account_id=rival.id)
        leads = self.env["crm.lead"].create([{"name": "Cold"}, {"name": "Colder"}])
        asked, answered, other = (
            self._contact(day, way, account_id=False, lead_id=lead.id)
            for day, way, lead in (
                (f"{MONDAY} 08:00:00", "in", leads[0]),
                (f"{MONDAY} 10:00:00", "out", leads[0]),
                (f"{MONDAY} 09:00:00", "out", leads[1]),
            )
        )
        self._measure()
        self.assertFalse(question.answer_id)
        self.assertEqual(asked.answer_id, answered)
        self.assertNotEqual(asked.answer_id, other)

    def test_call_or_meeting_that_came_in_is_its_own_answer(self):
        """Who had called waited for an answer, although we had talked."""
        for channel in ("phone", "meeting"):
            talk = self._contact(f"{MONDAY} 09:00:00", channel=channel)
            self._measure()
            self.assertEqual(talk.answer_id, talk)
            self.assertFalse(talk.waiting_hours)
            [[hours]] = self.Touch._read_group(
                [("id", "=", talk.id)], [], ["reaction_hours:avg"]
            )
            self.assertFalse(hours, "nobody waited, so it is in no average")
            talk.unlink()

    def test_call_that_came_in_answers_what_was_asked(self):
        question = self._contact(f"{MONDAY} 09:00:00")
        talk = self._contact(f"{MONDAY} 10:00:00", channel="phone")
        self._measure()
        self.assertEqual(question.answer_id, talk)
        self.assertEqual(question.reaction_hours, 1)

    def test_call_that_nobody_took_waits_for_an_answer(self):
        call = self._contact(
            f"{MONDAY} 09:00:00", channel="phone", outcome="not_reached"
        )
        self._measure()
        self.assertFalse(call.answer_id)
        back = self._contact(f"{MONDAY} 10:00:00", "out", channel="phone")
        self._measure()
        self.assertEqual(call.answer_id, back)
        self.assertEqual(call.reaction_hours, 1)

    def test_later_news_change_the_answer(self):
        question = self._contact(f"{MONDAY} 08:00:00")
        late = self._contact(f"{MONDAY} 15:00:00", "out")
        self._measure()
        self.assertEqual(question.answer_id, late)
        early = self._contact(f"{MONDAY} 09:00:00", "out")
        self._measure()
        self.assertEqual((question.answer_id, question.reaction_hours), (early, 1))
        early.action_archive()
        self._measure()
        self.assertEqual(question.answer_id, late)
        late.unlink()
        self._measure()
        self.assertFalse(question.answer_id)
        self.assertFalse(question.reaction_hours)

    def test_nothing_is_written_when_nothing_has_changed(self):
        question = self._contact(f"{MONDAY} 08:00:00")
        self._contact(f"{MONDAY} 09:00:00", "out")
        self._measure()
        self.env.cr.execute("SELECT ctid FROM kam_touch WHERE id = %s", question.ids)
        before = self.env.cr.fetchall()
        self._measure()
        self.env.cr.execute("SELECT ctid FROM kam_touch WHERE id = %s", question.ids)
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_pass_goes_on_where_it_was_killed(self):
        """A day's pass was one transaction, and began anew when it did not end."""
        self._measure()
        accounts = [self._account(self._create_customer(f"C{n}")) for n in range(3)]
        for account in accounts:
            self._contact(f"{MONDAY} 08:00:00", account_id=account.id)
            self._contact(f"{MONDAY} 09:00:00", "out", account_id=account.id)
        with self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint():
            self.Touch._measure_reactions(limit=1)
            raise KeyboardInterrupt
        self.env.invalidate_all()
        seen = []
        while remaining := self.Touch._measure_reactions(limit=1):
            seen.append(remaining)
        self.assertEqual(seen, list(range(len(seen), 0, -1)), "one less each time")
        for account in accounts:
            self.assertTrue(account.touch_ids.answer_id)
        self.assertFalse(self.Touch._get_pass()[1], "the next one begins anew")

    def test_news_during_a_pass_are_for_the_next_one(self):
        self._measure()
        rival = self._account(self._create_customer("Rival Machines"))
        self._contact(f"{MONDAY} 08:00:00")
        self._contact(f"{MONDAY} 08:00:00", account_id=rival.id)
        place = None
        while place is None or place < self.account.id:
            self.assertTrue(self.Touch._measure_reactions(limit=1))
            place = self.Touch._get_pass()[1]
        # the pass has been here: what comes now it will not see
        late = self._contact(f"{MONDAY} 09:00:00", "out")
        while self.Touch._measure_reactions(limit=1):
            pass
        self.assertFalse(self.account.touch_ids.answer_id)
        self._measure()
        self.assertEqual(late.account_id.touch_ids.answer_id, late)

    def test_waiting_hours_grow_until_the_answer(self):
        now = fields.Datetime.now()
        self.company.resource_calendar_id = False
        question = self._contact(now - timedelta(hours=5))
        self.assertAlmostEqual(question.waiting_hours, 5, places=1)
        self._contact(now - timedelta(hours=1), "out")
        self._measure()
        question.invalidate_recordset()
        self.assertEqual(question.waiting_hours, 0)
        self.assertFalse(self.Touch.new({"direction": "in"}).waiting_hours)

    def test_old_date_does_not_stall_us(self):
        """A touch of the year 1 took a minute to open, and measuring never ended."""
        with self.assertRaisesRegex(ValidationError, "before the year 1970"):
            self._contact("0001-01-01 12:00:00")
        question = self._contact(f"{MONDAY} 08:00:00")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kam_touch SET date = '0001-01-01 12:00:00' WHERE id = %s",
            question.ids,
        )
        self.env.invalidate_all()
        self.assertGreater(question.waiting_hours, 1000)
        self._measure()
        self.assertFalse(question.answer_id)

    def test_answer_that_went_to_another_customer_is_none(self):
        rival = self._account(self._create_customer("Rival Machines"))
        question = self._contact(f"{MONDAY} 08:00:00")
        answer = self._contact(f"{MONDAY} 09:00:00", "out")
        self._measure()
        self.assertEqual(question.answer_id, answer)
        answer.account_id = rival
        self._measure()
        self.assertFalse(question.answer_id)

    def test_unanswered_are_found(self):
        asked = self._contact(f"{MONDAY} 08:00:00")
        self._contact(f"{MONDAY} 09:00:00", "out")
        waiting = self._contact("2020-03-05 08:00:00")
        self._measure()
        found = self.Touch.search(
            [
                ("account_id", "=", self.account.id),
                ("direction", "=", "in"),
                ("answer_id", "=", False),
            ]
        )
        self.assertEqual(found, waiting)
        self.assertTrue(asked.answer_id)

    def test_report_shows_median_and_percentile_by_manager(self):
        day = datetime(2020, 3, 2, 8)
        for week, hours in enumerate((1, 2, 3, 4, 8)):
            received = day + timedelta(weeks=week)
            lunch = hours > 4
            self._contact(received)
            self._contact(received + timedelta(hours=hours + lunch), "out")
        self._contact(day + timedelta(weeks=9))
        self._measure()
        Report = self.env["kam.reaction.report"].with_user(self.anna)
        [(manager, count, answered, median, worst)] = Report._read_group(
            [("account_id", "=", self.account.id)],
            ["manager_id"],
            ["__count", "answered:avg", "reaction_median:median", "reaction_p90:p90"],
        )
        self.assertEqual((manager, count, median), (self.anna, 6, 3))
        self.assertAlmostEqual(answered, 5 / 6)
        self.assertAlmostEqual(worst, 6.4)
        # as the pivot asks for it
        measures = Report.fields_get(["reaction_median"], ["aggregator"])
        self.assertEqual(measures["reaction_median"]["aggregator"], "median")

    def test_report_hides_what_one_may_not_see(self):
        self._contact(f"{MONDAY} 08:00:00")
        self._measure()
        Report = self.env["kam.reaction.report"]
        domain = [("account_id", "=", self.account.id)]
        for user, count in ((self.anna, 1), (self.head, 1), (self.boris, 0)):
            self.assertEqual(Report.with_user(user).search_count(domain), count)
