from odoo import models

from .kam_merge import is_merging


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    def write(self, vals):
        """Let what is still to be sent follow a record that becomes part of another.

        Odoo lets nobody change where it goes, and deletes it with its record.
        """
        if self.env.su and is_merging(self.env):
            return models.Model.write(self, vals)
        return super().write(vals)
