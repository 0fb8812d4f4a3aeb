from odoo import api, fields, models

from .contact.kam_touch import BEST_QUALITY, OUTCOMES

# On these a done activity becomes a touch.
TOUCH_MODELS = ("kam.account", "crm.lead", "res.partner", "sale.order")


class MailActivity(models.Model):
    """An activity that reaches the customer asks how it went and what it took."""

    _inherit = "mail.activity"

    kam_channel = fields.Selection(related="activity_type_id.kam_channel")
    kam_is_touch = fields.Boolean(compute="_compute_kam_is_touch")
    kam_quality = fields.Integer(
        "Quality", help="How good the contact was, from 1 (useless) to 5 stars."
    )
    kam_outcome = fields.Selection(OUTCOMES, string="Outcome")
    kam_resource_ids = fields.One2many(
        "kam.touch.resource",
        "activity_id",
        string="Resources Used",
        groups="kam_management.group_kam_user",
    )
    kam_message_id = fields.Many2one(
        "mail.message",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="What says in the log of the record that this was done.",
    )

    _check_kam_quality = models.Constraint(
        f"CHECK(kam_quality BETWEEN 0 AND {BEST_QUALITY})",
        f"Quality: give 1 to {BEST_QUALITY} stars, or none.",
    )

    @api.depends("res_model", "activity_type_id")
    def _compute_kam_is_touch(self):
        for activity in self:
            activity.kam_is_touch = bool(
                activity.res_model in TOUCH_MODELS and activity.kam_channel
            )

    def _action_done(self, feedback=False, attachment_ids=None):
        """Remember which message reports which activity, and have it captured soon."""
        touches = self.filtered("kam_is_touch")
        messages, next_activities = super()._action_done(
            feedback=feedback, attachment_ids=attachment_ids
        )
        touches._link_kam_messages(messages)
        return messages, next_activities

    def _to_store_defaults(self, target):
        return super()._to_store_defaults(target) + ["kam_is_touch"]

    def _link_kam_messages(self, messages):
        """Link these activities to the messages that report them, first to first."""
        waiting = {}
        for message in messages:
            key = message.model, message.res_id, message.mail_activity_type_id
            waiting.setdefault(key, []).append(message)
        for activity in self.exists():
            key = activity.res_model, activity.res_id, activity.activity_type_id
            if waiting.get(key):
                activity.kam_message_id = waiting[key].pop(0)
        if self:
            cron = self.env.ref("kam_management.ir_cron_capture", False)
            if cron:
                # sudo: the touch is made by the cron, whoever did the activity
                cron.sudo()._trigger()
