from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL, Query

from ..account.kam_engine_health import HealthLook
from ..common import clock

# The trend of loyalty is against so many months ago.
TREND_MONTHS = 3
# Of an answer in the older half of the window half counts.
AGE_WEIGHT = SQL(
    """CASE WHEN answer.date > look.day - make_interval(months => c.kam_window_months) / 2
            THEN 1.0 ELSE 0.5 END"""
)


class KamEngine(models.AbstractModel):
    """Loyalty (R48): what people of the customer answered when we asked them.

    One definition for accounts, health, quotas and goals: all ratings of the window,
    whatever they are of (see ``kam.rated``), weighted by their age and by the influence
    of who answered.
    """

    _inherit = "kam.engine"

    @api.model
    def _get_answers_sql(self, in_accounts, looks):
        """Return the SQL of the answers that count on some days, with their weights.

        Columns: company_id, account_id, partner_id, date, res_model, res_id, score (1 to
        5), weight (up to 1), and those of the looks.

        :param SQL in_accounts: what follows the id of an account that is in question
        :param SQL looks: a query of company_id, day and period_id
        """
        given = SQL(" UNION ALL ").join(map(self._get_given_sql, self._get_rated()))
        return SQL(
            """
            SELECT a.company_id, a.id AS account_id, a.manager_id, answer.partner_id,
                   answer.date, answer.score, answer.res_model, answer.res_id,
                   look.day, look.period_id, %(weight)s AS weight
              FROM (%(given)s) answer
              JOIN kam_account a ON a.id = answer.account_id
              JOIN res_company c ON c.id = a.company_id
              JOIN (%(looks)s) look ON look.company_id = c.id
               AND answer.date <= look.day
               AND answer.date > look.day - make_interval(months => c.kam_window_months)
             WHERE answer.account_id %(in_accounts)s
            """,
            weight=self._get_answer_weight_sql(),
            given=given,
            looks=looks,
            in_accounts=in_accounts,
        )

    @api.model
    def _get_answer_weight_sql(self):
        """Return the SQL of how much an ``answer`` counts on the day of a ``look``."""
        return AGE_WEIGHT

    @api.model
    def _get_rated(self):
        """Return the models that customers rate by mail, in a lasting order."""
        return [
            self.env[name] for name in sorted(self.pool["kam.rated"]._inherit_children)
        ]

    @api.model
    def _get_given_sql(self, rated):
        """Return the SQL of the ratings given to records of a model.

        Columns: account_id, partner_id (who answered), date, score, res_model, res_id.

        :param rated: a model that is a ``kam.rated``
        """
        # sudo: the index is everybody's who sees the account
        rated = rated.sudo()
        query = Query(self.env, rated._table, rated._table_sql)
        account = rated._field_to_sql(query.table, "account_id", query)
        of_record = SQL(
            "rating.res_id = %s AND rating.res_model = %s AND rating.consumed",
            SQL.identifier(query.table, "id"),
            rated._name,
        )
        query.add_join("JOIN", "rating", "rating_rating", of_record)
        query.add_where(SQL("rating.rating > 0"))
        return query.select(
            SQL("%s AS account_id", account),
            SQL("rating.partner_id"),
            SQL("COALESCE(rating.rated_on, rating.write_date)::date AS date"),
            SQL("rating.rating AS score"),
            SQL("rating.res_model"),
            SQL("rating.res_id"),
        )

    @api.model
    def _get_satisfaction_sql(self, look):
        """Return the SQL of the loyalty of accounts on a day.

        Columns: account_id, stars (1 to 5), answers (how many), answer_date (of the last).

        :param look: ``HealthLook``
        """
        looks = SQL(
            "SELECT id AS company_id, %s::date AS day, NULL::int AS period_id"
            "  FROM res_company",
            look.day,
        )
        return SQL(
            """
            SELECT account_id, answers, answer_date,
                   round((points / weights)::numeric, 2) AS stars
              FROM (
                SELECT account_id, sum(score * weight) AS points, sum(weight) AS weights,
                       count(*)::int AS answers, max(date) AS answer_date
                  FROM (%s) answer
                 GROUP BY account_id
              ) answered
            """,
            self._get_answers_sql(look.in_accounts, looks),
        )

    @api.model
    def _get_answers_gone_sql(self, turn):
        """Return the SQL of accounts with answers that count for more or less since."""
        given = SQL(" UNION ALL ").join(map(self._get_given_sql, self._get_rated()))
        return SQL(
            """
            SELECT a.company_id, a.partner_id
              FROM (%(given)s) answer
              JOIN kam_account a ON a.id = answer.account_id
              JOIN res_company c ON c.id = a.company_id
             CROSS JOIN (VALUES (1), (2)) part (number)
             CROSS JOIN make_interval(months => c.kam_window_months) span
             WHERE (answer.date <= %(since)s AND answer.date > %(since)s - span / part.number)
                <> (answer.date <= %(until)s AND answer.date > %(until)s - span / part.number)
            """,
            given=given,
            since=turn.since,
            until=turn.until,
        )

    @api.model
    def _get_conclusions(self, run):
        return {
            **super()._get_conclusions(run),
            "loyal": {
                "loyalty": SQL("COALESCE(satisfaction.stars, 0)"),
                "loyalty_count": SQL("COALESCE(satisfaction.answers, 0)"),
            },
        }

    @api.model
    def _get_loyalty_before(self, accounts):
        """Return what the loyalty of accounts was some months ago, in one query.

        :return: {account id: loyalty} of those who had answered by then
        """
        if not accounts.ids:
            return {}
        self.env.flush_all()
        day = clock.today() - relativedelta(months=TREND_MONTHS)
        look = HealthLook(day, SQL("IN %s", tuple(accounts.ids)), None)
        query = self._get_satisfaction_sql(look)
        rows = self.env.execute_query(
            SQL("SELECT account_id, stars FROM (%s) s", query)
        )
        return {account: float(stars) for account, stars in rows}
