from odoo import api, models
from odoo.tools import SQL

from ..account.kam_engine_figures import BY_ACCOUNT
from ..account.kam_engine_health import HealthPart
from ..engine.kam_engine import Step
from ..evidence.look import after
from .kam_account_coverage import COVERED_ROLES

# Influence on decisions, as a number
MEDIUM, MOST_INFLUENCE = 3, 5


class KamEngine(models.AbstractModel):
    """People: when they were met, and when the first of an account's is due."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [
            *super()._get_steps(),
            Step(35, "_step_people"),
            Step(75, "_step_write_people"),
        ]

    @api.model
    def _get_concerned(self, turn):
        """Add accounts with people who were met last as long ago as counts."""
        met = SQL(
            """
            SELECT a.company_id, a.partner_id
              FROM res_company c
             CROSS JOIN make_interval(days => c.kam_coverage_days) counted
              JOIN kam_touch t
                ON t.date >= %(first)s - counted AND t.date < %(end)s - counted
              JOIN kam_account a ON a.id = t.account_id AND a.company_id = c.id
             WHERE EXISTS (SELECT FROM kam_stakeholder d WHERE d.account_id = a.id)
            """,
            first=turn.since,
            end=after(turn.until),
        )
        return [*super()._get_concerned(turn), met]

    @api.model
    def _get_known(self, run, rule):
        due = SQL(
            "SELECT account_id, min(next_date) AS next_date FROM %s GROUP BY account_id",
            run.table("person"),
        )
        return {**super()._get_known(run, rule), "person": (due, BY_ACCOUNT)}

    @api.model
    def _get_due_dates(self):
        return [*super()._get_due_dates(), SQL("person.next_date")]

    @api.model
    def _get_health_parts(self):
        return {
            **super()._get_health_parts(),
            "coverage": HealthPart(
                30,
                self.env._("Coverage"),
                weight="kam_health_weight_coverage",
                # the part of the decisive roles met lately; not known while none of
                # them ever was, so that who writes people down is not worse off
                score=SQL(
                    """CASE WHEN coverage.is_tried
                        THEN round(100.0 * cardinality(coverage.met) / %s)::int END""",
                    len(COVERED_ROLES),
                ),
                unknown=self.env._("no decision maker, sponsor or user met yet"),
                tell="_tell_coverage",
                opener="action_view_stakeholders",
                known="_get_coverage_sql",
                facts=("met",),
            ),
        }

    @api.model
    def _get_coverage_sql(self, look):
        """Return the SQL of who was met lately, always as of today."""
        return self.env["kam.account"]._get_coverage_sql(look.in_accounts)

    @api.model
    def _get_answer_weight_sql(self):
        """Weigh an answer by the influence of who gave it, medium where it is not known."""
        return SQL(
            """(%s) * COALESCE((
                SELECT max(NULLIF(d.influence, '0')::int) FROM kam_stakeholder d
                 WHERE d.account_id = a.id AND d.partner_id = answer.partner_id
                   AND d.active
            ), %s) / %s.0""",
            super()._get_answer_weight_sql(),
            MEDIUM,
            MOST_INFLUENCE,
        )

    @api.model
    def _step_people(self, run):
        """Work out in ``person`` when the people of the accounts are due.

        One row per dossier in use: stakeholder_id, account_id, last_date, next_date.
        People who left, or want no contact, are due never.
        """
        query = SQL(
            """
            SELECT d.id AS stakeholder_id, d.account_id, met.last_date,
                   CASE WHEN d.active AND NOT COALESCE(a.do_not_contact, FALSE)
                         AND NOT COALESCE(p.kam_do_not_contact, FALSE)
                        THEN COALESCE(met.last_date, d.create_date::date)
                             + rhythm.days
                        END AS next_date
              FROM kam_stakeholder d
              JOIN kam_account a ON a.id = d.account_id
              LEFT JOIN res_partner p ON p.id = d.partner_id
              LEFT JOIN LATERAL (
                SELECT min(r.touch_days) AS days
                  FROM kam_stakeholder_role_rel rel
                  JOIN kam_stakeholder_role r ON r.id = rel.role_id
                 WHERE rel.stakeholder_id = d.id
              ) rhythm ON TRUE
              LEFT JOIN LATERAL (
                SELECT max(t.date)::date AS last_date
                  FROM kam_touch_partner_rel rel
                  JOIN kam_touch t ON t.id = rel.touch_id
                 WHERE rel.partner_id = d.partner_id
                   AND t.account_id = d.account_id
                   AND t.outcome IS DISTINCT FROM 'not_reached'
                   AND t.active AND t.date < %(end)s
              ) met ON TRUE
             WHERE %(scope)s
            """,
            end=after(run.as_of),
            scope=run.of_accounts(),
        )
        run.keep("person", [query], ("stakeholder_id", "account_id"))

    @api.model
    def _step_write_people(self, run):
        """Write when people were met, and are due, where it differs."""
        statement = SQL(
            """
            UPDATE kam_stakeholder d
               SET last_touch_date = person.last_date, next_touch_date = person.next_date
              FROM %s person
             WHERE d.id = person.stakeholder_id
               AND (d.last_touch_date, d.next_touch_date)
                   IS DISTINCT FROM (person.last_date, person.next_date)
            """,
            run.table("person"),
        )
        run.execute(statement)
