from odoo import api, models


class MailComposeMessage(models.TransientModel):
    _name = "mail.compose.message"
    _inherit = ["mail.compose.message", "kam.contact.question"]

    @api.depends("model", "res_ids", "subtype_is_log")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_kam_silence(self):
        return super()._compute_kam_silence()

    def action_send_mail(self):
        """Refuse to write to people who want no mail, as long as one can still choose.

        What is sent without a form leaves them out by itself, see ``mail.mail``.
        """
        self._check_kam_silence()
        # sudo: the wish of a person counts, whoever is writing
        self.partner_ids.sudo()._check_kam_do_not_contact()
        return super().action_send_mail()

    def action_schedule_message(self):
        self._check_kam_silence()
        return super().action_schedule_message()

    def _get_kam_records(self):
        if not self.model or self.subtype_is_log:
            return None
        return self.env[self.model].browse(self._evaluate_res_ids())
