from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    def unlink(self):
        if self:
            self.env["kam.touch"]._forget_sources(messages=self)
        return super().unlink()
