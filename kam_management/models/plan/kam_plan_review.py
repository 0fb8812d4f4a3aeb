from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..context import without_defaults
from ..res_company import MAX_REVIEW_DAYS
from .progress import elapsed

REVIEW_TYPE = "kam_management.mail_activity_type_plan_review"
# What a review is known by once it is done; its minutes may be mended.
DONE_FIELDS = {"plan_id", "date"}


class KamPlanReview(models.Model):
    """A meeting about a plan, with both sides: where we are, and what we do about it."""

    _name = "kam.plan.review"
    _description = "Review of a Service Plan"
    _inherit = ["kam.plan.line"]
    _order = "plan_id, date desc, id desc"
    _rec_name = "date"

    date = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        [("draft", "Planned"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Of Ours",
        check_company=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    stakeholder_ids = fields.Many2many(
        "kam.stakeholder",
        string="Of the Customer",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
    )
    minutes = fields.Html(help="What was talked about, and what each side said.")
    decisions = fields.Html(help="What was decided: who does what, until when.")
    line_ids = fields.One2many(
        "kam.plan.review.line", "review_id", "Goals at the Review", readonly=True
    )
    survey_ids = fields.One2many(
        "kam.survey", "review_id", "Asked for Satisfaction", readonly=True
    )
    survey_count = fields.Integer(compute="_compute_satisfaction")
    satisfaction = fields.Float(
        compute="_compute_satisfaction",
        help="Average of what the people asked have answered, from 1 to 5; 0: no answer.",
    )

    @api.depends("date")
    def _compute_display_name(self):
        for review in self:
            review.display_name = self.env._(
                "Review of %(date)s", date=format_date(self.env, review.date)
            )

    @api.depends("survey_ids.score", "survey_ids.state")
    def _compute_satisfaction(self):
        for review in self:
            scores = [survey.score for survey in review.survey_ids if survey.score]
            review.survey_count = len(review.survey_ids)
            review.satisfaction = sum(scores) / len(scores) if scores else 0

    @api.constrains("stakeholder_ids", "plan_id")
    def _check_stakeholders(self):
        for review in self:
            strangers = review.stakeholder_ids.filtered(
                lambda person, account=review.plan_id.account_id: (
                    person.account_id != account
                )
            )
            if strangers and not (self.env.su and self.env.context.get("kam_merge")):
                raise UserError(
                    self.env._(
                        "%(people)s: nobody of this customer. Choose people from the"
                        " dossiers of the account.",
                        people=", ".join(strangers.mapped("display_name")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, {"state"})
        for vals in vals_list:
            self._check_state_typed(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_state_typed(vals)
        if not self.env.su and not DONE_FIELDS.isdisjoint(vals):
            self._check_planned()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if not self.env.su:
            self._check_planned()

    def action_open(self):
        """Open the review on a page of its own.

        :return: action on ``kam.plan.review``
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_done(self):
        """Keep the goals as they are today, and plan the next review.

        :raise UserError: when the plan does not run, or the review was done already
        """
        self.check_access("write")
        self._check_planned()
        self.plan_id._check_step("approved", "running")
        self.plan_id._measure_goals()
        Line = self.env["kam.plan.review.line"]
        for review in self:
            values = Line._prepare_from_goals(review.plan_id.goal_ids)
            # sudo: what was found is written by the app alone
            review.sudo().write(
                {"state": "done", "line_ids": [Command.create(vals) for vals in values]}
            )
        self.plan_id._handle_reviewed()

    def action_ask_satisfaction(self):
        """Mail two questions to everybody of the customer who took part.

        Whoever was asked after this review already is not asked again.

        :raise UserError: when nobody took part, or somebody has no mail address
        """
        self.ensure_one()
        self.check_access("write")
        self._check_plan_open()
        people = self.stakeholder_ids.partner_id - self.survey_ids.partner_id
        if not people:
            raise UserError(
                self.env._(
                    "There is nobody left to ask. Enter who of the customer took part in"
                    " this review."
                )
            )
        surveys = self.env["kam.survey"].create(
            [
                {
                    "account_id": self.account_id.id,
                    "partner_id": person.id,
                    "review_id": self.id,
                }
                for person in people
            ]
        )
        surveys.action_send()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Asked: %(people)s", people=", ".join(people.mapped("name"))
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_state_typed(self, vals):
        if not self.env.su and "state" in vals:
            raise AccessError(self.env._("Use the button “Done” of the review."))

    def _check_planned(self):
        """Leave reviews that were done as they are.

        :raise UserError: when one of them was
        """
        if any(review.state == "done" for review in self):
            raise UserError(
                self.env._(
                    "This review was done: its day and its figures stay. Its minutes and"
                    " decisions can still be mended."
                )
            )


class KamPlanReviewLine(models.Model):
    """A goal as it stood at a review."""

    _name = "kam.plan.review.line"
    _description = "Goal at a Review"
    _inherit = ["kam.plan.goal.record"]

    review_id = fields.Many2one(
        "kam.plan.review", required=True, index=True, ondelete="cascade", readonly=True
    )
    plan_id = fields.Many2one(related="review_id.plan_id", store=True, precompute=True)
    date = fields.Date(related="review_id.date", store=True)


class KamPlan(models.Model):
    """The reviews of a plan, and their rhythm."""

    _inherit = "kam.plan"

    review_ids = fields.One2many("kam.plan.review", "plan_id", "Reviews")
    review_days = fields.Integer(
        "Rhythm of Reviews",
        aggregator=None,
        help="Days between two reviews. 0: what the settings say for key accounts and"
        " for the segment of the customer, whichever is shorter.",
    )
    next_review_date = fields.Date(
        "Next Review", compute="_compute_next_review_date", help="While the plan runs."
    )
    satisfaction = fields.Float(
        compute="_compute_satisfaction",
        help="What the customer answered after the last review that he judged, from 1"
        " to 5; 0: no answer yet.",
    )

    _check_review_days = models.Constraint(
        f"CHECK(review_days BETWEEN 0 AND {MAX_REVIEW_DAYS})",
        f"Rhythm of reviews: enter a number of days up to {MAX_REVIEW_DAYS}, or 0 to"
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
        """Count from the last review, for want of one from the beginning."""
        for plan in self:
            days = plan._get_review_days()
            done = plan.review_ids.filtered(lambda review: review.state == "done")
            last = max(filter(None, done.mapped("date")), default=None)
            if plan.state != "running" or not days:
                plan.next_review_date = False
                continue
            first = max(plan.date_start, plan.approve_date or plan.date_start)
            due = (last or first) + timedelta(days=days)
            # a plan does not end without having been looked at
            plan.next_review_date = (
                due if last == plan.date_end else min(due, plan.date_end)
            )

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
        super()._start_due()
        self.filtered(lambda plan: plan.state == "running")._plan_next_review()

    def _start_new_version(self, reason):
        """A draft is not reviewed; the next review is planned when it runs again."""
        super()._start_new_version(reason)
        self.sudo().activity_unlink([REVIEW_TYPE])

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
        today = fields.Date.context_today(self)
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

    def _get_goal_course(self, goal):
        """Add what the reviews found, and today."""
        reviews = self.review_ids.filtered(lambda review: review.state == "done")
        period = self.date_start, self.date_end
        course = [
            (elapsed(*period, line.date), line.progress)
            for line in reviews.sorted("date").line_ids
            if line.goal_id == goal
        ]
        if goal.standing and self.state != "closed":
            now = elapsed(*period, fields.Date.context_today(self))
            course.append((now, goal.progress))
        return course
