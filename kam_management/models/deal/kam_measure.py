from odoo import api, models
from odoo.tools import SQL

from ..common import clock
from ..evidence.customers import JOIN_LEAD_COMPANY, LEAD_COMPANY
from ..measure.indicator import AVERAGE, GOAL, QUOTA, STATE, SUM, Indicator


class KamMeasure(models.AbstractModel):
    """What is measured of tenders and quotations, credited to who works on the deal."""

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
            "followed_up": Indicator(
                self.env._("Proposals followed up in time"),
                "%",
                AVERAGE,
                Measure._get_followed_up_sql,
                uses=(QUOTA, GOAL),
            ),
            "concessions": Indicator(
                self.env._("Concessions"),
                None,
                SUM,
                Measure._get_concessions_sql,
                uses=(QUOTA, GOAL),
                direction="down",
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

    def _get_followed_up_sql(self, frame):
        """Quotations, on the day by which their receipt was to be confirmed.

        100 where it was by then, else 0; those that are not due yet are left out.
        """
        return SQL(
            """
            SELECT o.company_id, v.date_due AS date, v.user_id, a.id AS account_id,
                   'sale.order' AS res_model, o.id AS res_id,
                   CASE WHEN v.date_followed_up <= v.date_due THEN 100 ELSE 0
                        END AS value, 1 AS weight
              FROM kam_quotation_version v
              JOIN sale_order o ON o.id = v.order_id
              JOIN kam_account a ON a.company_id = o.company_id
               AND a.partner_id = o.kam_commercial_partner_id
             WHERE v.date_due BETWEEN %(start)s AND %(end)s
               AND (v.date_followed_up IS NOT NULL OR v.date_due < %(today)s)
               AND o.company_id IN %(companies)s AND %(scope)s
            """,
            start=frame.start,
            end=frame.end,
            today=clock.today(),
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("a.id")),
        )

    def _get_concessions_sql(self, frame):
        """What was conceded after quotations were sent, less what was taken back."""
        return SQL(
            """
            SELECT c.company_id, c.date, c.user_id, c.account_id,
                   'kam.concession' AS res_model, c.id AS res_id,
                   c.value_company AS value, 1 AS weight
              FROM kam_concession c
             WHERE c.date BETWEEN %(start)s AND %(end)s AND c.account_id IS NOT NULL
               AND c.company_id IN %(companies)s AND %(scope)s
            """,
            start=frame.start,
            end=frame.end,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("c.account_id")),
        )
