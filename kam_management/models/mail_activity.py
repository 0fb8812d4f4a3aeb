from odoo import api, fields, models

# Models on which a contact is one with a certain person, and how he is found
PERSONS = {
    "res.partner": lambda partners: partners,
    "crm.lead": lambda leads: leads.partner_id,
    "kam.stakeholder": lambda dossiers: dossiers.partner_id,
}
# Activity types without a channel, or with this one, need not reach the customer.
NO_CONTACT = (False, "other")


class MailActivity(models.Model):
    _inherit = "mail.activity"

    # goes with the date: nothing remains of a person who is forgotten
    kam_remembered_date_id = fields.Many2one(
        "kam.remembered.date",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        groups="kam_management.group_kam_personal",
    )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._check_kam_do_not_contact()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if not {"activity_type_id", "res_id", "res_model_id"}.isdisjoint(vals):
            self._check_kam_do_not_contact()
        return result

    def _check_kam_do_not_contact(self):
        """Refuse to plan calls, meetings and mails with people who want none.

        :raise UserError: naming the person and the reason
        """
        contacts = self.filtered(
            lambda activity: (
                activity.res_model in PERSONS
                and activity.activity_type_id.kam_channel not in NO_CONTACT
            )
        )
        for model, activities in contacts.grouped("res_model").items():
            records = self.env[model].browse(activities.mapped("res_id"))
            # sudo: whoever plans a contact is told, also on a record of a colleague
            PERSONS[model](records.sudo())._check_kam_do_not_contact()
