from odoo import models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def unlink(self):
        if self:
            self.env["kam.touch"]._forget_sources(events=self)
        return super().unlink()
