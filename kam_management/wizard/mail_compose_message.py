from odoo import api, models


class MailComposeMessage(models.TransientModel):
    _name = "mail.compose.message"
    _inherit = ["mail.compose.message", "kam.contact.question"]

    @api.depends("model", "res_ids", "subtype_is_log")
    def _compute_kam_silence(self):
        return super()._compute_kam_silence()

    def _get_kam_records(self):
        if not self.model or self.subtype_is_log:
            return None
        return self.env[self.model].browse(self._evaluate_res_ids())

    def action_send_mail(self):
        self._check_kam_silence()
        return super().action_send_mail()

    def action_schedule_message(self):
        self._check_kam_silence()
        return super().action_schedule_message()
