import re

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

QUESTIONS = [
    ("informed", "I am informed regularly and fully."),
    ("care", "They care about my business."),
]
# What stands for the key to an answer, until the mail goes out to the person asked.
KEY_MARK = "kam-answer-%s"
KEY_MARKS = re.compile(KEY_MARK % r"(\d{1,9})\b")
# Whom it is about: open until it is sent.
PERSON_FIELDS = {"account_id", "partner_id"}


class KamSurvey(models.Model):
    """Two questions to one person of the customer: is our communication good?

    He answers each with a click in the mail; Odoo's ratings take it up. As with all of
    them, he may click again: his last word counts.
    """

    _name = "kam.survey"
    _description = "Customer Survey"
    _inherit = ["mail.thread", "kam.guard", "kam.merge"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    # company_id follows it: to check that would leave none to choose on a new record
    account_id = fields.Many2one(
        "kam.account",
        required=True,
        ondelete="cascade",
        index=True,
    )
    customer_id = fields.Many2one(related="account_id.partner_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Person Asked",
        ondelete="set null",
        index=True,
        check_company=True,
        domain="[('commercial_partner_id', '=', customer_id)]",
        help="Empty when the person was deleted: the answers stay.",
    )
    email = fields.Char(related="partner_id.email", string="Email")
    is_silent = fields.Boolean(
        related="account_id.do_not_contact", string="Do Not Contact"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked By",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    date = fields.Date("Asked On", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Not Sent"), ("sent", "Sent"), ("answered", "Answered")],
        compute="_compute_score",
        store=True,
    )
    answer_ids = fields.One2many(
        "kam.survey.answer", "survey_id", string="Answers", readonly=True
    )
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

    @api.model_create_multi
    def create(self, vals_list):
        surveys = super().create(vals_list)
        surveys._check_person()
        return surveys

    def write(self, vals):
        moved = not PERSON_FIELDS.isdisjoint(vals)
        if moved and not self.env.su and any(survey.date for survey in self):
            raise UserError(
                self.env._(
                    "This survey was sent already: whom it went to stays. Make a new one"
                    " to ask somebody else."
                )
            )
        result = super().write(vals)
        if moved:
            self._check_person()
        return result

    def action_send(self):
        """Mail both questions to the person asked.

        A customer who asked for silence is asked only with ``kam_contact_anyway`` in
        the context.

        :raise UserError: when he has no mail address, was asked already, or the
            customer or he does not want to be contacted
        """
        self.check_access("write")
        template = self.env.ref("kam_management.mail_template_survey")
        for survey in self:
            survey._check_sendable()
            # sudo: answers come by clicks, nobody types them in
            survey.sudo().write(
                {
                    "answer_ids": [
                        Command.create({"question": question})
                        for question, _text in QUESTIONS
                    ],
                    "date": fields.Date.context_today(survey),
                }
            )
            survey._mail_questions(template)
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Average the score over those who answered."""
        if aggregate_spec != "score:avg":
            return super()._read_group_select(aggregate_spec, query)
        score = self._field_to_sql(self._table, "score", query)
        return SQL("AVG(NULLIF(%s, 0))", score)

    def _mail_questions(self, template):
        """Mail the questions to the person asked, and nobody else.

        The keys to answer with are put in when it goes out, see ``_fill_in_keys``. The
        log says only that it did, and where to.
        """
        # as the system: the mail is a document of nobody's
        template.with_user(SUPERUSER_ID).send_mail(
            self.id,
            email_layout_xmlid="kam_management.mail_layout_survey",
            email_values={
                "model": False,
                "res_id": False,
                "author_id": self.company_id.partner_id.id,
                "reply_to": self.user_id.email_formatted,
                "auto_delete": True,
            },
        )
        self._message_log(
            body=self.env._(
                "Two questions mailed to %(person)s (%(address)s).",
                person=self.partner_id.display_name,
                address=self.partner_id.email,
            )
        )

    @api.model
    def _get_found_hint(self):
        return self.env._("Send a survey instead.")

    def _check_person(self):
        """Refuse to ask people who are not of the customer.

        :raise UserError: naming the person and the customer
        """
        if self.env.su:
            return
        for survey in self:
            if survey.partner_id.commercial_partner_id != survey.customer_id:
                raise UserError(
                    self.env._(
                        "%(person)s is nobody of %(customer)s. Choose a contact of this"
                        " customer.",
                        person=survey.partner_id.display_name,
                        customer=survey.customer_id.display_name,
                    )
                )

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
        if self.partner_id._kam_reaches_us():
            raise UserError(
                self.env._(
                    "%(address)s is an address of ours: one of us would answer for"
                    " %(person)s. Enter their own address on the contact.",
                    address=self.partner_id.email,
                    person=self.partner_id.display_name,
                )
            )
        # of no document, so that the filter of mails on documents lets it pass
        self.partner_id._check_kam_do_not_contact()
        if self.is_silent and not self.env.context.get("kam_contact_anyway"):
            raise UserError(
                self.env._(
                    "%(customer)s asked not to be contacted. Choose “Send Anyway” if you"
                    " mean it.",
                    customer=self.customer_id.display_name,
                )
            )


class KamSurveyAnswer(models.Model):
    """One question of a survey, rated by the person asked.

    Whoever has the key of its rating can answer: no screen, message or stored mail shows
    it. What is rendered from a template holds a mark instead, and the mail that goes out
    to the person asked the key.
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
    def _fill_in_keys(self, body, person):
        """Put the keys for a person into what is mailed to them.

        :param str body: what the mail says, with marks
        :param person: the ``res.partner`` whom alone this goes to, if it is one
        :return: the body, where marks of what others are asked stay
        """
        ids = {int(number) for number in KEY_MARKS.findall(body or "")}
        if not (ids and person) or person._kam_reaches_us():
            return body
        # sudo: keys are read by nobody; the mail takes them to their owner
        answers = self.sudo().browse(ids).exists()
        keys = {
            str(answer.id): answer._get_key()
            for answer in answers
            if answer.partner_id == person
        }
        return KEY_MARKS.sub(lambda mark: keys.get(mark[1], mark[0]), body)

    def _rating_get_operator(self):
        # the customer rates the firm, not the person who asks
        return self.env["res.partner"]
