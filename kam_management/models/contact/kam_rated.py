import re

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS


def mail_question(record, template):
    """Mail a question to the person asked, and nobody else.

    The keys to answer with are put in when it goes out, see ``_fill_in_keys``.

    :param record: what has the person (``partner_id``), the colleague who is answered
        (``user_id``) and the company that asks (``company_id``)
    :param template: ``mail.template`` of its model
    :return: id of the ``mail.mail``
    """
    # as the system: the mail is a document of nobody's
    return template.with_user(SUPERUSER_ID).send_mail(
        record.id,
        email_layout_xmlid="kam_management.mail_layout_survey",
        email_values={
            "model": False,
            "res_id": False,
            "author_id": record.company_id.partner_id.id,
            "email_to": record.partner_id.email_formatted,
            "email_cc": False,
            "recipient_ids": [],
            "reply_to": record.user_id.email_formatted,
            "auto_delete": True,
        },
    )


class KamRated(models.AbstractModel):
    """What somebody of a customer rates by a click in the mail that asks for it.

    It has an ``account_id``, whose loyalty every rating counts for, and a ``partner_id``.

    Whoever has the key of its rating can answer: no screen, message or stored mail shows
    it. What is rendered from a template holds a mark instead; the mail to the person
    asked holds the key once it goes out.
    """

    _name = "kam.rated"
    _description = "Rated by a Customer"
    _inherit = ["rating.mixin"]

    # What stands for the key, until the mail goes out: a name and the record's number.
    _kam_mark = ""

    # a search by the key would tell it letter by letter
    rating_ids = fields.One2many(groups=NO_ACCESS)

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        """Take up a rating of this record, and of no other.

        :raise AccessError: when key or rating belong to something else
        """
        if token:
            rating = self.env["rating.rating"].search(
                [("access_token", "=", token)], limit=1
            )
        if rating:
            # whoever calls it may pass anything for a rating
            is_rating = isinstance(rating, models.BaseModel)
            place = is_rating and (rating.res_model, rating.res_id)
            self._refuse_rating(place != (self._name, self.id))
        rating = super().rating_apply(
            rate, None, rating, feedback, subtype_xmlid, notify_delay_send
        )
        # sudo: who answers is no user; loyalty and health hang on it
        rated = self.sudo()
        rated.account_id._enqueue()
        rated._handle_rated(rate)
        return rating

    def _handle_rated(self, rate):
        """React to what the customer says; models say how. Called by ``sudo``.

        :param float rate: from 1 to 5
        """

    def _rating_get_operator(self):
        # the customer rates the firm, not the person in charge
        return self.env["res.partner"]

    def message_post(self, **kwargs):
        """Refuse to rate by a message: anybody who may write one could."""
        self._refuse_rating(kwargs.get("rating_value"))
        return super().message_post(**kwargs)

    def _message_update_content(self, message, /, *, body, rating_value=None, **kwargs):
        self._refuse_rating(rating_value)
        return super()._message_update_content(message, body=body, **kwargs)

    @api.model
    def _refuse_rating(self, is_forged):
        """Refuse what would be a rating by anybody but the customer.

        :raise AccessError: saying how they rate
        """
        if is_forged:
            raise AccessError(
                self.env._(
                    "Only the customer can rate this, with the link in the mail they got."
                )
            )

    def _rating_get_access_token(self, partner=None):
        """Return what stands for the key: templates run for whoever previews them."""
        self.ensure_one()
        return f"{self._kam_mark}-{self.id}"

    def _get_rating_key(self, person=None):
        """Return the key to answer with, for the eyes of the person asked alone.

        :param person: ``res.partner`` who answers, the one who was asked if None
        """
        # Odoo's own way, which the mark above stands in for
        # pylint: disable-next=super-method-mismatch
        return super()._rating_get_access_token(person or self.partner_id)

    @api.model
    def _get_mailed_domain(self, mail):
        """Return the domain of the records that a mail asks to rate.

        :param mail: the ``mail.mail`` that goes out
        """
        raise NotImplementedError

    @api.model
    def _fill_in_keys(self, body, mail):
        """Put the keys into the mail that asks to rate, and into no other.

        That one goes to the address the person had when they were asked.

        :param str body: what the mail says, with marks
        :param mail: the ``mail.mail`` that goes out
        :return: the body, where marks of other mails stay
        """
        marks = re.compile(rf"{self._kam_mark}-(\d{{1,9}})\b")
        if not marks.search(body or ""):
            return body
        # sudo: keys are read by nobody; the mail takes them to their owner
        rated = self.sudo().search(self._get_mailed_domain(mail))
        keys = {str(record.id): record._get_rating_key() for record in rated}
        return marks.sub(lambda mark: keys.get(mark[1], mark[0]), body)
