import re

from odoo import api, fields, models
from odoo.fields import NO_ACCESS

QUESTIONS = [
    ("informed", "I am informed regularly and fully."),
    ("care", "They care about my business."),
]
# What stands for the key to an answer, until the mail goes out to the person asked.
KEY_MARK = "kam-answer-%s"
KEY_MARKS = re.compile(KEY_MARK % r"(\d{1,9})\b")


class KamSurveyAnswer(models.Model):
    """One question of a survey, rated by the person asked.

    Whoever has the key of its rating can answer: no screen, message or stored mail shows
    it. What is rendered from a template holds a mark instead; the survey's own mail to
    the person asked holds the key once it goes out.
    """

    _name = "kam.survey.answer"
    _description = "Answer to a Customer Survey"
    _inherit = ["rating.mixin", "kam.guard"]
    _order = "survey_id desc, id"
    _rec_name = "question"

    survey_id = fields.Many2one(
        "kam.survey", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="survey_id.partner_id")
    # a search by the key would tell it letter by letter
    rating_ids = fields.One2many(groups=NO_ACCESS)
    question = fields.Selection(QUESTIONS, required=True, readonly=True)
    score = fields.Float(
        compute="_compute_score", store=True, help="From 1 (no) to 5 (yes); 0: open."
    )
    # sudo: a rating carries the key to change it, its text is for the account's team
    comment = fields.Text(
        related="rating_last_feedback", related_sudo=True, string="Comment"
    )

    @api.depends("rating_last_value")
    def _compute_score(self):
        for answer in self:
            answer.score = answer.rating_last_value

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        """Report the answer to the engine: health hangs on it."""
        rating = super().rating_apply(
            rate, token, rating, feedback, subtype_xmlid, notify_delay_send
        )
        # sudo: who answers is no user
        self.sudo().survey_id.account_id._enqueue()
        return rating

    def _get_question(self):
        """Return the question as the person asked reads it."""
        self.ensure_one()
        texts = dict(self._fields["question"]._description_selection(self.env))
        return texts[self.question]

    def _get_next_answer(self):
        """Return the question of the same survey that is still open, maybe none."""
        return self.survey_id.answer_ids.filtered(lambda answer: not answer.score)[:1]

    def _rating_get_access_token(self, partner=None):
        """Return what stands for the key: templates run for whoever previews them."""
        self.ensure_one()
        return KEY_MARK % self.id

    def _get_key(self):
        """Return the key to answer with, for the eyes of the person asked alone."""
        # Odoo's own way, which the mark above stands in for
        # pylint: disable-next=super-method-mismatch
        return super()._rating_get_access_token(self.partner_id)

    @api.model
    def _fill_in_keys(self, body, mail):
        """Put the keys to a survey into the mail that asks it, and into no other.

        That one goes to the address the person had when they were asked.

        :param str body: what the mail says, with marks
        :param mail: the ``mail.mail`` that goes out
        :return: the body, where marks of other surveys stay
        """
        if not KEY_MARKS.search(body or ""):
            return body
        # sudo: keys are read by nobody; the mail takes them to their owner
        answers = self.sudo().search([("survey_id.mail_id", "in", mail.ids)])
        keys = {str(answer.id): answer._get_key() for answer in answers}
        return KEY_MARKS.sub(lambda mark: keys.get(mark[1], mark[0]), body)

    def _rating_get_operator(self):
        # the customer rates the firm, not the person who asks
        return self.env["res.partner"]
