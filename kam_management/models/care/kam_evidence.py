from odoo import api, models
from odoo.tools import SQL


class KamEvidence(models.AbstractModel):
    """Contacts on a complaint are with who reported it, or others of the customer."""

    _inherit = "kam.evidence"

    @api.model
    def _get_contact_records(self):
        records = super()._get_contact_records()
        complaints = SQL(
            """
            SELECT complaint.id, account.customer_id, account.company_id,
                   COALESCE(complaint.partner_id, account.about_id) AS about_id,
                   complaint.name AS title, account.lead_id, account.account_id
              FROM kam_complaint complaint
              JOIN (%s) account ON account.id = complaint.account_id
            """,
            records["kam.account"],
        )
        return {**records, "kam.complaint": complaints}
