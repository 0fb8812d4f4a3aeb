from odoo import api, fields, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """The touches of a lead; without a customer, it is engaged from the first one on."""

    _inherit = "crm.lead"

    kam_touch_ids = fields.One2many(
        "kam.touch", "lead_id", string="Touches", groups="kam_management.group_kam_user"
    )

    @api.depends("kam_touch_ids.active")
    def _compute_kam_level(self):
        return super()._compute_kam_level()

    def action_kam_log_touch(self):
        """Open the Talk dialog for the customer of this lead."""
        self.ensure_one()
        return self.env["kam.touch"]._prepare_talk_action(lead_id=self.id)

    def _kam_let_go(self):
        result = super()._kam_let_go()
        # sudo: the customer was contacted, whatever becomes of the lead and its messages
        leads = self.sudo().with_context(active_test=False)
        touches = leads.kam_touch_ids.filtered("account_id")
        # a meeting without guests of the customer would be found no more, and called off
        touches._get_without_guests().event_id = False
        touches.write({"lead_id": False, "message_id": False})
        return result

    @api.model
    def _get_kam_contacted_domain(self):
        return Domain("kam_touch_ids", "any!", [("active", "=", True)])
