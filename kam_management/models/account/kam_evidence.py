from odoo import api, models
from odoo.tools import SQL

from ..evidence.sources import Source


class KamEvidence(models.AbstractModel):
    """What an account tells: its opening balance, and whose the contacts on it are."""

    _inherit = "kam.evidence"

    @api.model
    def _get_sources(self, look):
        return [*super()._get_sources(look), Source(self._get_openings_sql(look))]

    @api.model
    def _get_openings_sql(self, look):
        """Return the SQL of the opening balances as dated purchases.

        One purchase is on the first date, the others on the last; what they brought is
        on the last date, and a window earlier what the window before brought. (For
        rhythms they are spread over the days between, see ``UNDATED_DAYS``.)
        """
        return SQL(
            """
            SELECT a.company_id, a.partner_id, opening.date, 'kam.account' AS res_model,
                   a.id AS res_id, NULL::int AS user_id, opening.purchases,
                   COALESCE(opening.amount, 0) AS amount
              FROM kam_account a
              JOIN res_company c ON c.id = a.company_id
             CROSS JOIN LATERAL (
                VALUES (a.opening_first_date, (a.opening_count > 1)::int, 0),
                       (a.opening_last_date, GREATEST(a.opening_count - 1, 1),
                        a.opening_revenue),
                       ((a.opening_last_date
                         - make_interval(months => c.kam_window_months))::date, 0,
                        a.opening_revenue_previous)
             ) opening (date, purchases, amount)
             WHERE a.opening_count > 0 AND a.company_id IN %(companies)s
               AND (opening.purchases > 0 OR opening.amount <> 0)
               AND %(days)s AND %(customers)s
            """,
            companies=look.company_ids,
            days=look.at(SQL("opening.date")),
            customers=look.of(SQL("a.partner_id")),
        )

    @api.model
    def _get_contact_records(self):
        """Add contacts on a lead, or on an account: with the account's customer."""
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
