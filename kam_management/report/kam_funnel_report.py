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
    _inherit = ["kam.level.mixin"]
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
        "Came On", readonly=True, help="The day the account came to the level."
    )
    end_date = fields.Date("Left On", readonly=True)
    reactivated = fields.Boolean(
        readonly=True, help="The account came back from dormant; not its first way up."
    )
    won = fields.Integer(
        "Customers Won",
        readonly=True,
        help="The account came to this level by its first purchase.",
    )
    conversion = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the accounts that moved up the ladder from this level; active is"
        " its top.",
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
        it left: a history may be older than the customer's record.
        """
        return SQL(
            """
            WITH stay AS (
                SELECT a.id AS account_id, NULL::int AS transition_id, NULL::date AS date,
                       'potential' AS level, 0 AS days, NULL::int AS user_id,
                       FALSE AS reactivated, 0 AS won
                  FROM kam_account a
                UNION ALL
                SELECT t.account_id, t.id, t.date, t.to_level, t.days, t.user_id,
                       t.from_level = 'dormant',
                       (t.from_level IN %(before)s AND t.to_level IN %(after)s)::int
                  FROM kam_level_transition t
            ),
            life AS (
                SELECT *, lead(level) OVER life AS next_level, lead(date) OVER life AS end_date,
                       lead(days) OVER life AS next_days,
                       bool_or(reactivated) OVER life AS came_back
                  FROM stay
                WINDOW life AS (PARTITION BY account_id ORDER BY date NULLS FIRST)
            )
            SELECT COALESCE(life.transition_id, -life.account_id) AS id,
                   a.id AS account_id, a.partner_id, a.company_id, a.manager_id, a.team_id,
                   a.source_id, a.is_key_account, life.user_id, life.level,
                   life.next_level, life.end_date,
                   COALESCE(life.date, LEAST(p.create_date::date, life.end_date)) AS date,
                   life.came_back AS reactivated, life.won,
                   CASE WHEN life.level <> 'active' THEN move.up::int::float END AS conversion,
                   CASE WHEN move.up THEN life.next_days END AS days
              FROM life
              JOIN kam_account a ON a.id = life.account_id AND a.active
              JOIN res_partner p ON p.id = a.partner_id
             CROSS JOIN LATERAL (
                SELECT COALESCE(
                    array_position(%(ladder)s, life.next_level::text)
                    > COALESCE(array_position(%(ladder)s, life.level::text), 0), FALSE
                ) AS up
             ) move
            """,
            before=WON[0],
            after=WON[1],
            ladder=SQL("ARRAY['potential', 'engaged', 'new', 'active']"),
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
