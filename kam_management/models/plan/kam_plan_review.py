from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..common import clock, formats

# What a review is known by once it is done; its minutes may be mended.
DONE_FIELDS = {"plan_id", "date"}


class KamPlanReview(models.Model):
    """A meeting about a plan, with both sides: where we are, and what we do about it."""

    _name = "kam.plan.review"
    _description = "Review of a Service Plan"
    _inherit = ["kam.plan.line"]
    _order = "plan_id, date desc, id desc"
    _rec_name = "date"

    date = fields.Date(required=True, default=clock.here)
    state = fields.Selection(
        [("draft", "Planned"), ("done", "Done")],
        "Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Our Participants",
        check_company=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    stakeholder_ids = fields.Many2many(
        "kam.stakeholder",
        string="Customer's Participants",
        check_company=True,
        domain="[('account_id', '=', account_id)]",
    )
    minutes = fields.Html(help="What was discussed, and what each side said.")
    decision_ids = fields.One2many(
        "kam.plan.review.decision",
        "review_id",
        "Decisions",
        help="Each becomes an action of the plan when the review is done.",
    )
    decisions = fields.Html(
        "Notes on Decisions", help="What was decided, in words of your own."
    )
    goal_ids = fields.One2many(
        "kam.plan.goal",
        compute="_compute_goal_ids",
        inverse="_inverse_goal_ids",
        string="Goals Today",
    )
    goals_date = fields.Date(related="plan_id.goals_date")
    line_ids = fields.One2many(
        "kam.plan.review.line", "review_id", "Goals at the Review", readonly=True
    )
    survey_ids = fields.One2many(
        "kam.survey", "review_id", "Satisfaction Surveys", readonly=True
    )
    survey_count = fields.Integer(compute="_compute_satisfaction")
    satisfaction = fields.Float(
        compute="_compute_satisfaction",
        help="Average of the survey answers, from 1 to 5; 0: no answer.",
    )

    @api.depends("date")
    def _compute_display_name(self):
        for review in self:
            review.display_name = self.env._(
                "Review of %(date)s", date=formats.day(self.env, review.date)
            )

    @api.depends("plan_id.goal_ids")
    def _compute_goal_ids(self):
        for review in self:
            review.goal_ids = review.plan_id.goal_ids

    def _inverse_goal_ids(self):
        """Keep the goals those of the plan; what they say has been written by now.

        :raise UserError: when goals were added or removed
        """
        for review in self:
            if set(review.goal_ids.ids) != set(review.plan_id.goal_ids.ids) or any(
                not goal.id for goal in review.goal_ids
            ):
                raise UserError(
                    self.env._(
                        "Goals cannot be added or removed in a review. Do so in the plan."
                    )
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
            if strangers:
                raise UserError(
                    self.env._(
                        "%(people)s: not at this customer. Choose stakeholders of the"
                        " account.",
                        people=", ".join(strangers.mapped("display_name")),
                    )
                )

    def write(self, vals):
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
        """Keep the goals as they are today, and plan what was decided and the next review.

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
        self.decision_ids._plan_actions()
        self.plan_id._handle_reviewed()

    def action_refresh_goals(self):
        """Measure the goals of the plan now."""
        self.plan_id.action_refresh_goals()

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
                    "Nobody is left to ask. Enter the customer's participants of this"
                    " review."
                )
            )
        surveys = self.env["kam.survey"].create(
            [
                {
                    "account_id": self.account_id.id,
                    "partner_id": person.id,
                }
                for person in people
            ]
        )
        # sudo: after which review it is asked is found by the app, not typed in
        surveys.sudo().review_id = self
        surveys.action_send()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Survey sent to: %(people)s",
                    people=", ".join(people.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _get_found_hint(self):
        return self.env._("Use the buttons of the review.")

    def _check_planned(self):
        """Leave reviews that were done as they are.

        :raise UserError: when one of them was
        """
        if any(review.state == "done" for review in self):
            raise UserError(
                self.env._(
                    "This review is done, so its date, figures and decisions cannot be"
                    " changed. Minutes and notes can, and the decisions are actions of"
                    " the plan."
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
