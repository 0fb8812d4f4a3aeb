from odoo import api, fields, models

from ..models.common import clock
from ..models.offer.follow_up import (
    NEXT_STEPS,
    RECEIPT,
    RESULTS,
    STEPS,
    URGENCY,
    get_next_step,
)
from .kam_talk import AS_USER


class KamTalk(models.TransientModel):
    """Following up a quotation: one question, answered by a click, and the next step."""

    _inherit = "kam.talk"

    follow_up_step = fields.Selection(
        STEPS, compute="_compute_follow_up_step", **AS_USER
    )
    follow_up_question = fields.Char(compute="_compute_follow_up_question")
    follow_up_answer = fields.Selection(
        [("yes", "Yes"), ("no", "Not Yet")],
        help="Yes leads to the next step; otherwise the same is asked again.",
    )

    @api.depends("order_id")
    def _compute_follow_up_step(self):
        for talk in self:
            order = talk.order_id
            talk.follow_up_step = order.state == "sent" and order.kam_follow_up

    @api.depends("follow_up_step")
    def _compute_follow_up_question(self):
        questions = {
            RECEIPT: self.env._("Has the quotation arrived?"),
            NEXT_STEPS: self.env._("Are the next steps agreed?"),
            URGENCY: self.env._("Is it known what makes it urgent for them?"),
            RESULTS: self.env._("Is the day for interim results agreed?"),
        }
        for talk in self:
            talk.follow_up_question = questions.get(talk.follow_up_step)

    @api.depends("follow_up_step", "follow_up_answer")
    def _compute_next_summary(self):
        return super()._compute_next_summary()

    @api.depends("follow_up_step", "follow_up_answer")
    def _compute_next_type_id(self):
        return super()._compute_next_type_id()

    @api.depends("follow_up_step", "follow_up_answer", "outcome")
    def _compute_next_date(self):
        result = super()._compute_next_date()
        for talk in self:
            if talk.next_type_id and (step := talk._get_following_step()):
                # sudo: settings and working hours
                order = talk.order_id.sudo()
                talk.next_date = order._get_kam_step_date(step, clock.here(self))
        return result

    def _get_proposals(self):
        """Propose the next step of the follow-up, and know the others again."""
        proposals = super()._get_proposals()
        if not self.follow_up_step:
            return proposals
        call = proposals["not_reached"][1]
        # sudo: words about the quotation that the user sees
        order = self.order_id.sudo()
        steps = {
            f"follow_up_{key}": (order._tell_kam_step(key), call)
            for key, _label in STEPS
        }
        origin = steps[f"follow_up_{self._get_following_step()}"]
        return {**proposals, **steps, "origin": origin}

    def _get_following_step(self):
        """Return the step that is due after this conversation, maybe none."""
        step = self.follow_up_step
        return get_next_step(step) if self.follow_up_answer == "yes" else step

    def _is_told(self):
        return super()._is_told() or bool(self.follow_up_answer)

    def _split_note(self):
        summary, note = super()._split_note()
        return summary or self._format_answer(), note

    def _format_said(self):
        return super()._format_said() or self._format_answer()

    def _format_answer(self):
        """Return question and answer in a line, False without an answer."""
        answers = dict(
            self._fields["follow_up_answer"]._description_selection(self.env)
        )
        answer = answers.get(self.follow_up_answer)
        return bool(answer) and f"{self.follow_up_question} {answer}"

    def _finish_activity(self):
        """Let the quotation stay at its step where the question is not answered."""
        if self.follow_up_step:
            answered = self.follow_up_answer == "yes"
            self = self.with_context(kam_follow_up_answered=answered)
        return super()._finish_activity()

    def _plan_next(self, following):
        """Let what comes next be the next step of the follow-up; nothing ends it."""
        activity = super()._plan_next(following)
        # sudo: the dialog leads from step to step
        order = self.order_id.sudo()
        if not (self.follow_up_step and order.state == "sent"):
            return activity
        order._kam_move_on(
            self.follow_up_answer == "yes"
            and order.kam_follow_up == self.follow_up_step
        )
        others = order._get_kam_steps() - activity
        others.unlink()
        if not activity:
            order._kam_end_follow_up()
        elif order.kam_follow_up:
            activity.sudo().kam_follow_up = order.kam_follow_up
        return activity
