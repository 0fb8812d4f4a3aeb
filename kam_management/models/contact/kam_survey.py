from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL

from ..common import clock
from .kam_rated import mail_question
from .kam_survey_answer import QUESTIONS, RECOMMEND

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
        string="Recipient",
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
        string="Sent By",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    date = fields.Date("Sent On", readonly=True, copy=False)
    # until it is sent and cleared away: no other mail takes the keys along
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        [("draft", "Not Sent"), ("sent", "Sent"), ("answered", "Answered")],
        "Status",
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
                survey.answer_date = clock.today()

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
                    "This survey was already sent, so its recipient cannot be changed."
                    " Create a new survey for another person."
                )
            )
        result = super().write(vals)
        if moved:
            self._check_person()
        return result

    def unlink(self):
        # sudo: reads which customer to refresh, and nothing else
        self.sudo().account_id._enqueue()
        return super().unlink()

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
                        for question in survey._get_asked()
                    ],
                    "date": clock.today(),
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

    def _get_asked(self):
        """Return the keys of the questions to ask: that of promoters is an option."""
        # sudo: a setting of the company that asks
        with_nps = self.sudo().company_id.kam_survey_nps
        return [key for key, _text in QUESTIONS if with_nps or key != RECOMMEND]

    def _mail_questions(self, template):
        """Mail the questions to the person asked, and nobody else.

        The keys to answer with are put in when it goes out, see ``_fill_in_keys``. The
        log says only that it did, and where to: the address does not change any more.
        """
        mail_id = mail_question(self, template)
        # sudo: nobody else says which mail it is
        self.sudo().mail_id = mail_id
        self._message_log(
            body=self.env._(
                "Questions mailed to %(person)s (%(address)s).",
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
                        "%(person)s is not a contact of %(customer)s. Choose a contact"
                        " of this customer.",
                        person=survey.partner_id.display_name,
                        customer=survey.customer_id.display_name,
                    )
                )

    def _check_sendable(self):
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "This survey was already sent. Create a new one to ask again."
                )
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
                    "%(address)s is one of our own addresses. Enter the address of"
                    " %(person)s on the contact.",
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
