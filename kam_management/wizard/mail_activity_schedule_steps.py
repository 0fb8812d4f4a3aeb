from odoo import api, models

from ..models.common import formats

USER_GROUP = "kam_management.group_kam_user"


class MailActivitySchedule(models.TransientModel):
    """The steps of a deal are looked at before they are planned: who does what, by when.

    Those done or planned are left out, and what would come after the closing is said.
    """

    _inherit = "mail.activity.schedule"

    @api.depends("plan_date")
    def _compute_error(self):
        return super()._compute_error()

    def _compute_plan_schedule_line_ids(self):
        """Show the steps that are left as they would be planned."""
        deals = self.filtered(lambda dialog: dialog._get_kam_deal())
        others = super(MailActivitySchedule, self - deals)
        result = others._compute_plan_schedule_line_ids()
        for dialog in deals:
            lead = dialog._get_kam_deal()
            dialog.plan_schedule_line_ids = [
                (5,),
                *(
                    (
                        0,
                        0,
                        {
                            "line_description": step["summary"],
                            "responsible_user_id": step["user_id"],
                            "line_date_deadline": step["date_deadline"],
                        },
                    )
                    for step in lead._prepare_kam_steps(dialog.plan_date)
                ),
            ]
        return result

    def action_schedule_plan(self):
        lead = self._get_kam_deal()
        if not lead:
            return super().action_schedule_plan()
        self._check_kam_silence()
        lead._kam_plan_steps(self.plan_date)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_plan_templates_error(self, applied_on):
        """Plan steps for whom they are, else for who works on the deal: nobody lacks."""
        if self._get_kam_deal():
            return []
        return super()._check_plan_templates_error(applied_on)

    def _check_plan_templates_warning(self, applied_on):
        lead = self._get_kam_deal()
        if not lead:
            return super()._check_plan_templates_warning(applied_on)
        closing = lead.date_deadline
        late = [
            step["summary"]
            for step in lead._prepare_kam_steps(self.plan_date)
            if closing and step["date_deadline"] > closing
        ]
        if not late:
            return []
        return [
            self.env._(
                "Due after the expected closing on %(day)s: %(steps)s. Choose an earlier"
                " date here, or move the closing.",
                day=formats.day(self.env, closing),
                steps=", ".join(late),
            )
        ]

    def _get_kam_deal(self):
        """Return the one deal of which these are the steps, else none."""
        leads = self.env["crm.lead"]
        if self.res_model != leads._name or not self.env.user.has_group(USER_GROUP):
            return leads
        found = self._get_applied_on_records()
        is_deal = len(found) == 1 and self.plan_id == found.kam_step_plan_id
        return found if self.plan_id and is_deal else leads
