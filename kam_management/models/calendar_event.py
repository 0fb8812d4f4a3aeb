from odoo import models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    # a service plan shows its meetings
    _kam_plan_idx = models.Index("(res_id) WHERE res_model = 'kam.plan'")

    def unlink(self):
        if self:
            self.env["kam.touch"]._forget_sources(events=self)
        return super().unlink()
