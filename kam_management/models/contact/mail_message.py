from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def unlink(self):
        if self:
            self.env["kam.touch"]._forget_sources(messages=self)
        return super().unlink()


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _mail_get_partners(self, introspect_fields=False):
        """Suggest people of records of ours whom the user may read.

        An account stays with who leads it when its customer is another company's.
        """
        partners = super()._mail_get_partners(introspect_fields=introspect_fields)
        if not self._name.startswith("kam."):
            return partners
        readable = self.env["res.partner"].union(*partners.values())
        readable = readable._filtered_access("read")
        return {record: some & readable for record, some in partners.items()}

    def _message_update_content(self, message, /, *, body, **kwargs):
        """Take back the touch of a message its author deletes, as the chatter does it."""
        result = super()._message_update_content(message, body=body, **kwargs)
        if not body and message.sudo()._is_empty():
            self.env["kam.touch"]._archive_emptied(message)
        return result
