from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

QUESTIONS = [
    ("informed", "I am informed regularly and fully."),
    ("care", "They care about my business."),
]


class KamSurvey(models.Model):
    """Two questions to one person of the customer: is our communication good?

    He answers each with a click in the mail; Odoo's ratings take it up.
    """

    _name = "kam.survey"
    _description = "Customer Survey"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "kam.account",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
    )
    customer_id = fields.Many2one(related="account_id.partner_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Person Asked",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain="[('commercial_partner_id', '=', customer_id)]",
    )
    email = fields.Char(related="partner_id.email", string="His Address")
    user_id = fields.Many2one(
        "res.users",
        string="Asked By",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    date = fields.Date("Asked On", readonly=True)
    state = fields.Selection(
        [("draft", "Not Sent"), ("sent", "Sent"), ("answered", "Answered")],
        compute="_compute_score",
        store=True,
    )
    answer_ids = fields.One2many("kam.survey.answer", "survey_id", string="Answers")
    answer_date = fields.Date("Answered On", compute="_compute_score", store=True)
    score = fields.Float(
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Average of the answers, from 1 (no) to 5 (yes).",
    )

    @api.depends("date", "answer_ids.score")
    def _compute_score(self):
        for survey in self:
            scores = [answer.score for answer in survey.answer_ids if answer.score]
            survey.score = sum(scores) / len(scores) if scores else 0
            survey.state = "answered" if scores else "sent" if survey.date else "draft"
            if scores and not survey.answer_date:
                survey.answer_date = fields.Date.context_today(survey)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Average the score over those who answered."""
        if aggregate_spec != "score:avg":
            return super()._read_group_select(aggregate_spec, query)
        score = self._field_to_sql(self._table, "score", query)
        return SQL("AVG(NULLIF(%s, 0))", score)

    def action_send(self):
        """Mail both questions to the person asked.

        :raise UserError: when he has no mail address, or was asked already
        """
        self.check_access("write")
        template = self.env.ref("kam_management.mail_template_survey")
        for survey in self:
            survey._check_sendable()
            # sudo: answers come by clicks, nobody types them in
            survey.sudo().answer_ids = [
                (0, 0, {"question": question}) for question, _text in QUESTIONS
            ]
            survey.date = fields.Date.context_today(survey)
            survey.message_post_with_source(
                template,
                email_layout_xmlid="mail.mail_notification_light",
                subtype_xmlid="mail.mt_note",
            )
        return {"type": "ir.actions.act_window_close"}

    def _check_sendable(self):
        if self.state != "draft":
            raise UserError(
                self.env._("This survey was sent already. Make a new one to ask again.")
            )
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%(person)s has no mail address. Enter it on the contact first.",
                    person=self.partner_id.display_name,
                )
            )


class KamSurveyAnswer(models.Model):
    """One question of a survey, rated by the person asked."""

    _name = "kam.survey.answer"
    _description = "Answer to a Customer Survey"
    _inherit = ["rating.mixin"]
    _order = "survey_id desc, id"
    _rec_name = "question"

    survey_id = fields.Many2one(
        "kam.survey", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(related="survey_id.partner_id")
    question = fields.Selection(QUESTIONS, required=True, readonly=True)
    score = fields.Float(
        compute="_compute_score", store=True, help="From 1 (no) to 5 (yes); 0: open."
    )
    comment = fields.Text(related="rating_last_feedback", string="Comment")

    @api.depends("rating_last_value")
    def _compute_score(self):
        for answer in self:
            answer.score = answer.rating_last_value

    def _get_question(self):
        """Return the question as the person asked reads it."""
        self.ensure_one()
        texts = dict(self._fields["question"]._description_selection(self.env))
        return texts[self.question]

    def _rating_get_operator(self):
        # the customer rates the firm, not the person who asks
        return self.env["res.partner"]
