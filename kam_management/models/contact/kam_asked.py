from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from .kam_rated import mail_question


class KamAsked(models.AbstractModel):
    """Asks one person of a customer by mail for a rating of the record, see ``kam.rated``."""

    _name = "kam.asked"
    _description = "Asked for by Mail"

    date_asked = fields.Datetime("Asked On", readonly=True, copy=False)
    # until it is sent and cleared away: no other mail takes the key along
    rating_mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        groups=NO_ACCESS,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _get_mailed_domain(self, mail):
        return [("rating_mail_id", "in", mail.ids)]

    def _is_silent(self):
        """Return whether we do not write to the person: they left, or want no mail."""
        # sudo: a wish for silence counts, whoever asks
        person, account = self.sudo().partner_id, self.sudo().account_id
        return bool(
            not person.active
            or account.do_not_contact
            or person._get_kam_silent_emails({person.email_normalized})
        )

    def _can_ask_person(self):
        """Return whether somebody can be asked: not one of us, with an address."""
        person = self.sudo().partner_id
        return bool(person.email) and not (
            person._kam_reaches_us() or self._is_silent()
        )

    def _mail_question(self, template):
        """Mail the question to the person, and nobody else.

        :param str template: xmlid of the ``mail.template``
        """
        mail_id = mail_question(self, self.env.ref(template))
        # sudo: nobody else says which mail it is
        self.sudo().write(
            {"rating_mail_id": mail_id, "date_asked": fields.Datetime.now()}
        )
