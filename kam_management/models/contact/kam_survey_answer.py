from odoo import api, fields, models

# The question of the net promoter score, asked where the company wants it
RECOMMEND = "recommend"
QUESTIONS = [
    ("informed", "I am informed regularly and fully."),
    ("care", "They care about my business."),
    (RECOMMEND, "I would recommend them to others."),
]


class KamSurveyAnswer(models.Model):
    """One question of a survey, rated by the person asked."""

    _name = "kam.survey.answer"
    _description = "Answer to a Customer Survey"
    _inherit = ["kam.rated", "kam.guard"]
    _order = "survey_id desc, id"
    _rec_name = "question"
    _kam_mark = "kam-answer"

    survey_id = fields.Many2one(
        "kam.survey", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(related="survey_id.account_id")
    partner_id = fields.Many2one(related="survey_id.partner_id")
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

    def _get_question(self):
        """Return the question as the person asked reads it."""
        self.ensure_one()
        texts = dict(self._fields["question"]._description_selection(self.env))
        return texts[self.question]

    def _get_next_answer(self):
        """Return the question of the same survey that is still open, maybe none."""
        return self.survey_id.answer_ids.filtered(lambda answer: not answer.score)[:1]

    @api.model
    def _get_mailed_domain(self, mail):
        return [("survey_id.mail_id", "in", mail.ids)]
