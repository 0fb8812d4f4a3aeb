from odoo import api, fields, models

BID_TYPE = "kam_management.mail_activity_type_bid"


class MailActivity(models.Model):
    """An activity may be a milestone of a tender: it moves with the submission."""

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

    @api.depends("kam_tender_id", "activity_type_id")
    def _compute_kam_is_bid(self):
        """Tell what reminds the head of sales to decide whether to bid."""
        kind = self.env["ir.model.data"]._xmlid_to_res_id(BID_TYPE)
        for activity in self:
            is_bid = activity.activity_type_id.id == kind
            activity.kam_is_bid = is_bid and activity.kam_tender_id

    def write(self, vals):
        result = super().write(vals)
        if "date_deadline" in vals and "kam_tender_days" not in vals:
            # sudo: whoever plans a milestone anew, it keeps its new distance
            for activity in self.sudo().filtered("kam_tender_id"):
                submission = activity.kam_tender_id.date_submission
                activity.kam_tender_days = (submission - activity.date_deadline).days
        return result
