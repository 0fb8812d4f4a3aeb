from odoo import api, models
from odoo.tools import SQL


class KamEvidence(models.AbstractModel):
    """What contacts are planned and known already, for who looks for more of them."""

    _inherit = "kam.evidence"

    @api.model
    def _get_campaigns_sql(self):
        return SQL(
            "SELECT id, company_id, name, channel FROM kam_communication WHERE active"
        )

    @api.model
    def _get_captured_guests_sql(self):
        return SQL(
            """
            SELECT t.event_id, met.partner_id
              FROM kam_touch t
              JOIN kam_touch_partner_rel met ON met.touch_id = t.id
            """
        )
