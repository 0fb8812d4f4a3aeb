from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..evidence.customers import JOIN_LEAD_COMPANY, LEAD_COMPANY
from ..measure.indicator import AVERAGE, GOAL, QUOTA, STATE, SUM, Indicator

GUESSED, PROPOSED = 0.75, 0.5
# So many days after it came in a lead is to be qualified.
QUALIFY_DAYS = 7


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
            "pilots": Indicator(
                self.env._("Pilot projects that succeed"),
                "%",
                AVERAGE,
                Measure._get_pilots_sql,
                uses=(QUOTA, GOAL),
            ),
            "qualified": Indicator(
                self.env._("Leads qualified in time"),
                "%",
                AVERAGE,
                Measure._get_qualified_sql,
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
        return self._get_of_deals_sql(
            frame, "kam.tender", SQL("of_deal.date_submitted")
        )

    def _get_pilots_sql(self, frame):
        """Pilot projects, on the day they were evaluated: 100 a success, else 0."""
        success = SQL("CASE WHEN of_deal.state = 'success' THEN 100 ELSE 0 END")
        return self._get_of_deals_sql(
            frame, "kam.pilot", SQL("of_deal.date_closed"), success
        )

    def _get_of_deals_sql(self, frame, model, day, value=None):
        """Return the SQL of what deals have, credited to their salespeople.

        :param str model: of what a deal has, with ``lead_id``; ``of_deal`` in the others
        :param SQL day: when it counts
        :param SQL value: what each is; None: 1
        """
        return SQL(
            """
            SELECT %(company)s AS company_id, %(day)s AS date, l.user_id,
                   l.kam_account_id AS account_id, %(model)s AS res_model,
                   of_deal.id AS res_id, %(value)s AS value, 1 AS weight
              FROM %(table)s of_deal
              JOIN crm_lead l ON l.id = of_deal.lead_id %(join_company)s
             WHERE %(day)s BETWEEN %(start)s AND %(end)s
               AND %(company)s IN %(companies)s AND %(scope)s
            """,
            day=day,
            model=model,
            value=value or SQL("1"),
            table=SQL.identifier(self.env[model]._table),
            company=LEAD_COMPANY,
            join_company=JOIN_LEAD_COMPANY,
            start=frame.start,
            end=frame.end,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("l.kam_account_id")),
        )

    def _get_qualified_sql(self, frame):
        """Leads, on the day by which they were to be qualified: 100 if so, else 0.

        Credited to who qualified them, else to whose they are. Those that are not due yet
        are left out, and so is what was an opportunity before anybody qualified it.
        """
        due = SQL("(l.create_date::date + %s)", QUALIFY_DAYS)
        return SQL(
            """
            SELECT %(company)s AS company_id, %(due)s AS date,
                   COALESCE(l.kam_qualified_by_id, l.user_id) AS user_id,
                   l.kam_account_id AS account_id, 'crm.lead' AS res_model,
                   l.id AS res_id,
                   CASE WHEN l.kam_qualified_date <= %(due)s THEN 100 ELSE 0
                        END AS value, 1 AS weight
              FROM crm_lead l %(join_company)s
             WHERE l.create_date >= %(first)s AND %(due)s BETWEEN %(start)s AND %(end)s
               AND (l.kam_qualified_date IS NOT NULL
                    OR l.type = 'lead' AND %(due)s < %(today)s)
               AND %(company)s IN %(companies)s AND %(scope)s
            """,
            company=LEAD_COMPANY,
            join_company=JOIN_LEAD_COMPANY,
            due=due,
            # the plain column: so its index is of use
            first=frame.start - timedelta(days=QUALIFY_DAYS),
            start=frame.start,
            end=frame.end,
            today=frame.today,
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
