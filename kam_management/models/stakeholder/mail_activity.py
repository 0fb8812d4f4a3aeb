from odoo import api, fields, models
from odoo.fields import NO_ACCESS


class MailActivity(models.Model):
    """Activities that remind of a person's date, or of what is kept about them."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "kam.guard"]

    # goes with the date: nothing remains of a person who is forgotten
    kam_remembered_date_id = fields.Many2one(
        "kam.remembered.date",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        groups="kam_management.group_kam_personal",
    )
    kam_profile_id = fields.Many2one(
        "kam.person.profile",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        groups=NO_ACCESS,
        help="The personal data to be reviewed.",
    )

    @api.model
    def _get_kam_persons(self):
        return {
            **super()._get_kam_persons(),
            "kam.stakeholder": lambda dossiers: dossiers.partner_id,
        }
