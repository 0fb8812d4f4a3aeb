from odoo import api, fields, models

from .contact.kam_touch import CHANNELS


class MailActivityType(models.Model):
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
