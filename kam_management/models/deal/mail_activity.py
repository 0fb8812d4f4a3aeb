from odoo import api, fields, models

BID_TYPE = "kam_management.mail_activity_type_bid"


class MailActivity(models.Model):
    """An activity may be a milestone of a tender, or a step of a deal.

    A milestone moves with the submission, a step that is done is ticked off.
    """

    _inherit = "mail.activity"

    kam_tender_id = fields.Many2one(
        "kam.tender",
        "Tender",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        groups="kam_management.group_kam_user",
    )
    kam_tender_days = fields.Integer(
        "Days Before Submission",
        readonly=True,
        copy=False,
        groups="kam_management.group_kam_user",
    )

    kam_is_bid = fields.Boolean(
        compute="_compute_kam_is_bid", groups="kam_management.group_kam_user"
    )

    kam_step_id = fields.Many2one(
        "mail.activity.plan.template",
        "Step of the Deal",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        groups="kam_management.group_kam_user",
    )

    @api.depends("kam_tender_id", "activity_type_id")
    def _compute_kam_is_bid(self):
        """Tell what reminds the head of sales to decide whether to bid."""
        kind = self.env["ir.model.data"]._xmlid_to_res_id(BID_TYPE)
        for activity in self:
            is_bid = activity.activity_type_id.id == kind
            activity.kam_is_bid = is_bid and activity.kam_tender_id

    def _action_done(self, feedback=False, attachment_ids=None):
        """Tick off the steps of deals that were planned as these activities.

        Only of deals that the user sees: an activity may be moved to another record.
        """
        # sudo: the step is done, whoever does the activity
        steps = self.sudo().filtered(
            lambda one: one.kam_step_id and one.active and one.res_model == "crm.lead"
        )
        done = [(one.res_id, one.kam_step_id) for one in steps]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for lead_id, step in done:
            lead = self.env["crm.lead"].browse(lead_id).exists()
            if not lead.has_access("read"):
                continue
            if lead._is_kam_led():
                lead._check_kam_steps(step)
            lead.sudo().kam_done_step_ids |= step
        return result

    def write(self, vals):
        result = super().write(vals)
        if "date_deadline" in vals and "kam_tender_days" not in vals:
            # sudo: whoever plans a milestone anew, it keeps its new distance
            for activity in self.sudo().filtered("kam_tender_id"):
                submission = activity.kam_tender_id.date_submission
                activity.kam_tender_days = (submission - activity.date_deadline).days
        return result
