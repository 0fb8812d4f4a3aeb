from odoo import api, models
from odoo.tools import SQL

from ..evidence.customers import JOIN_LEAD_COMPANY, LEAD_COMPANY
from ..measure.indicator import GOAL, QUOTA, STATE, SUM, Indicator

GUESSED, PROPOSED = 0.75, 0.5


class KamMeasure(models.AbstractModel):
    """What is measured of deals, credited to who works on them.

    What open deals may bring counts by how sure their day is: fully where the customer
    said it or it is fixed, or nobody says how sure it is; a part where it is our guess
    (``GUESSED``), or only proposed by the app (``PROPOSED``).
    """

    _inherit = "kam.measure"

    @api.model
    def _get_indicators(self):
        Measure, tenders = type(self), self.env._("tenders")
        return {
            **super()._get_indicators(),
            "tenders": Indicator(
                self.env._("Tenders in preparation"),
                tenders,
                STATE,
                Measure._get_tenders_sql,
                uses=(QUOTA, GOAL),
            ),
            "tenders_submitted": Indicator(
                self.env._("Tenders submitted"),
                tenders,
                SUM,
                Measure._get_submitted_tenders_sql,
                uses=(QUOTA, GOAL),
            ),
        }

    def _get_tenders_sql(self, frame):
        """Tenders being prepared at the end of a period: begun, neither submitted nor over."""
        return SQL(
            """
            SELECT %(company)s AS company_id, p.date_until AS date, l.user_id,
                   l.kam_account_id AS account_id, 'kam.tender' AS res_model,
                   tender.id AS res_id, p.id AS period_id, 1 AS value, 1 AS weight
              FROM kam_tender tender
              JOIN crm_lead l ON l.id = tender.lead_id %(join_company)s
              JOIN kam_period p ON p.company_id = %(company)s
               AND tender.date_begun <= p.date_until
             WHERE COALESCE(tender.date_submitted > p.date_until, TRUE)
               AND COALESCE(l.date_closed::date > p.date_until, TRUE)
               AND NOT (tender.bid = 'no' AND tender.bid_date <= p.date_until) IS TRUE
               AND %(scope)s
            """,
            company=LEAD_COMPANY,
            join_company=JOIN_LEAD_COMPANY,
            scope=frame.of_accounts(SQL("l.kam_account_id")),
        )

    def _get_submitted_tenders_sql(self, frame):
        """Tenders, on the day the bid was handed in."""
        return SQL(
            """
            SELECT %(company)s AS company_id, tender.date_submitted AS date, l.user_id,
                   l.kam_account_id AS account_id, 'kam.tender' AS res_model,
                   tender.id AS res_id, 1 AS value, 1 AS weight
              FROM kam_tender tender
              JOIN crm_lead l ON l.id = tender.lead_id %(join_company)s
             WHERE tender.date_submitted BETWEEN %(start)s AND %(end)s
               AND %(company)s IN %(companies)s AND %(scope)s
            """,
            company=LEAD_COMPANY,
            join_company=JOIN_LEAD_COMPANY,
            start=frame.start,
            end=frame.end,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("l.kam_account_id")),
        )

    def _get_decision_date_sql(self):
        return SQL("COALESCE(l.date_deadline, l.kam_proposed_date)")

    def _get_sureness_sql(self):
        return SQL(
            """CASE WHEN l.date_deadline IS NULL THEN %s
                    WHEN l.kam_date_basis = 'guess' THEN %s ELSE 1 END""",
            PROPOSED,
            GUESSED,
        )
