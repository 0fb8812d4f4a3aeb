from odoo import api, models


class MailActivitySchedule(models.TransientModel):
    _name = "mail.activity.schedule"
    _inherit = ["mail.activity.schedule", "kam.contact.question"]

    @api.depends("res_model", "res_ids", "activity_type_id", "plan_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_kam_silence(self):
        return super()._compute_kam_silence()

    def action_schedule_plan(self):
        self._check_kam_silence()
        return super().action_schedule_plan()

    def action_schedule_activities(self):
        self._check_kam_silence()
        return super().action_schedule_activities()

    def _get_kam_records(self):
        contact = self.plan_id or self.activity_type_id.kam_channel
        if not (contact and self.res_model and self.res_ids):
            return None
        return self._get_applied_on_records()
