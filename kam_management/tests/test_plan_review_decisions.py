from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .plan_common import TODAY, PlanCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPlanReviewDecisions(PlanCommon):
    """In a review the goals are at hand, and what is decided becomes an action."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.plan = cls._plan("running")

    def test_decisions_become_actions_of_the_plan_when_the_review_is_done(self):
        review = self._review()
        offer = self._decision(review)
        visit = self._decision(
            review, name="Visit the site", user_id=self.head.id, date_due="2020-07-30"
        )
        self.assertFalse(self._actions())
        self.assertFalse(offer.state)
        review.action_done()
        self.assertRecordValues(
            self._actions().sorted("date_deadline"),
            [
                {
                    "summary": "Send the offer",
                    "user_id": self.anna.id,
                    "date_deadline": date(2020, 7, 15),
                    "res_model": "kam.plan",
                    "res_id": self.plan.id,
                    "kam_plan_id": self.plan.id,
                },
                {
                    "summary": "Visit the site",
                    "user_id": self.head.id,
                    "date_deadline": date(2020, 7, 30),
                    "res_model": "kam.plan",
                    "res_id": self.plan.id,
                    "kam_plan_id": self.plan.id,
                },
            ],
        )
        visit.activity_id.sudo().action_feedback()
        self.assertEqual((offer.state, visit.state), ("open", "done"))

    def test_manager_and_next_review_are_proposed(self):
        self.plan.account_id.manager_id = self.boris
        self.plan.account_id.member_ids = self.anna
        self.plan.review_days = 45
        Review = self.env["kam.plan.review"].with_user(self.head)
        form = Form(Review.with_context(default_plan_id=self.plan.id))
        with form.decision_ids.new() as row:
            row.name = "Send the offer"
            self.assertEqual(row.user_id, self.boris)
            self.assertEqual(str(row.date_due), "2020-08-15")
        with form.decision_ids.new() as row:
            row.name = "Visit the site"
            row.user_id, row.date_due = self.anna, "2020-07-20"
        review = form.save()
        first, second = review.decision_ids
        self.assertEqual(
            (first.user_id, str(first.date_due)), (self.boris, "2020-08-15")
        )
        self.assertEqual(
            (second.user_id, str(second.date_due)), (self.anna, "2020-07-20")
        )

    def test_without_a_manager_or_a_frequency_something_is_proposed(self):
        """By the API, too; who does not see the plan is proposed nothing."""
        company = self.plan.company_id
        company.kam_review_days_a = company.kam_review_days_key = 0
        self.plan.account_id.write({"segment": False, "is_key_account": False})
        self.plan.account_id.manager_id = False
        Review = self.env["kam.plan.review"].with_user(self.head)
        for members, user in ((self.anna, self.anna), (self.boris, self.head)):
            self.plan.account_id.member_ids = members
            review = Review.create({"plan_id": self.plan.id})
            values = {"review_id": review.id, "name": "Send the offer"}
            decision = review.decision_ids.create(values)
            self.assertEqual(decision.user_id, user)
            self.assertEqual(str(decision.date_due), "2020-07-15")

    def test_review_without_decisions_makes_no_actions(self):
        self._review().action_done()
        self.assertFalse(self._actions())

    def test_goals_are_typed_in_during_the_review_and_kept_by_it(self):
        review = self._review()
        form = Form(review)
        self.assertEqual(len(form.goal_ids), 1)
        with form.goal_ids.edit(0) as goal:
            goal.actual = 6
        form.save()
        self.assertEqual(self.plan.goal_ids.actual, 6)
        review.action_done()
        self.assertEqual(review.line_ids.actual, 6)

    def test_new_review_shows_the_goals_before_it_is_saved(self):
        Review = self.env["kam.plan.review"].with_user(self.anna)
        form = Form(Review.with_context(default_plan_id=self.plan.id))
        self.assertEqual(len(form.goal_ids), 1)
        with form.decision_ids.new() as decision:
            decision.name = "Send the offer"
            decision.date_due = "2020-07-15"
        with form.goal_ids.edit(0) as goal:
            goal.actual = 3
        review = form.save()
        self.assertEqual(review.decision_ids.user_id, self.anna)
        self.assertEqual(self.plan.goal_ids.actual, 3)

    def test_what_was_agreed_upon_is_not_changed_by_a_review(self):
        review = self._review()
        with self.assertRaises(UserError):
            review.write({"goal_ids": [(1, self.plan.goal_ids.id, {"target": 1})]})

    def test_decisions_of_a_done_review_stay(self):
        review = self._review()
        decision = self._decision(review)
        review.action_done()
        for change in (
            lambda: decision.write({"name": "Nothing"}),
            lambda: decision.unlink(),
            lambda: self._decision(review),
        ):
            with self.assertRaisesRegex(UserError, "review is done"):
                change()

    def test_nobody_gets_a_task_on_a_plan_they_do_not_see(self):
        review = self._review()
        for user in (self.boris, self.seller):
            with (
                self.subTest(user=user.name),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                self._decision(review, user_id=user.id)

    def test_strangers_decide_nothing_and_nobody_links_an_action(self):
        review = self._review()
        with self.assertRaises(AccessError):
            self._decision(review.with_user(self.boris))
        decision = self._decision(review)
        with self.assertRaises(AccessError):
            decision.activity_id = 1
        with self.assertRaises(AccessError):
            decision.with_user(self.boris).read(["name"])

    def _review(self):
        Review = self.env["kam.plan.review"].with_user(self.anna)
        return Review.create({"plan_id": self.plan.id})

    def _decision(self, review, **values):
        return (
            self.env["kam.plan.review.decision"]
            .with_env(review.env)
            .create(
                {
                    "review_id": review.id,
                    "name": "Send the offer",
                    "user_id": self.anna.id,
                    "date_due": "2020-07-15",
                    **values,
                }
            )
        )

    def _actions(self):
        todo = self.env.ref("mail.mail_activity_data_todo")
        return self.plan.action_ids.filtered(lambda a: a.activity_type_id == todo)

    def test_goals_are_neither_added_nor_removed_in_a_review(self):
        """They were lost without a word."""
        review, goal = self._review(), self.plan.goal_ids
        for command in (
            Command.create({"name": "More"}),
            Command.delete(goal.id),
            Command.unlink(goal.id),
            Command.clear(),
            Command.set([]),
        ):
            with (
                self.subTest(command=command),
                self.assertRaisesRegex(UserError, "in the plan"),
            ):
                review.write({"goal_ids": [command]})
        with self.assertRaisesRegex(UserError, "in the plan"):
            review.create(
                {
                    "plan_id": self.plan.id,
                    "goal_ids": [Command.create({"name": "More"})],
                }
            )
        self.assertEqual(self.plan.goal_ids, goal)

    def test_goals_are_typed_in_by_any_client(self):
        Review, goal = (
            self.env["kam.plan.review"].with_user(self.anna),
            self.plan.goal_ids,
        )
        for actual, more in enumerate(([], [Command.link(goal.id)]), 1):
            commands = [*more, Command.update(goal.id, {"actual": actual})]
            Review.create({"plan_id": self.plan.id, "goal_ids": commands})
            self.assertEqual(goal.actual, actual)
