from datetime import timedelta

from odoo import fields, models

from ..common.clock import here


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

    def write(self, vals):
        result = super().write(vals)
        if "date_deadline" in vals and "kam_tender_days" not in vals:
            # sudo: whoever plans a milestone anew, it keeps its new distance
            for activity in self.sudo().filtered("kam_tender_id"):
                submission = activity.kam_tender_id.date_submission
                activity.kam_tender_days = (submission - activity.date_deadline).days
        return result

    def _follow_submission(self):
        """Keep the distance to the submission; what should be done by now is due today."""
        today = here(self)
        for activity in self:
            days = activity.kam_tender_days
            day = activity.kam_tender_id.date_submission - timedelta(days=days)
            activity.write({"date_deadline": max(day, today), "kam_tender_days": days})
