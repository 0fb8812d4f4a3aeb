from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_post(self, *, message_type="notification", partner_ids=None, **kwargs):
        """Refuse to write to people who do not want it, as long as one can still choose.

        :raise UserError: naming the person and the reason
        """
        if message_type == "comment" and partner_ids:
            # sudo: the wish of a person counts, whoever is writing
            persons = self.env["res.partner"].sudo().browse(partner_ids)
            persons._check_kam_do_not_contact()
        return super().message_post(
            message_type=message_type, partner_ids=partner_ids, **kwargs
        )

    def _message_update_content(self, message, /, *, body, **kwargs):
        """Take back the touch of a message its author deletes, as the chatter does it."""
        result = super()._message_update_content(message, body=body, **kwargs)
        if not body and message.sudo()._is_empty():
            self.env["kam.touch"]._archive_emptied(message)
        return result
