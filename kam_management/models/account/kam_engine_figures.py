from odoo import api, models
from odoo.tools import SQL

from ..engine.kam_engine import Step
from . import silence

# What of an account the log follows from, and what it leads to.
LOG_FIELDS = ("level", "evidence_hash")
# How what is known is joined to its account
BY_ACCOUNT = ("account_id",)
BY_CUSTOMER = ("company_id", "partner_id")


class KamEngine(models.AbstractModel):
    """The figures of accounts: worked out, and compared with those that are stored."""

    _inherit = "kam.engine"

    @api.model
    def _get_steps(self):
        return [*super()._get_steps(), Step(40, "_step_figures")]

    # What the rooms add

    @api.model
    def _get_known(self, run, rule):
        """Return what is known of accounts beside what they bought.

        :return: {alias: (query of one row an account at most, ``BY_ACCOUNT`` or
            ``BY_CUSTOMER``: the columns it is joined by)}
        """
        return {"touched": (self._get_touched_sql(run), BY_ACCOUNT)}

    @api.model
    def _get_typed_fields(self):
        """Return the names of the typed fields of accounts that figures depend on."""
        return ["create_date"]

    @api.model
    def _get_layers(self, run, rule):
        """Return how the figures of an account follow from what is known of it.

        A layer may read ``a`` (the typed fields, stored figures), ``c`` (the company),
        ``sales`` and ``segment`` (see the steps), what ``_get_known`` names, and the
        layers before it.

        :return: {alias of the layer: {name: SQL}}; names that are no field of
            ``kam.account`` are for later layers alone
        """
        return {"figures": self._get_account_layer(rule)}

    @api.model
    def _get_conclusions(self, run):
        """Return layers that follow from the figures of all rooms, see ``_get_layers``.

        They find them in ``account``, whichever layer they are of, and ``today`` there.
        """
        return {}

    @api.model
    def _get_touched_sql(self, run):
        """Return the SQL of the contacts of accounts, which another room knows.

        Columns: account_id, first_date, last_date, reached_date (of the last one that
        reached somebody).
        """
        return SQL(
            """SELECT NULL::int AS account_id, NULL::date AS first_date,
                      NULL::date AS last_date, NULL::date AS reached_date WHERE FALSE"""
        )

    @api.model
    def _get_account_layer(self, rule):
        """Return the figures of the account room: level, purchases, segment.

        The rule of levels is DESIGN's. A safe source of revenue (R6) is a customer who is
        active, whose revenue has not fallen, and who is not at risk, see ``silence``.
        """
        values = {
            "window_start": rule.window_start,
            "minimum": rule.minimum,
            "as_of": rule.as_of,
            "key": rule.key,
        }
        layer = {}
        for name, query in FIGURES.items():
            layer[name] = SQL(query, **values)
        return layer

    # Steps

    @api.model
    def _step_figures(self, run):
        """Work out the figures of the accounts; keep those that differ in ``change``.

        The log of an account is rebuilt where its level differs or the hash of what the
        log follows from: dated purchases, first touch and settings. Of accounts that
        were asked for by name it is rebuilt in any case.

        Columns: account_id, company_id, partner_id, missing (the account is yet to be
        inserted), first_move (it leaves potential), rebuild, told (its new level is
        news), and the figures.
        """
        queries = [self._get_changes_sql(run, rule) for rule in run.rules]
        columns = ("account_id", "company_id", "partner_id", "rebuild", "missing")
        with run.planned_well():
            run.keep("change", queries, columns)

    @api.model
    def _get_figure_fields(self, run):
        """Return the names of the fields that are worked out, in their order."""
        layers = self._get_layers(run, run.rules[0]) | self._get_conclusions(run)
        return [name for _alias, name in self._get_stored(layers)]

    @api.model
    def _get_stored(self, layers):
        """Return [(alias of the layer, field)] of the figures that are fields."""
        fields = self.env["kam.account"]._fields
        return [
            (alias, name)
            for alias, layer in layers.items()
            for name in layer
            if name in fields
        ]

    @api.model
    def _get_changes_sql(self, run, rule):
        """Return the SQL of the rows of ``change`` for the accounts of a rule."""
        layers, conclusions = self._get_layers(run, rule), self._get_conclusions(run)
        figures = self._get_stored(layers | conclusions)
        stored = columns("a", [name for _alias, name in figures])
        new = SQL(", ").join(SQL.identifier(*figure) for figure in figures)
        wanted = rebuild = SQL("TRUE")
        if not run.scoped:
            wanted = SQL("(%s) IS DISTINCT FROM (%s)", stored, new)
            rebuild = SQL(
                "(%s) IS DISTINCT FROM (%s)",
                columns("a", LOG_FIELDS),
                columns("figures", LOG_FIELDS),
            )
        return SQL(
            """
            SELECT a.id AS account_id, a.company_id, a.partner_id, a.missing,
                   a.level = 'potential' AND figures.level <> 'potential' AS first_move,
                   %(rebuild)s AS rebuild,
                   %(tells)s AND figures.level IS DISTINCT FROM COALESCE(
                       a.level, 'potential') AS told,
                   %(new)s
              FROM (%(accounts)s) a
              JOIN res_company c ON c.id = a.company_id
              LEFT JOIN %(sales)s sales
                ON sales.company_id = a.company_id AND sales.partner_id = a.partner_id
              LEFT JOIN %(segment)s segment
                ON segment.company_id = a.company_id AND segment.partner_id = a.partner_id
              LEFT JOIN %(ancestor)s ancestor ON ancestor.partner_id = a.partner_id
              LEFT JOIN %(kin)s kin ON kin.company_id = a.company_id
               AND kin.root_id = COALESCE(ancestor.root_id, a.partner_id)
              %(known)s
              %(layers)s
             WHERE a.company_id IN %(companies)s AND %(wanted)s
            """,
            rebuild=rebuild,
            # what is found out about unknown customers is history
            tells=SQL("TRUE" if run.scoped and run.of_news else "NOT a.missing")
            if run.tells
            else SQL("FALSE"),
            new=new,
            accounts=self._get_accounts_sql(run),
            known=SQL(" ").join(
                join_known(alias, *known)
                for alias, known in self._get_known(run, rule).items()
            ),
            layers=self._get_layers_sql(layers, conclusions, run.as_of),
            companies=rule.company_ids,
            wanted=wanted,
            **{
                name: run.table(name)
                for name in ("sales", "segment", "ancestor", "kin")
            },
        )

    @api.model
    def _get_layers_sql(self, layers, conclusions, day):
        """Return the SQL that joins the layers, with ``account`` in their midst."""
        return SQL(
            "%s CROSS JOIN LATERAL (SELECT %s::date AS today, %s) account %s",
            SQL(" ").join(join_layer(*layer) for layer in layers.items()),
            day,
            SQL(", ").join(
                SQL.identifier(*figure) for figure in self._get_stored(layers)
            ),
            SQL(" ").join(join_layer(*layer) for layer in conclusions.items()),
        )

    @api.model
    def _get_accounts_sql(self, run):
        """Return the SQL of the accounts in question, and of those yet to be inserted.

        Columns: id, company_id, partner_id, missing, typed fields and stored figures.
        """
        names = [*self._get_typed_fields(), *self._get_figure_fields(run)]
        accounts = SQL(
            "SELECT a.id, a.company_id, a.partner_id, FALSE AS missing, %s"
            "  FROM kam_account a WHERE %s",
            columns("a", names),
            run.of_accounts(),
        )
        if not run.tables["missing"]:
            return accounts  # no sequence, which nothing can be worked out beside
        return SQL(
            """
            %(accounts)s
            UNION ALL
            SELECT nextval('kam_account_id_seq')::int, m.company_id, m.partner_id, TRUE,
                   %(nothing)s
              FROM %(missing)s m
            """,
            accounts=accounts,
            nothing=SQL(", ").join([SQL("NULL")] * len(names)),
            missing=run.table("missing"),
        )


