from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common import clock
from ..common.tasks import may_be_given

TODO_TYPE = "mail.mail_activity_data_todo"
# For what is decided without a next review.
USUAL_DAYS = 14


class KamPlanReviewDecision(models.Model):
    """What was decided in a review: who does what until when; then an action of the plan."""

    _name = "kam.plan.review.decision"
    _description = "Decision of a Review"
    _inherit = ["kam.plan.line"]
    _order = "review_id, sequence, id"

    review_id = fields.Many2one(
        "kam.plan.review", required=True, index=True, ondelete="cascade"
    )
    plan_id = fields.Many2one(related="review_id.plan_id", store=True, precompute=True)
    name = fields.Char("What", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Who",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    date_due = fields.Date(
        "Until",
        compute="_compute_proposal",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Proposed: the next review, where it is looked at again.",
    )
    activity_id = fields.Many2one(
        "mail.activity",
        "Action",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done")], "Status", compute="_compute_state"
    )

    @api.depends("review_id")
    def _compute_proposal(self):
        """Propose the manager of the customer, until the next review.

        Who does not see the plan is proposed nothing; it falls to the plan owner, for want
        of one to who writes it down. Without a review frequency there are two weeks.
        """
        for decision in self:
            plan, review = decision.review_id.plan_id, decision.review_id
            # sudo: who leads the customer of a plan the user sees
            people = [plan.account_id.sudo().manager_id, plan.user_id, self.env.user]
            decision.user_id = decision.user_id or next(
                user.with_env(self.env)
                for user in people
                if user == self.env.user or user and may_be_given(user, plan._origin)
            )
            day = review.date or clock.here(self)
            due = plan.date_end and plan._get_review_after(day)
            usual = day + timedelta(days=USUAL_DAYS)
            proposed = due if due and due > day else usual
            decision.date_due = decision.date_due or proposed

    @api.depends("activity_id.active")
    def _compute_state(self):
        for decision in self:
            # sudo: whether it is done is no secret to who sees the review
            activity = decision.sudo().activity_id
            decision.state = activity and ("open" if activity.active else "done")

    @api.constrains("user_id", "review_id")
    def _check_user(self):
        """Give nobody a task on a plan they do not see.

        :raise UserError: naming them
        """
        for decision in self:
            # sudo: names a colleague
            user = decision.sudo().user_id
            if not may_be_given(user, decision.plan_id):
                raise UserError(
                    self.env._(
                        "%(user)s does not see this plan. Add them to its team, or"
                        " choose somebody else.",
                        user=user.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        decisions = super().create(vals_list)
        decisions._check_review_planned()
        return decisions

    def write(self, vals):
        if not self.env.su:
            self._check_review_planned()
        result = super().write(vals)
        if "review_id" in vals:
            self._check_review_planned()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._check_review_planned()

    def _plan_actions(self):
        """Make each decision an action of its plan."""
        for decision in self:
            # sudo: who may finish the review may give the tasks decided in it
            decision.sudo().activity_id = decision.plan_id.sudo().activity_schedule(
                TODO_TYPE,
                date_deadline=decision.date_due,
                summary=decision.name,
                user_id=decision.user_id.id,
            )

    def _check_review_planned(self):
        """Keep what was decided in a review that is done.

        :raise UserError: saying where it goes on
        """
        if not self.env.su and "done" in self.review_id.mapped("state"):
            raise UserError(
                self.env._(
                    "This review is done, so its decisions are actions of the plan."
                    " Change or add them there."
                )
            )
