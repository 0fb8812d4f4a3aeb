from odoo import api, models
from odoo.tools import SQL

from ..common import clock
from ..measure.indicator import AVERAGE, GOAL, QUOTA, SUM, Indicator


class KamMeasure(models.AbstractModel):
    """What is measured of quotations, credited to whose they are."""

    _inherit = "kam.measure"

    @api.model
    def _get_indicators(self):
        Measure = type(self)
        return {
            **super()._get_indicators(),
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

    def _get_followed_up_sql(self, frame):
        """Quotations, on the day by which their receipt was to be confirmed.

        100 where it was by then, else 0; those that are not due yet are left out.
        """
        return SQL(
            """
            SELECT v.company_id, v.date_due AS date, v.user_id, v.account_id,
                   'sale.order' AS res_model, v.order_id AS res_id,
                   CASE WHEN v.date_followed_up <= v.date_due THEN 100 ELSE 0
                        END AS value, 1 AS weight
              FROM kam_quotation_version v
             WHERE v.account_id IS NOT NULL AND v.date_due BETWEEN %(start)s AND %(end)s
               AND (v.date_followed_up IS NOT NULL OR v.date_due < %(today)s)
               AND v.company_id IN %(companies)s AND %(scope)s
            """,
            start=frame.start,
            end=frame.end,
            today=clock.today(),
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("v.account_id")),
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
