import ast

from odoo import api, models

from .mail_headers import is_bulk


class MailMail(models.Model):
    """A mail of a newsletter is known as one when it is written, however few there are.

    It may be cleared away long before its message is looked at.
    """

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        if newsletters := mails.filtered(lambda mail: mail._kam_is_newsletter()):
            # sudo: a fact about the message, which nobody types in
            newsletters.mail_message_id.sudo().kam_is_automatic = True
        return mails

    def _kam_is_newsletter(self):
        """Return whether this is a mail of a mailing, or its headers tell so.

        Mailings are those of Email Marketing, where that is installed.
        """
        if "mailing_id" in self._fields and self.mailing_id:
            return True
        try:
            headers = ast.literal_eval(self.headers or "{}")
        except (SyntaxError, ValueError):
            return False
        return isinstance(headers, dict) and is_bulk(headers)
