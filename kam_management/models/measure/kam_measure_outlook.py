from odoo import models
from odoo.tools import SQL

from ..account.kam_level_mixin import dormant_date
from ..evidence.customers import JOIN_LEAD_COMPANY, LEAD_COMPANY
from ..evidence.sources import get_ordered_of_deals


class KamMeasure(models.AbstractModel):
    """Outlook: what open leads with a deadline until the end of the period may bring.

    A lead counts for the present manager of its account, without an account for its
    salesperson. One that is past its deadline counts no more, and what is ordered
    already is expected no more. A day that is not sure counts for a part.
    """

    _inherit = "kam.measure"

    def _get_revenue_outlook_sql(self, frame):
        """Expected revenue of the leads, times their probability."""
        return SQL(
            """
            SELECT lead.company_id, p.id AS period_id, lead.date, lead.user_id,
                   lead.account_id, 'crm.lead' AS res_model, lead.id AS res_id,
                   round((lead.revenue * lead.chance)::numeric, 2) AS value, 1 AS weight
              FROM (%s) lead
              JOIN kam_period p ON p.company_id = lead.company_id
               AND lead.date BETWEEN p.day_from AND p.day_to
            """,
            self._get_open_leads_sql(frame),
        )

    def _get_won_outlook_sql(self, frame):
        """Those who have never bought, each with the probability of the best lead.

        A lead without a customer is a customer to be.
        """
        return SQL(
            """
            SELECT DISTINCT ON (p.id, lead.account_id,
                                CASE WHEN lead.account_id IS NULL THEN lead.id END)
                   lead.company_id, p.id AS period_id, lead.date, lead.user_id,
                   lead.account_id, 'crm.lead' AS res_model, lead.id AS res_id,
                   lead.chance AS value, 1 AS weight
              FROM (%s) lead
              JOIN kam_period p ON p.company_id = lead.company_id
               AND lead.date BETWEEN p.day_from AND p.day_to
              LEFT JOIN kam_account a ON a.id = lead.account_id
             WHERE a.id IS NULL OR a.level IN ('potential', 'engaged')
             ORDER BY p.id, lead.account_id,
                      CASE WHEN lead.account_id IS NULL THEN lead.id END,
                      lead.chance DESC, lead.id
            """,
            self._get_open_leads_sql(frame),
        )

    def _get_kept_outlook_sql(self, frame):
        """Active customers who stay so without buying, others by their best lead."""
        dormant = SQL(" ").join(
            SQL(
                "WHEN a.company_id IN %s THEN %s",
                rule.company_ids,
                dormant_date(SQL("a.last_purchase_date"), rule),
            )
            for rule in frame.rules
        )
        chance = SQL(
            """CASE WHEN CASE %(dormant)s END > p.date_end THEN 1
                    ELSE COALESCE((SELECT max(l.probability / 100 * %(sureness)s)
                                     FROM crm_lead l
                                    WHERE l.kam_account_id = a.id AND l.active
                                      AND l.won_status = 'pending'
                                      AND %(day)s BETWEEN %(today)s AND p.date_end), 0)
                END""",
            dormant=dormant,
            sureness=self._get_sureness_sql(),
            day=self._get_decision_date_sql(),
            today=frame.today,
        )
        # the chance is that of each account
        frame = frame._replace(one_by_one=True)
        return self._get_kept_shares_sql(frame, SQL("p.date_end"), chance)

    def _get_open_leads_sql(self, frame):
        """Return the SQL of open leads that are due from today on.

        Columns: id, company_id, account_id, user_id, date (deadline), revenue, chance
        (0 to 1). The company is found as ``crm.lead._get_kam_company`` does.
        """
        return SQL(
            """
            SELECT l.id, l.kam_account_id AS account_id, %(day)s AS date,
                   GREATEST(COALESCE(l.expected_revenue, 0)
                            - COALESCE(ordered.amount, 0), 0) AS revenue,
                   COALESCE(l.probability, 0) / 100 * %(sureness)s AS chance,
                   CASE WHEN a.id IS NULL THEN l.user_id ELSE a.manager_id END AS user_id,
                   COALESCE(a.company_id, %(company)s) AS company_id
              FROM crm_lead l
              LEFT JOIN kam_account a ON a.id = l.kam_account_id
              LEFT JOIN (%(ordered)s) ordered ON ordered.lead_id = l.id
              %(join_company)s
             WHERE l.active AND l.won_status = 'pending' AND %(day)s >= %(today)s
            """,
            day=self._get_decision_date_sql(),
            sureness=self._get_sureness_sql(),
            company=LEAD_COMPANY,
            ordered=get_ordered_of_deals(),
            join_company=JOIN_LEAD_COMPANY,
            today=frame.today,
        )

    def _get_decision_date_sql(self):
        """Return the SQL of the day on which a lead ``l`` is decided."""
        return SQL("l.date_deadline")

    def _get_sureness_sql(self):
        """Return the SQL of how sure that day is, from 0 to 1; other rooms know."""
        return SQL("1")
