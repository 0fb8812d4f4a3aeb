from odoo import api, models
from odoo.tools import SQL


class KamEvidence(models.AbstractModel):
    """Contacts on a lead, or on an account itself, are with the account's customer."""

    _inherit = "kam.evidence"

    @api.model
    def _get_contact_records(self):
        records = super()._get_contact_records()
        leads = SQL(
            """
            SELECT named.id, a.partner_id AS customer_id, named.company_id,
                   named.about_id, named.title, named.lead_id, a.id AS account_id
              FROM (%s) named
              JOIN crm_lead l ON l.id = named.id
              LEFT JOIN kam_account a ON a.id = l.kam_account_id
            """,
            records["crm.lead"],
        )
        accounts = SQL(
            """
            SELECT id, partner_id AS customer_id, company_id, NULL::int AS about_id,
                   NULL::varchar AS title, NULL::int AS lead_id, id AS account_id
              FROM kam_account
            """
        )
        return {**records, "crm.lead": leads, "kam.account": accounts}
