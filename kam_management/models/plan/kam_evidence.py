from odoo import api, models
from odoo.tools import SQL


class KamEvidence(models.AbstractModel):
    """Contacts on a service plan are with the customer of its account."""

    _inherit = "kam.evidence"

    @api.model
    def _get_contact_records(self):
        records = super()._get_contact_records()
        plans = SQL(
            """
            SELECT plan.id, account.customer_id, account.company_id, account.about_id,
                   account.title, account.lead_id, account.account_id
              FROM kam_plan plan
              JOIN (%s) account ON account.id = plan.account_id
            """,
            records["kam.account"],
        )
        return {**records, "kam.plan": plans}
