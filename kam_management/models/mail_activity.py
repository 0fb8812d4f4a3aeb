from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from .contact.kam_touch import BEST_QUALITY, OUTCOMES

# Models on which a contact is one with a certain person, and how he is found
PERSONS = {
    "res.partner": lambda partners: partners,
    "crm.lead": lambda leads: leads.partner_id,
    "kam.stakeholder": lambda dossiers: dossiers.partner_id,
}
# Activity types without a channel, or with this one, need not reach the customer.
NO_CONTACT = (False, "other")
# On these a done activity becomes a touch.
TOUCH_MODELS = ("kam.account", "kam.plan", "crm.lead", "res.partner", "sale.order")


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
        # who could write it would read the subject of any message
        groups=NO_ACCESS,
        help="What says in the log of the record that this was done.",
    )

    # goes with the date: nothing remains of a person who is forgotten
    kam_remembered_date_id = fields.Many2one(
        "kam.remembered.date",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups="kam_management.group_kam_personal",
    )
    kam_profile_id = fields.Many2one(
        "kam.person.profile",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups=NO_ACCESS,
        help="The personal part of a dossier that is to be reviewed.",
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

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        if self.env.context.get("kam_next_activities"):
            # what follows a done activity is not planned, rather than refused
            silent = activities._filter_kam_silent()
            silent.unlink()
            return activities - silent
        activities._check_kam_do_not_contact()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if "activity_type_id" in vals:
            self._check_kam_do_not_contact()
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        """Remember which message reports which activity, and have it captured soon.

        What was typed in on the form of a single activity is its feedback.
        """
        if not feedback and len(self) == 1:
            feedback = self.feedback
        touches = self.filtered("kam_is_touch")
        self = self.with_context(kam_next_activities=True)
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
        if self:
            cron = self.env.ref("kam_management.ir_cron_capture", False)
            if cron:
                # sudo: the touch is made by the cron, whoever did the activity
                cron.sudo()._trigger()

    def _check_kam_do_not_contact(self):
        """Refuse to plan calls, meetings and mails with people who want none.

        :raise UserError: naming the person and the reason
        """
        for person in self._get_kam_silent_persons().values():
            person._check_kam_do_not_contact()

    def _filter_kam_silent(self):
        """Return the planned contacts among these with people who want none."""
        return self.browse(activity.id for activity in self._get_kam_silent_persons())

    def _get_kam_silent_persons(self):
        """Return {activity: the person who does not want this contact}."""
        contacts = self.filtered(
            lambda activity: (
                activity.res_model in PERSONS
                and activity.activity_type_id.kam_channel not in NO_CONTACT
            )
        )
        silent = {}
        for model, activities in contacts.grouped("res_model").items():
            # sudo: whoever plans a contact is told, also on a record of a colleague
            records = self.env[model].sudo().browse(activities.mapped("res_id"))
            existing = {record.id: record for record in records.exists()}
            for activity in activities.filtered(
                lambda a, ids=existing: a.res_id in ids
            ):
                person = PERSONS[model](existing[activity.res_id])
                if person.kam_do_not_contact:
                    silent[activity] = person
        return silent
