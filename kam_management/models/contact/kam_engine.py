from odoo import api, models
from odoo.tools import SQL

from ..account.kam_engine_health import HealthPart
from ..account.kam_level_mixin import LEVELS
from ..engine.kam_engine import Step
from ..evidence.look import after
from .kam_cadence import CADENCE_FIELDS, IS_PERSONAL, LOGGING_COMPANIES

# A call nobody answered reached nobody, and what goes out to many is no talk.
REACHED = SQL("t.outcome IS DISTINCT FROM 'not_reached' AND %s", IS_PERSONAL)
# 100 while the last conversation is within the days between two, 0 at twice or never;
# not known in a company that has never logged a touch.
TOUCHES_SCORE = SQL(
    """CASE WHEN account.rhythm_days > 0
             AND (account.last_reached_date IS NOT NULL OR c.id IN (%s))
        THEN COALESCE(round(LEAST(GREATEST(
            200 - 100.0 * (account.today - account.last_reached_date)
                / account.rhythm_days, 0), 100))::int, 0) END""",
    LOGGING_COMPANIES,
)
# One star is 0, five are 100.
SATISFACTION_SCORE = SQL("round(25 * (satisfaction.stars - 1))::int")


class KamEngine(models.AbstractModel):
    """Contacts: the touches of accounts, when the next one is due, what people answer."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), Step(96, "_step_lead_touches")]

    @api.model
    def _get_concerned(self, turn):
        return [
            *super()._get_concerned(turn),
            self._get_overdue_sql(turn),
            self._get_touches_that_came_sql(turn),
            self._get_answers_gone_sql(turn),
        ]

    @api.model
    def _get_overdue_sql(self, turn):
        """Return the SQL of accounts whose last talk is more than a rhythm ago.

        Their score falls day by day, until it is two rhythms ago.
        """
        return SQL(
            """
            SELECT company_id, partner_id FROM kam_account
             WHERE rhythm_days > 0 AND last_reached_date < %(until)s - rhythm_days
               AND last_reached_date > %(since)s - 2 * rhythm_days
               AND %(since)s < %(until)s
            """,
            until=turn.until,
            since=turn.since,
        )

    @api.model
    def _get_touches_that_came_sql(self, turn):
        """Return the SQL of accounts with touches that were to come, or have no account."""
        return SQL(
            """
            SELECT a.company_id, a.partner_id FROM kam_touch t
              JOIN kam_account a ON a.id = t.account_id
             WHERE %s
            UNION ALL
            SELECT a.company_id, a.partner_id FROM kam_touch t
              JOIN crm_lead l ON l.id = t.lead_id
              JOIN kam_account a ON a.id = l.kam_account_id
             WHERE t.account_id IS NULL
            """,
            turn.came(SQL("t.date")),
        )

    @api.model
    def _get_typed_fields(self):
        return [*super()._get_typed_fields(), *CADENCE_FIELDS]

    @api.model
    def _get_touched_sql(self, run):
        accounts = SQL("SELECT a.id FROM kam_account a WHERE %s", run.of_accounts())
        return SQL(
            """
            SELECT t.account_id,
                   -- what goes out to many engages nobody
                   min(t.date) FILTER (WHERE %(is_personal)s)::date AS first_date,
                   max(t.date)::date AS last_date,
                   max(t.date) FILTER (WHERE %(reached)s)::date AS reached_date
              FROM kam_touch t
             WHERE t.active AND t.date < %(end)s AND %(scope)s
             GROUP BY t.account_id
            """,
            end=after(run.as_of),
            is_personal=IS_PERSONAL,
            reached=REACHED,
            scope=SQL("t.account_id IN (%s)", accounts) if run.scoped else SQL("TRUE"),
        )

    @api.model
    def _get_first_contact_sql(self):
        return SQL(
            """
            SELECT 'kam.touch' AS trigger_model, t.id, t.user_id FROM kam_touch t
             WHERE t.account_id = c.account_id AND t.active AND %s
             ORDER BY t.date, t.id LIMIT 1
            """,
            IS_PERSONAL,
        )

    @api.model
    def _get_layers(self, run, rule):
        return {
            **super()._get_layers(run, rule),
            "rhythm": {"rhythm_days": self._get_rhythm_sql()},
            "due": {"next_touch_date": self._get_next_touch_sql()},
        }

    @api.model
    def _get_rhythms(self):
        """Return the SQL of the days between two touches that may apply to an account.

        Each is a number of days, or NULL; see ``_get_layers`` for what they may read.
        """
        return [
            SQL("NULLIF(a.touch_days, 0)"),
            _get_days_by("figures", "level", [level for level, _label in LEVELS[1:]]),
            _get_days_by("figures", "segment", "abc"),
            SQL("CASE WHEN a.is_key_account THEN NULLIF(c.kam_touch_days_key, 0) END"),
        ]

    @api.model
    def _get_rhythm_sql(self):
        """Return the SQL of the days between two touches of an account, or NULL.

        The shortest one that applies; none for who does not want to be contacted.
        """
        return SQL(
            "CASE WHEN a.do_not_contact THEN NULL ELSE LEAST(%s) END",
            SQL(", ").join(self._get_rhythms()),
        )

    @api.model
    def _get_due_dates(self):
        """Return the SQL of the days on which a touch of an account may be due.

        The last touch that reached somebody, plus the days between two. Without one it
        counts from the last purchase, at the earliest from the day the account was
        made: before that nobody promised a contact, such as to an imported customer.
        """
        return [
            SQL(
                # an account that is yet to be inserted is made now
                """COALESCE(figures.last_reached_date, GREATEST(
                        figures.last_purchase_date,
                        COALESCE(a.create_date, now() AT TIME ZONE 'UTC')::date
                    )) + rhythm.rhythm_days"""
            )
        ]

    @api.model
    def _get_next_touch_sql(self):
        """Return the SQL of the day the next touch of an account is due, or NULL."""
        return SQL(
            "CASE WHEN a.do_not_contact THEN NULL ELSE LEAST(%s) END",
            SQL(", ").join(self._get_due_dates()),
        )

    @api.model
    def _get_health_parts(self):
        return {
            **super()._get_health_parts(),
            "touches": HealthPart(
                20,
                self.env._("Touches"),
                weight="kam_health_weight_touches",
                score=TOUCHES_SCORE,
                unknown=self.env._("no contact frequency, or no touch logged yet"),
                tell="_tell_touches",
                opener="action_view_touches",
            ),
            "satisfaction": HealthPart(
                40,
                self.env._("Loyalty"),
                weight="kam_health_weight_satisfaction",
                score=SATISFACTION_SCORE,
                unknown=self.env._("no question answered yet"),
                tell="_tell_satisfaction",
                opener="action_view_answers",
                known="_get_satisfaction_sql",
                facts=("stars", "answers", "answer_date"),
            ),
        }

    @api.model
    def _step_lead_touches(self, run):
        """Give touches of leads the account their lead has got; they are news to it.

        Only now: an account that was missing, and the link of its leads, are new.
        """
        statement = SQL(
            """
            UPDATE kam_touch t SET account_id = a.id
              FROM crm_lead l
              JOIN kam_account a ON a.id = l.kam_account_id
             WHERE t.account_id IS NULL AND t.lead_id = l.id AND %s
               -- a meeting is one touch of an account, on however many of its leads
               AND NOT EXISTS (SELECT FROM kam_touch twin
                                 LEFT JOIN crm_lead beside ON beside.id = twin.lead_id
                                WHERE twin.event_id = t.event_id
                                  AND (twin.account_id = a.id
                                       OR twin.account_id IS NULL AND twin.id < t.id
                                          AND beside.kam_account_id = a.id))
            RETURNING a.company_id, a.partner_id
            """,
            run.of_accounts(),
        )
        run.news.update(run.execute(statement).fetchall())


def _get_days_by(alias, name, values):
    """Return the SQL of the days between two touches that the settings give a value."""
    return SQL(
        "CASE %s %s END",
        SQL.identifier(alias, name),
        SQL(" ").join(
            SQL(
                "WHEN %s THEN NULLIF(%s, 0)",
                value,
                SQL.identifier("c", f"kam_touch_days_{value}"),
            )
            for value in values
        ),
    )
