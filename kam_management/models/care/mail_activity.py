from odoo import fields, models


class MailActivity(models.Model):
    """An activity may be what is to be done at a key moment: done, it ends the moment."""

    _inherit = "mail.activity"

    kam_moment_id = fields.Many2one(
        "kam.moment",
        "Key Moment",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        groups="kam_management.group_kam_user",
    )

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            # sudo: who is to act answers for the moment, whoever hands it over
            if moments := self.sudo().filtered("active").kam_moment_id:
                moments.user_id = vals["user_id"]
        return result

    def unlink(self):
        """Take a moment as missed when its activity is cancelled."""
        if not self.env.su:
            # sudo: part of the moment, whoever cancels it
            planned = self.sudo().filtered("active").kam_moment_id
            missed = planned.filtered(lambda moment: moment.state == "open")
            missed.write({"state": "missed"})
        return super().unlink()

    def _action_done(self, feedback=False, attachment_ids=None):
        # sudo: the moment is done, whoever does the activity
        moments = self.sudo().filtered("active").kam_moment_id
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        moments._handle_done()
        return result
