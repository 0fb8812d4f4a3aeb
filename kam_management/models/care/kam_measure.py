from odoo import api, models
from odoo.tools import SQL

from ..common import clock
from ..measure.indicator import AVERAGE, GOAL, QUOTA, SUM, Indicator


class KamMeasure(models.AbstractModel):
    """What is measured of care: complaints, key moments, references, who came back."""

    _inherit = "kam.measure"

    @api.model
    def _get_indicators(self):
        return {
            **super()._get_indicators(),
            "complaints_in_time": Indicator(
                self.env._("Complaints solved in time"),
                "%",
                AVERAGE,
                type(self)._get_complaints_in_time_sql,
                uses=(QUOTA, GOAL),
            ),
            "reactivated": Indicator(
                self.env._("Customers reactivated"),
                self.env._("customers"),
                SUM,
                type(self)._get_reactivated_sql,
            ),
            "moments_kept": Indicator(
                self.env._("Key moments kept"),
                "%",
                AVERAGE,
                type(self)._get_moments_kept_sql,
                uses=(QUOTA, GOAL),
            ),
            "references": Indicator(
                self.env._("References given"),
                self.env._("references"),
                SUM,
                type(self)._get_references_sql,
                uses=(QUOTA, GOAL),
            ),
        }

    def _get_references_sql(self, frame):
        """References, on the day a customer gave them, credited to who asked."""
        return SQL(
            """
            SELECT r.company_id, r.date_given AS date, r.user_id, r.account_id,
                   'kam.reference' AS res_model, r.id AS res_id, 1 AS value, 1 AS weight
              FROM kam_reference r
             WHERE r.date_given BETWEEN %(start)s AND %(end)s
               AND r.company_id IN %(companies)s AND %(scope)s
            """,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("r.account_id")),
            start=frame.start,
            end=frame.end,
        )

    def _get_complaints_in_time_sql(self, frame):
        """Complaints and misunderstandings, on the day it is decided: 100 on the day one
        was solved in time, 0 on the first day one was late, whenever it is solved.
        """
        return SQL(
            """
            SELECT found.company_id, found.date, found.user_id, found.account_id,
                   'kam.complaint' AS res_model, found.id AS res_id,
                   CASE WHEN found.is_in_time THEN 100 ELSE 0 END AS value, 1 AS weight
              FROM (
                SELECT k.id, k.company_id, k.user_id, k.account_id, in_time.is_in_time,
                       CASE WHEN in_time.is_in_time THEN k.date_solved
                            ELSE k.date_due + 1 END AS date
                  FROM kam_complaint k
                 CROSS JOIN LATERAL (
                    SELECT COALESCE(k.date_solved <= k.date_due, FALSE) AS is_in_time
                 ) in_time
                 WHERE k.kind <> 'wish' AND k.company_id IN %(companies)s AND %(scope)s
              ) found
             WHERE found.date BETWEEN %(start)s AND %(end)s
            """,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("k.account_id")),
            start=frame.start,
            end=frame.end,
        )

    def _get_moments_kept_sql(self, frame):
        """Key moments, on the day it is decided: 100 on the day one was done in time, 0 on
        the first day one was late; those called off are left out.
        """
        return SQL(
            """
            SELECT found.company_id, found.date, found.user_id, found.account_id,
                   'kam.moment' AS res_model, found.id AS res_id,
                   CASE WHEN found.is_kept THEN 100 ELSE 0 END AS value, 1 AS weight
              FROM (
                SELECT m.id, m.company_id, m.user_id, m.account_id, m.is_kept,
                       CASE WHEN m.is_kept THEN m.date_done
                            ELSE m.date_due + 1 END AS date
                  FROM kam_moment m
                 WHERE m.state <> 'cancelled' AND m.company_id IN %(companies)s
                   AND %(scope)s
              ) found
             WHERE found.date BETWEEN %(start)s AND LEAST(%(end)s, %(today)s)
            """,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("m.account_id")),
            start=frame.start,
            end=frame.end,
            today=clock.today(),
        )