# The figures of one account, by the field they are written to.
FIGURES = {
    "level": """CASE
        WHEN COALESCE(sales.purchases, 0) = 0 AND touched.first_date IS NULL
        THEN 'potential'
        WHEN COALESCE(sales.purchases, 0) = 0 THEN 'engaged'
        WHEN sales.last_date <= %(window_start)s THEN 'dormant'
        WHEN sales.purchases < %(minimum)s THEN 'new'
        ELSE 'active' END""",
    "first_touch_date": "touched.first_date",
    "last_touch_date": "touched.last_date",
    "last_reached_date": "touched.reached_date",
    "purchase_count": "COALESCE(sales.purchases, 0)",
    "first_purchase_date": "sales.first_date",
    "last_purchase_date": "sales.last_date",
    **silence.FIGURES,
    "window_purchase_count": "COALESCE(sales.window_count, 0)",
    "revenue": "COALESCE(sales.revenue, 0)",
    "revenue_previous": "COALESCE(sales.revenue_previous, 0)",
    "average_purchase": "COALESCE(sales.average, 0)",
    "buyer_pattern": f"""CASE
        WHEN COALESCE(sales.purchases, 0) = 0 THEN NULL
        WHEN sales.purchases = 1 THEN 'one_off'
        WHEN sales.purchases >= %(minimum)s AND sales.last_date > %(window_start)s
             AND COALESCE(%(as_of)s < {silence.RISK_DATE}, TRUE)
             AND sales.revenue_previous > 0 AND sales.revenue >= sales.revenue_previous
        THEN 'safe' ELSE 'repeat' END""",
    "segment": "CASE WHEN sales.purchases > 0 THEN COALESCE(segment.segment, 'c') END",
    "share": "COALESCE(segment.share, 0)",
    "group_partner_id": "COALESCE(ancestor.root_id, a.partner_id)",
    "group_share": "COALESCE(kin.share, segment.share, 0)",
    "evidence_hash": """hashint8(COALESCE(sales.hash, 0) + %(key)s + 5::bigint * COALESCE(
        hashint4(touched.first_date - DATE '2000-01-01'), 0))""",
}


def columns(alias, names):
    """Return columns of a table as a comma separated list."""
    return SQL(", ").join(SQL.identifier(alias, name) for name in names)


def join_known(alias, query, names=BY_ACCOUNT):
    """Return the SQL that joins what is known to account ``a``.

    :param SQL query: of one row an account at most
    :param names: ``BY_ACCOUNT`` or ``BY_CUSTOMER``: the columns it is joined by
    """
    return SQL(
        "LEFT JOIN (%s) %s ON (%s) = (%s)",
        query,
        SQL.identifier(alias),
        columns(alias, names),
        columns("a", ["id"] if names is BY_ACCOUNT else names),
    )


def join_layer(alias, figures):
    """Return the SQL that works a layer out once, wherever it is read.

    :param dict figures: {name: SQL}
    """
    return SQL(
        "CROSS JOIN LATERAL (SELECT %s OFFSET 0) %s",
        SQL(", ").join(
            SQL("%s AS %s", figure, SQL.identifier(name))
            for name, figure in figures.items()
        ),
        SQL.identifier(alias),
    )
