from odoo import api, models
from odoo.tools import SQL

from ..measure.indicator import GOAL, QUOTA, STATE, SUM, Indicator


class KamMeasure(models.AbstractModel):
    """What is measured of tenders, credited to who works on the deal."""

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
            SELECT tender.company_id, p.date_until AS date, tender.user_id,
                   tender.account_id, 'kam.tender' AS res_model, tender.id AS res_id,
                   p.id AS period_id, 1 AS value, 1 AS weight
              FROM kam_tender tender
              JOIN crm_lead lead ON lead.id = tender.lead_id
              JOIN kam_period p ON p.company_id = tender.company_id
               AND tender.date_begun <= p.date_until
             WHERE COALESCE(tender.date_submitted > p.date_until, TRUE)
               AND COALESCE(lead.date_closed::date > p.date_until, TRUE)
               AND NOT (tender.bid = 'no' AND tender.bid_date <= p.date_until) IS TRUE
               AND %s
            """,
            frame.of_accounts(SQL("tender.account_id")),
        )

    def _get_submitted_tenders_sql(self, frame):
        """Tenders, on the day the bid was handed in."""
        return SQL(
            """
            SELECT tender.company_id, tender.date_submitted AS date, tender.user_id,
                   tender.account_id, 'kam.tender' AS res_model, tender.id AS res_id,
                   1 AS value, 1 AS weight
              FROM kam_tender tender
             WHERE tender.date_submitted BETWEEN %s AND %s
               AND tender.company_id IN %s AND %s
            """,
            frame.start,
            frame.end,
            frame.company_ids,
            frame.of_accounts(SQL("tender.account_id")),
        )
