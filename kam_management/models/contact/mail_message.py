from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def unlink(self):
        if self:
            self.env["kam.touch"]._forget_sources(messages=self)
        return super().unlink()


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_update_content(self, message, /, *, body, **kwargs):
        """Take back the touch of a message its author deletes, as the chatter does it."""
        result = super()._message_update_content(message, body=body, **kwargs)
        if not body and message.sudo()._is_empty():
            self.env["kam.touch"]._archive_emptied(message)
        return result
