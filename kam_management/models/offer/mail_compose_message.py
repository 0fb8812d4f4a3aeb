from odoo import models


class MailComposeMessage(models.TransientModel):
    """Quotations that are mailed to many customers at once are sent, as one is."""

    _inherit = "mail.compose.message"

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        if self.model == "sale.order" and self._kam_carries_quotations():
            self = self.with_context(mark_so_as_sent=True)  # noqa: PLW0642
        return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)

    def _kam_carries_quotations(self):
        """Return whether the printed quotation goes with each mail."""
        return "sale.order" in self.template_id.report_template_ids.mapped("model")
