from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from .contacts import CHANNELS

# Which record an activity hangs on.
PLACE_FIELDS = {"res_model", "res_model_id", "res_id"}


class MailActivity(models.Model):
    """A done activity is a contact when its type reaches the customer."""

    _inherit = "mail.activity"

    kam_channel = fields.Selection(related="activity_type_id.kam_channel")
    kam_is_touch = fields.Boolean(compute="_compute_kam_is_touch")
    kam_message_id = fields.Many2one(
        "mail.message",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        # who could write it would read the subject of any message
        groups=NO_ACCESS,
        help="What says in the log of the record that this was done.",
    )

    @api.depends("res_model", "activity_type_id")
    def _compute_kam_is_touch(self):
        touch_models = self.env["kam.evidence"]._get_contact_records()
        for activity in self:
            activity.kam_is_touch = bool(
                activity.res_model in touch_models and activity.kam_channel
            )

    def write(self, vals):
        """Hang activities only where the user could have planned them.

        Odoo asks about the record they come from: done, they would leave a touch with a
        customer of others.
        """
        result = super().write(vals)
        if not PLACE_FIELDS.isdisjoint(vals):
            self.check_access("create")
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        """Remember which message reports which activity."""
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
                # sudo: which message it is, is found here and typed in by nobody
                activity.sudo().kam_message_id = waiting[key].pop(0)


class MailActivityType(models.Model):
    """Types of activities say how they reach the customer, if they do."""

    _inherit = "mail.activity.type"

    kam_channel = fields.Selection(
        CHANNELS,
        string="Counts as Touch",
        compute="_compute_kam_channel",
        store=True,
        readonly=False,
        help="Channel of the touch that a done activity of this type leaves behind on a"
        " customer. Leave it empty for work that does not reach the customer.",
    )

    @api.depends("category")
    def _compute_kam_channel(self):
        """Suggest a channel by category; other work need not reach the customer."""
        channels = {"phonecall": "phone", "meeting": "meeting"}
        for activity_type in self:
            activity_type.kam_channel = channels.get(activity_type.category)
