from odoo import api, fields, models

from .kam_touch import BEST_QUALITY, OUTCOMES

# Activity types without a channel, or with this one, need not reach the customer.
NO_CONTACT = (False, "other")


class MailActivity(models.Model):
    """An activity that reaches the customer asks how it went and what it took."""

    _inherit = "mail.activity"

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

    _check_kam_quality = models.Constraint(
        f"CHECK(kam_quality BETWEEN 0 AND {BEST_QUALITY})",
        f"Quality: give 1 to {BEST_QUALITY} stars, or none.",
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

    def action_kam_log_touch(self):
        """Open the Talk dialog, which marks this activity as done."""
        self.ensure_one()
        return self.env["kam.touch"]._prepare_talk_action(activity_id=self.id)

    def _action_done(self, feedback=False, attachment_ids=None):
        """Take what was typed in on the form of a single activity as its feedback."""
        if not feedback and len(self) == 1:
            feedback = self.feedback
        self = self.with_context(kam_next_activities=True)
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def _link_kam_messages(self, messages):
        """Have these contacts captured soon."""
        result = super()._link_kam_messages(messages)
        if self:
            cron = self.env.ref("kam_management.ir_cron_capture", False)
            if cron:
                # sudo: the touch is made by the cron, whoever did the activity
                cron.sudo()._trigger()
        return result

    def _check_kam_do_not_contact(self):
        """Refuse to plan calls, meetings and mails with people who want none.

        :raise UserError: naming the person and the reason
        """
        for person in self._get_kam_silent_persons().values():
            person._check_kam_do_not_contact()

    def _filter_kam_silent(self):
        """Return the planned contacts among these with people who want none."""
        return self.browse(activity.id for activity in self._get_kam_silent_persons())

    @api.model
    def _get_kam_persons(self):
        """Return on which models a contact is one with a certain person, and how they
        are found; rooms add their own.

        :return: {model: function of its records}
        """
        return {
            "res.partner": lambda partners: partners,
            "crm.lead": lambda leads: leads.partner_id,
        }

    def _get_kam_silent_persons(self):
        """Return {activity: the person who does not want this contact}."""
        persons = self._get_kam_persons()
        contacts = self.filtered(
            lambda activity: (
                activity.res_model in persons
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
                person = persons[model](existing[activity.res_id])
                if person.kam_do_not_contact:
                    silent[activity] = person
        return silent
