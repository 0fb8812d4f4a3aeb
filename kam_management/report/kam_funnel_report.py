from odoo import api, fields, models
from odoo.tools import SQL

from ..models.account.kam_level_mixin import LEVELS, WON


class KamFunnelReport(models.Model):
    """The conversion funnel: one row per stay of an account in a level.

    Counted, the rows say how many accounts came to a level; averaged, which part moved
    up from it; their median days, how long that took.
    """

    _name = "kam.funnel.report"
    _description = "Conversion Funnel"
    _inherit = ["kam.level.mixin", "kam.guard"]
    _level_fields = ("level", "next_level")
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "kam.account": [
            "active",
            "partner_id",
            "company_id",
            "manager_id",
            "team_id",
            "source_id",
            "is_key_account",
        ],
        "kam.level.transition": [
            "account_id",
            "date",
            "from_level",
            "to_level",
            "days",
            "user_id",
        ],
    }

    account_id = fields.Many2one("kam.account", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    manager_id = fields.Many2one(
        "res.users", string="Key Account Manager", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Credited To", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    is_key_account = fields.Boolean("Key Account", readonly=True)
    level = fields.Selection(LEVELS, readonly=True)
    next_level = fields.Selection(LEVELS, readonly=True)
    date = fields.Date(
        "Entered On", readonly=True, help="The day the account entered the level."
    )
    end_date = fields.Date("Exited On", readonly=True)
    reactivated = fields.Boolean(readonly=True, help="The account was dormant before.")
    won = fields.Integer(
        "Customers Won",
        readonly=True,
        help="The account entered this level with its first purchase.",
    )
    conversion = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the accounts that moved up from this level; active is the top"
        " level.",
    )
    days = fields.Integer(
        "Days to Next Level",
        readonly=True,
        aggregator="median",
        help="Median of the days it took to move up from this level.",
    )

    @property
    def _table_query(self):
        """Return the SQL of the stays: potential first, then one from each transition.

        An account came to potential when its customer was created, and not later than
        it left: a history may be older than the customer's record. The next step of a
        stay is looked up for that stay alone, so that those a filter leaves out cost
        nothing.
        """
        return SQL(
            """
            SELECT stay.id, stay.account_id, stay.partner_id, stay.company_id,
                   stay.manager_id, stay.team_id, stay.source_id, stay.is_key_account,
                   stay.user_id, stay.level, stay.next_level, stay.end_date, stay.date,
                   stay.reactivated, stay.won,
                   CASE WHEN stay.level <> 'active' THEN move.up::int::float END AS conversion,
                   CASE WHEN move.up THEN stay.next_days END AS days
              FROM (%(beginnings)s UNION ALL %(steps)s) stay
             CROSS JOIN LATERAL (
                SELECT COALESCE(
                    array_position(%(ladder)s, stay.next_level::text)
                    > COALESCE(array_position(%(ladder)s, stay.level::text), 0), FALSE
                ) AS up
             ) move
            """,
            beginnings=self._get_beginnings_sql(),
            steps=self._get_steps_sql(),
            ladder=SQL("ARRAY['potential', 'engaged', 'new', 'active']"),
        )

    def _get_beginnings_sql(self):
        """Return the SQL of the stays in potential, with which every account begins."""
        return SQL(
            """
            SELECT -a.id AS id, a.id AS account_id, a.partner_id, a.company_id,
                   a.manager_id, a.team_id, a.source_id, a.is_key_account,
                   NULL::int AS user_id, 'potential' AS level,
                   next.to_level AS next_level, next.date AS end_date,
                   LEAST(p.create_date::date, next.date) AS date,
                   FALSE AS reactivated, 0 AS won, next.days AS next_days
              FROM kam_account a
              JOIN res_partner p ON p.id = a.partner_id
              LEFT JOIN LATERAL (%s) next ON TRUE
             WHERE a.active
            """,
            self._get_next_sql(SQL("a.id"), SQL("TRUE")),
        )

    def _get_steps_sql(self):
        """Return the SQL of the stays that began with a transition."""
        return SQL(
            """
            SELECT t.id, t.account_id, a.partner_id, a.company_id, a.manager_id, a.team_id,
                   a.source_id, a.is_key_account, t.user_id, t.to_level,
                   next.to_level, next.date, t.date,
                   t.from_level = 'dormant' OR EXISTS (
                      SELECT FROM kam_level_transition back
                       WHERE back.account_id = t.account_id AND back.date < t.date
                         AND back.from_level = 'dormant'),
                   (t.from_level IN %(before)s AND t.to_level IN %(after)s)::int, next.days
              FROM kam_level_transition t
              JOIN kam_account a ON a.id = t.account_id AND a.active
              LEFT JOIN LATERAL (%(next)s) next ON TRUE
            """,
            before=WON[0],
            after=WON[1],
            next=self._get_next_sql(SQL("t.account_id"), SQL("n.date > t.date")),
        )

    @staticmethod
    def _get_next_sql(account, later):
        """Return the SQL of the step that ends a stay.

        :param SQL account: the account's id
        :param SQL later: a condition on the steps ``n`` that come after it
        """
        return SQL(
            """
            SELECT n.to_level, n.date, n.days FROM kam_level_transition n
             WHERE n.account_id = %s AND %s
             ORDER BY n.date LIMIT 1
            """,
            account,
            later,
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Serve the median of the days: Odoo does not know this aggregator."""
        if aggregate_spec != "days:median":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)",
            self._field_to_sql(self._table, "days", query),
        )
