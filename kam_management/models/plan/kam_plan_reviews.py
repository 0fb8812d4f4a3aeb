from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from ..common import clock
from ..measure.judgement import share_of as share_of_period
from .res_company import MAX_REVIEW_DAYS

REVIEW_TYPE = "kam_management.mail_activity_type_plan_review"


class KamPlan(models.Model):
    """The reviews of a plan, and their rhythm."""

    _inherit = "kam.plan"

    review_ids = fields.One2many("kam.plan.review", "plan_id", "Reviews")
    review_days = fields.Integer(
        "Review Frequency",
        aggregator=None,
        help="Days between two reviews. 0: what the settings say for key accounts and"
        " for the segment of the customer, whichever is shorter.",
    )
    next_review_date = fields.Date(
        "Next Review", compute="_compute_next_review_date", help="While the plan runs."
    )
    satisfaction = fields.Float(
        "Satisfaction at Last Review",
        compute="_compute_satisfaction",
        help="The customer's survey answers after the last review they rated, from 1"
        " to 5; 0: no answer yet.",
    )

    _check_review_days = models.Constraint(
        f"CHECK(review_days BETWEEN 0 AND {MAX_REVIEW_DAYS})",
        f"Review frequency: enter a number of days up to {MAX_REVIEW_DAYS}, or 0 to"
        " follow the settings.",
    )

    @api.depends("review_ids.satisfaction", "review_ids.date")
    def _compute_satisfaction(self):
        for plan in self:
            judged = plan.review_ids.filtered("satisfaction").sorted("date")
            plan.satisfaction = judged[-1:].satisfaction

    @api.depends(
        "state",
        "date_start",
        "date_end",
        "approve_date",
        "review_days",
        "review_ids.state",
        "review_ids.date",
        "account_id.segment",
        "account_id.is_key_account",
    )
    def _compute_next_review_date(self):
        for plan in self:
            plan.next_review_date = plan.state == "running" and plan._get_review_due()

    def action_close(self):
        """The review that would be next does not take place."""
        self._check_step("approved", "running")
        # sudo: it may be a colleague's
        self.sudo().activity_unlink([REVIEW_TYPE])
        return super().action_close()

    def action_reopen(self):
        result = super().action_reopen()
        self._plan_next_review()
        return result

    def action_new_review(self):
        """Begin a review of this plan.

        :return: action on ``kam.plan.review``
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Review"),
            "res_model": "kam.plan.review",
            "view_mode": "form",
            "context": {"default_plan_id": self.id},
        }

    def _start_due(self):
        result = super()._start_due()
        self.filtered(lambda plan: plan.state == "running")._plan_next_review()
        return result

    def _start_new_version(self, reason):
        """A draft is not reviewed; the next review is planned when it runs again."""
        result = super()._start_new_version(reason)
        # sudo: the request to review is the app's, whoever it is for
        self.sudo().activity_unlink([REVIEW_TYPE])
        return result

    def _get_review_due(self):
        """Return when the next review is due, False without a rhythm.

        Counted from the last review, for want of one from the beginning.
        """
        done = self.review_ids.filtered(lambda review: review.state == "done")
        last = max(filter(None, done.mapped("date")), default=None)
        return self._get_review_after(last or self._get_beginning())

    def _get_review_after(self, day):
        """Return when the review after one on a day is due, False without a rhythm."""
        days = self._get_review_days()
        if not days:
            return False
        due = day + timedelta(days=days)
        # a plan does not end without having been looked at
        return due if day == self.date_end else min(due, self.date_end)

    def _get_beginning(self):
        """Return since when the plan holds: its first day, or that of its approval."""
        return max(self.date_start, self.approve_date or self.date_start)

    def _get_review_days(self):
        """Return the days between two reviews, 0 for no rhythm."""
        self.ensure_one()
        # sudo: the settings of the company the plan is of
        company, account = self.sudo().company_id, self.account_id
        rhythms = [account.segment and company[f"kam_review_days_{account.segment}"]]
        if account.is_key_account:
            rhythms.append(company.kam_review_days_key)
        return self.review_days or min(filter(None, rhythms), default=0)

    def _handle_reviewed(self):
        """Tick off the planned review, and plan the next one."""
        # sudo: it was planned for the executing manager, whoever held it
        self.sudo().activity_feedback([REVIEW_TYPE], feedback=self.env._("Review done"))
        self._plan_next_review()

    def _plan_next_review(self):
        """Give the executing manager an activity for the next review, once."""
        today = clock.here(self)
        # sudo: it is planned for him, whoever has approved the plan
        plans = self.sudo()
        planned = plans.activity_search([REVIEW_TYPE])
        waiting = set(planned.mapped("res_id"))
        for plan in plans.filtered("next_review_date"):
            if plan.id not in waiting and (plan.user_id or plan.accountable_id):
                plan.activity_schedule(
                    REVIEW_TYPE,
                    date_deadline=max(plan.next_review_date, today),
                    user_id=(plan.user_id or plan.accountable_id).id,
                )

    def _get_goal_courses(self):
        """Add what the reviews found, and today."""
        if not (self.company_id and self.date_start and self.date_end):
            return {}
        days = self._map_working_days()[self.company_id]
        share_of = partial(share_of_period, days, self.date_start, self.date_end)
        reviews = self.review_ids.filtered(lambda review: review.state == "done")
        courses = {}
        for line in reviews.sorted("date").line_ids:
            point = share_of(line.date), line.progress
            courses.setdefault(line.goal_id, []).append(point)
        if self.state != "closed":
            now = share_of(clock.today())
            for goal in self.goal_ids.filtered("standing"):
                courses.setdefault(goal, []).append((now, goal.progress))
        return courses
