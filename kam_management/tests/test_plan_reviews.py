from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .plan_common import END, TODAY, PlanCommon

TYPE = "kam_management.mail_activity_type_plan_review"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanReviews(PlanCommon):
    """Reviews in their rhythm: the goals of the day are kept, the next one is planned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.plan = cls._plan("running", review_days=30)
            cls.ada = cls._dossier(cls._person("Ada", email="ada@example.com"))

    def _review(self, **values):
        return (
            self.env["kam.plan.review"]
            .with_user(self.anna)
            .create({"plan_id": self.plan.id, **values})
        )

    def _planned(self):
        return self.plan.activity_search([TYPE])

    def test_next_review_is_planned_when_the_plan_starts(self):
        self.assertRecordValues(
            self._planned(),
            [{"user_id": self.anna.id, "date_deadline": TODAY + timedelta(days=30)}],
        )
        self.assertEqual(self.plan.next_review_date, date(2020, 7, 31))

    def test_next_review_is_never_planned_twice(self):
        self.plan._plan_next_review()
        self.plan._start_due()
        self.assertEqual(len(self._planned()), 1)

    def test_done_review_keeps_the_goals_and_plans_the_next_one(self):
        goal = self.plan.goal_ids.with_user(self.anna)
        goal.actual = 4
        with freeze_time("2020-07-20"):
            review = self._review(stakeholder_ids=self.ada.ids)
            review.action_done()
            goal.actual = 9
        self.assertRecordValues(
            review.line_ids,
            [{"goal_id": goal.id, "actual": 4, "target": 10, "name": "Stops"}],
        )
        self.assertRecordValues(self._planned(), [{"date_deadline": date(2020, 8, 19)}])

    def test_last_review_is_not_later_than_the_end(self):
        with freeze_time("2020-12-20"):
            self._review().action_done()
            self.assertEqual(self.plan.next_review_date, END)

    def test_year_is_drawn_from_the_reviews(self):
        self.plan.goal_ids.actual = 4
        self._review().action_done()
        course = self.plan._get_goal_courses()[self.plan.goal_ids]
        self.assertEqual(len(course), 2)  # then, and today
        # 130 of the 262 working days of the year are over
        self.assertEqual(course[0], (130 / 262, 0.4))
        self.assertIn('class="course"', self.plan.goals_picture)

    def test_rhythm_is_the_shorter_one_of_the_settings(self):
        self.company.write(
            {"kam_review_days_key": 90, "kam_review_days_b": 60, "kam_review_days_c": 0}
        )
        self.plan.sudo().review_days = 0
        for is_key, segment, days in (
            (False, False, 0),
            (True, False, 90),
            (True, "b", 60),
            (True, "c", 90),
            (False, "c", 0),
        ):
            self.account.sudo().write({"is_key_account": is_key, "segment": segment})
            self.assertEqual(self.plan._get_review_days(), days, (is_key, segment))

    def test_done_review_stays_but_its_minutes_are_mended(self):
        review = self._review()
        review.action_done()
        with self.assertRaisesRegex(UserError, "review is done"):
            review.date = "2020-01-01"
        with self.assertRaisesRegex(UserError, "review is done"):
            review.unlink()
        with self.assertRaisesRegex(UserError, "review is done"):
            review.action_done()
        review.minutes = "He wants more"
        self.assertIn("more", review.minutes)

    def test_nobody_types_what_a_review_found(self):
        review = self._review()
        with self.assertRaises(AccessError):
            review.state = "done"
        review.action_done()
        with self.assertRaises(AccessError):
            review.line_ids.actual = 100
        # nor does it come in as a default
        sly = self.env["kam.plan.review"].with_context(default_state="done")
        new = sly.with_user(self.anna).create({"plan_id": self.plan.id})
        self.assertEqual(new.state, "draft")

    def test_draft_plan_is_not_reviewed(self):
        self.plan.with_user(self.anna)._start_new_version("Another year")
        self.assertFalse(self._planned())
        with self.assertRaisesRegex(UserError, "is not possible"):
            self._review().action_done()

    def test_planned_review_does_not_keep_a_plan_open(self):
        self.plan.with_user(self.anna).action_close()
        self.assertFalse(self._planned())
        with self.assertRaises(UserError):
            self._review()

    def test_people_of_another_customer_do_not_take_part(self):
        other = self._account(self._create_customer("Other"))
        bob = self.env["res.partner"].create(
            {"name": "Bob", "parent_id": other.partner_id.id}
        )
        stranger = self.env["kam.stakeholder"].create(
            {"partner_id": bob.id, "account_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "not at this customer"):
            self.env["kam.plan.review"].create(
                {"plan_id": self.plan.id, "stakeholder_ids": stranger.ids}
            )

    def test_satisfaction_is_asked_once_and_shown_on_the_plan(self):
        review = self._review()
        with self.assertRaisesRegex(UserError, "Nobody is left to ask"):
            review.action_ask_satisfaction()
        review.stakeholder_ids = self.ada
        review.action_ask_satisfaction()
        self.assertRecordValues(
            review.survey_ids,
            [{"partner_id": self.ada.partner_id.id, "state": "sent"}],
        )
        with self.assertRaisesRegex(UserError, "Nobody is left to ask"):
            review.action_ask_satisfaction()
        for answer in review.survey_ids.sudo().answer_ids:
            answer.rating_apply(4, token=answer._get_rating_key())
        self.assertEqual(self.plan.satisfaction, 4)

    def test_person_without_mail_address_is_named(self):
        review = self._review(stakeholder_ids=self._dossier("Bob").ids)
        with self.assertRaisesRegex(UserError, "Bob has no mail address"):
            review.action_ask_satisfaction()

    def test_stranger_does_not_review(self):
        review = self._review()
        for button in ("action_done", "action_ask_satisfaction"):
            with self.assertRaises(AccessError):
                getattr(review.with_user(self.boris), button)()
