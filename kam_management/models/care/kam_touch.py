from odoo import models


class KamTouch(models.Model):
    """Who of us took part in a contact."""

    _inherit = "kam.touch"

    def _was_with(self, users):
        """Return whether one of some colleagues took part: had the talk, or was invited
        to the meeting.
        """
        self.ensure_one()
        return bool(
            self.user_id & users or self.event_id.partner_ids & users.partner_id
        )
