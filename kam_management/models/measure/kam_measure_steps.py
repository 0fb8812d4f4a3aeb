from odoo import models
from odoo.tools import SQL

from ..account.kam_level_mixin import ENGAGED, REACTIVATED, WON
from ..contact.kam_cadence import IS_PERSONAL
from ..contact.kam_survey_answer import RECOMMEND
from ..stakeholder.kam_account_coverage import COVERED_ROLES

# Stars from which somebody is a promoter, and up to which a critic
PROMOTER, CRITIC = 5, 3
RATED = SQL("t.quality > 0 AND %s", IS_PERSONAL)


class KamMeasure(models.AbstractModel):
    """Facts: customers won, potentials engaged, contacts; see ``Indicator``."""

    _inherit = "kam.measure"

    def _get_won_sql(self, frame):
        """First purchases: steps from potential or engaged to new or active."""
        return self._get_steps_sql(frame, *WON)

    def _get_engaged_sql(self, frame):
        """First contacts: steps from potential to engaged."""
        return self._get_steps_sql(frame, *ENGAGED)

    def _get_reactivated_sql(self, frame):
        """Returns: steps from dormant to new or active."""
        return self._get_steps_sql(frame, *REACTIVATED)

    def _get_steps_sql(self, frame, before, after):
        """Return the SQL of transitions, credited to whom the log credits them."""
        return SQL(
            """
            SELECT a.company_id, t.date, t.user_id, t.account_id,
                   'kam.level.transition' AS res_model, t.id AS res_id,
                   1 AS value, 1 AS weight
              FROM kam_level_transition t
              JOIN kam_account a ON a.id = t.account_id
             WHERE t.date BETWEEN %(start)s AND %(end)s
               AND t.from_level IN %(before)s AND t.to_level IN %(after)s
               AND a.company_id IN %(companies)s AND %(scope)s
            """,
            start=frame.start,
            end=frame.end,
            before=before,
            after=after,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("t.account_id")),
        )

    def _get_touches_sql(self, frame):
        """Touches, credited to who had them; what goes out to many is none of theirs."""
        return self._get_touch_rows_sql(frame, SQL("1"), IS_PERSONAL)

    def _get_touch_quality_sql(self, frame):
        """Stars of the touches that have been rated."""
        return self._get_touch_rows_sql(frame, SQL("t.quality"), RATED)

    def _get_cost_sql(self, frame):
        """Cost of the resources of touches, and of the hours they took."""
        cost = SQL(
            """COALESCE(t.cost, 0) + COALESCE(t.duration, 0) * COALESCE((
                   SELECT c.kam_hour_cost FROM res_company c WHERE c.id = t.company_id), 0)"""
        )
        return self._get_touch_rows_sql(frame, cost)

    def _get_touch_rows_sql(self, frame, value, condition=None):
        return SQL(
            """
            SELECT t.company_id, t.date::date AS date, t.user_id, t.account_id,
                   'kam.touch' AS res_model, t.id AS res_id, %(value)s AS value,
                   1 AS weight
              FROM kam_touch t
             WHERE t.active AND t.date >= %(start)s AND t.date < %(end)s + 1
               AND t.company_id IN %(companies)s AND %(scope)s AND %(condition)s
            """,
            value=value,
            start=frame.start,
            end=frame.end,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("t.account_id")),
            condition=condition or SQL("TRUE"),
        )

    def _get_loyalty_sql(self, frame):
        """What customers answered in the window that ends with a period, see the engine.

        The value of an answer is what its weight leaves of its stars.
        """
        looks = SQL(
            "SELECT company_id, date_until AS day, id AS period_id FROM kam_period"
        )
        in_accounts = SQL("IS NOT NULL")
        if frame.account_ids:
            in_accounts = SQL("IN %s", frame.account_ids)
        return SQL(
            """
            SELECT company_id, date, manager_id AS user_id, account_id, res_model, res_id,
                   period_id, score * weight AS value, weight
              FROM (%s) answer
            """,
            self.env["kam.engine"]._get_answers_sql(in_accounts, looks),
        )

    def _get_promoters_sql(self, frame):
        """Who would recommend us: 100 for each promoter (5 of 5), -100 for each critic (3
        and less).
        """
        return SQL(
            """
            SELECT s.company_id, s.answer_date AS date, a.manager_id AS user_id,
                   s.account_id, 'kam.survey' AS res_model, s.id AS res_id,
                   CASE WHEN answer.score >= %(promoter)s THEN 100
                        WHEN answer.score <= %(critic)s THEN -100 ELSE 0 END AS value,
                   1 AS weight
              FROM kam_survey_answer answer
              JOIN kam_survey s ON s.id = answer.survey_id
              JOIN kam_account a ON a.id = s.account_id
             WHERE answer.question = %(recommend)s AND answer.score > 0
               AND s.answer_date BETWEEN %(start)s AND %(end)s
               AND s.company_id IN %(companies)s AND %(scope)s
            """,
            promoter=PROMOTER,
            critic=CRITIC,
            recommend=RECOMMEND,
            start=frame.start,
            end=frame.end,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("s.account_id")),
        )

    def _get_cycle_sql(self, frame):
        """Days from the first record of a deal to winning it."""
        return SQL(
            """
            SELECT a.company_id, l.date_closed::date AS date, a.manager_id AS user_id,
                   l.kam_account_id AS account_id, 'crm.lead' AS res_model, l.id AS res_id,
                   EXTRACT(EPOCH FROM l.date_closed - l.create_date) / 86400 AS value,
                   1 AS weight
              FROM crm_lead l
              JOIN kam_account a ON a.id = l.kam_account_id
             WHERE l.won_status = 'won' AND l.date_closed >= %(start)s
               AND l.date_closed < %(end)s + 1
               AND a.company_id IN %(companies)s AND %(scope)s
            """,
            start=frame.start,
            end=frame.end,
            companies=frame.company_ids,
            scope=frame.of_accounts(SQL("a.id")),
        )

    def _get_coverage_sql(self, frame):
        """Share of the decisive roles whose players were met lately, as of today.

        Who was known in the past is not recorded: that of the day stands for it.
        """
        in_accounts = SQL("IS NOT NULL")
        if frame.account_ids:
            in_accounts = SQL("IN %s", frame.account_ids)
        return SQL(
            """
            SELECT a.company_id, p.date_until AS date, a.manager_id AS user_id,
                   a.id AS account_id, 'kam.account' AS res_model, a.id AS res_id,
                   p.id AS period_id,
                   100.0 * cardinality(coverage.met) / %(roles)s AS value, 1 AS weight
              FROM (%(coverage)s) coverage
              JOIN kam_account a ON a.id = coverage.account_id
              JOIN kam_period p ON p.company_id = a.company_id
            """,
            roles=len(COVERED_ROLES),
            coverage=self.env["kam.account"]._get_coverage_sql(in_accounts),
        )
