from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def unlink(self):
        """Keep the touch of a mail that Odoo clears away after it was sent."""
        sent = self.filtered(lambda mail: not mail.is_notification).mail_message_id
        if sent:
            # sudo: the contact took place, whoever clears up behind it
            touches = self.env["kam.touch"].sudo().with_context(active_test=False)
            touches.search([("message_id", "in", sent.ids)]).message_id = False
        return super().unlink()
