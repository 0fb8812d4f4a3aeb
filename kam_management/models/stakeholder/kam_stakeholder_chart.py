from odoo import api, models

# More than these nobody looks at, and no browser draws.
MOST_AT_THE_TOP = 200


class KamStakeholder(models.Model):
    """The org chart: of one customer, or of several as far as one can look at it."""

    _inherit = "kam.stakeholder"

    @api.model
    def hierarchy_read(
        self, domain, specification, parent_field, child_field=None, order=None
    ):
        """Read the first of very many people, and say to the user that there are more.

        The chart of one customer is shown as a whole.
        """
        first = self.search_fetch(
            domain, ["account_id"], order=order, limit=MOST_AT_THE_TOP + 1
        )
        if len(first) > MOST_AT_THE_TOP and len(first.account_id) > 1:
            domain = [("id", "in", first[:MOST_AT_THE_TOP].ids)]
            self._tell_cut_off()
        return super().hierarchy_read(
            domain, specification, parent_field, child_field, order
        )

    @api.model
    def _tell_cut_off(self):
        """Say to the user that the chart does not show everybody."""
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "info",
                "message": self.env._(
                    "Only the first %(count)s stakeholders are shown. Search for a"
                    " customer to see their whole organisation.",
                    count=MOST_AT_THE_TOP,
                ),
            },
        )
