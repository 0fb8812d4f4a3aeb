"""What the health of an account is made of, and how it is worked out."""

from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..evidence.receivables import get_receivables
from .kam_engine_figures import BY_ACCOUNT, BY_CUSTOMER

# From this health on an account is in good health, or fair; less is poor.
GOOD, FAIR = 70, 40
# Percent of the weights that have to be known; with less, health is not known.
ENOUGH = 50
COLORS = {"good": "success", "fair": "warning", "poor": "danger", None: "secondary"}
# 100 where the revenue of the window is kept or grown, 0 at half or less and for who
# fell asleep, however long ago.
REVENUE_SCORE = SQL(
    """CASE
    WHEN account.level = 'dormant' THEN 0
    WHEN account.revenue_previous > 0 THEN round(LEAST(GREATEST(
        200 * account.revenue / account.revenue_previous - 100, 0), 100))::int END"""
)
# 100 with nothing overdue, 0 at a month's average revenue; not known of who has never
# had an invoice.
INVOICES_SCORE = SQL(
    """CASE
    WHEN invoices.partner_id IS NULL THEN NULL
    WHEN COALESCE(invoices.overdue, 0) <= 0 THEN 100
    WHEN account.revenue <= 0 THEN 0
    ELSE round(GREATEST(100 - 100 * invoices.overdue
                        * c.kam_window_months / account.revenue, 0))::int END"""
)


class HealthLook(NamedTuple):
    """Whose health is looked at, and as of when."""

    day: date
    in_accounts: SQL  # what follows the id of an account that is in question
    customers: SQL | None  # a query of company_id, partner_id; None: all
    invoiced: SQL | None = None  # where it stands who has invoices, of all


class HealthPart(NamedTuple):
    """One thing that says how well a customer is, from 0 to 100.

    The score may read ``account`` (its figures, whichever room works them out, and
    ``today``), ``c`` (the company) and, under the name of the part, what ``known`` has.
    """

    place: int  # parts are shown in this order
    label: str
    weight: str | int  # a field of the company, or the same for all
    score: SQL  # NULL where it is not known
    unknown: str  # why it is not, in words
    tell: str  # method of kam.account that says it in words: (value, age or None)
    opener: str  # method of kam.account that opens the records behind it
    # method of kam.engine: a look -> the SQL of one row an account or customer at most
    known: str | None = None
    joined: tuple = BY_ACCOUNT  # or BY_CUSTOMER: the columns these rows are joined by
    facts: tuple = ()  # columns of the row that ``tell`` is called with, by name

    @property
    def weight_sql(self) -> SQL:
        if isinstance(self.weight, str):
            return SQL.identifier("c", self.weight)
        return SQL("%s", self.weight)


class KamEngine(models.AbstractModel):
    """Health (R31): how well a customer is, from 0 to 100, as its parts say.

    Each room appends the parts it knows of.
    """

    _inherit = "kam.engine"

    @api.model
    def _get_health_parts(self):
        """Return what the health of accounts is made of; other code appends to it.

        The figure that is stored, what is shown of it and the way to the records follow.

        :return: {name: ``HealthPart``}
        """
        return {
            "revenue": HealthPart(
                10,
                self.env._("Revenue"),
                weight="kam_health_weight_revenue",
                score=REVENUE_SCORE,
                unknown=self.env._("no revenue in the window before"),
                tell="_tell_revenue",
                opener="action_view_sales",
            ),
            "invoices": HealthPart(
                60,
                self.env._("Invoices"),
                weight="kam_health_weight_invoices",
                score=INVOICES_SCORE,
                unknown=self.env._("no invoice yet"),
                tell="_tell_invoices",
                opener="_prepare_overdue_action",
                known="_get_owed_sql",
                joined=BY_CUSTOMER,
                facts=("overdue", "overdue_since"),
            ),
        }

    @api.model
    def _get_health_known(self, look):
        """Return what the scores of the parts are read from, see ``_get_known``.

        :param look: ``HealthLook``
        """
        return {
            name: (getattr(self, part.known)(look), part.joined)
            for name, part in self._get_health_parts().items()
            if part.known
        }

    @api.model
    def _get_owed_sql(self, look):
        return get_receivables(look.day, look.customers, look.invoiced)

    @api.model
    def _get_known(self, run, rule):
        customers = invoiced = None
        if run.scoped:
            # who has no account yet is among them
            customers = SQL("SELECT company_id, partner_id FROM %s", run.table("scope"))
        else:
            invoiced = run.table("invoiced")
        look = HealthLook(run.as_of, run.in_accounts, customers, invoiced)
        return {**super()._get_known(run, rule), **self._get_health_known(look)}

    @api.model
    def _get_conclusions(self, run):
        # what it was when first looked at this month is what it was before
        month = run.as_of.replace(day=1)
        previous = SQL(
            "CASE WHEN a.health_month >= %s THEN a.health_previous ELSE a.health END",
            month,
        )
        return {
            **super()._get_conclusions(run),
            **get_health_layers(self._get_health_parts()),
            "trend": {
                "health_band": SQL(
                    """CASE WHEN health.health >= %s THEN 'good'
                            WHEN health.health >= %s THEN 'fair'
                            WHEN health.health IS NOT NULL THEN 'poor' END""",
                    GOOD,
                    FAIR,
                ),
                "health_previous": previous,
                "health_trend": SQL("health.health - (%s)", previous),
                "health_month": SQL(
                    """CASE WHEN COALESCE(health.health, %s) IS NOT NULL
                            THEN GREATEST(a.health_month, %s) ELSE a.health_month END""",
                    previous,
                    month,
                ),
            },
        }


def score_column(part) -> str:
    """Return the name of the column with the score of a part."""
    return f"score_of_{part}"


def get_health_layers(parts):
    """Return the layers that work out health, see ``kam.engine._get_conclusions``.

    The weighted mean of the scores that are known, how much of the weights they carry,
    in percent rounded down, and how many parts with a weight are known, of how many. Who
    never bought has none of these.

    :param dict parts: {name: ``HealthPart``}
    """
    score = {score_column(name): part.score for name, part in parts.items()}
    terms = [
        (SQL.identifier("score", score_column(name)), part.weight_sql)
        for name, part in parts.items()
    ]
    weights = {
        "health_points": SQL(" + ").join(
            SQL("COALESCE(%s * %s, 0)", *term) for term in terms
        ),
        "health_known": SQL(" + ").join(
            SQL("CASE WHEN %s IS NULL THEN 0 ELSE %s END", *term) for term in terms
        ),
        "known_parts": SQL(" + ").join(
            SQL("(%s IS NOT NULL AND %s > 0)::int", *term) for term in terms
        ),
        "weighted_parts": SQL(" + ").join(
            SQL("(%s > 0)::int", weight) for _score, weight in terms
        ),
        "health_total": SQL(
            "CASE WHEN account.purchase_count > 0 THEN NULLIF(%s, 0) END",
            SQL(" + ").join(weight for _score, weight in terms),
        ),
    }
    health = {
        "health": SQL(
            """CASE WHEN 100 * weight.health_known >= %s * weight.health_total
                    THEN round(weight.health_points::numeric
                               / weight.health_known)::int END""",
            ENOUGH,
        ),
        "health_basis": SQL("100 * weight.health_known / weight.health_total"),
        "health_known_parts": SQL(
            "CASE WHEN weight.health_total > 0 THEN weight.known_parts END"
        ),
        "health_parts": SQL(
            "CASE WHEN weight.health_total > 0 THEN weight.weighted_parts END"
        ),
    }
    return {"score": score, "weight": weights, "health": health}


def get_band(score):
    """Return the band a figure from 0 to 100 is in, None for one that is not known.

    >>> [get_band(score) for score in (70, 69, 40, 39, None)]
    ['good', 'fair', 'fair', 'poor', None]
    """
    if score is None:
        return None
    return "good" if score >= GOOD else "fair" if score >= FAIR else "poor"


def get_band_color(score):
    """Return the colour of a score, as Bootstrap names it; grey when not known.

    >>> get_band_color(12), get_band_color(None)
    ('danger', 'secondary')
    """
    return COLORS[get_band(score)]


def check_weights(*names):
    """Return what a constraint on weights of the company says: they are from 0 to 100.

    >>> check_weights("kam_health_weight_luck")[0]
    'CHECK(LEAST(kam_health_weight_luck) >= 0 AND GREATEST(kam_health_weight_luck) <= 100)'

    :param names: of the fields
    :return: (definition, message)
    """
    columns = ", ".join(names)
    return (
        f"CHECK(LEAST({columns}) >= 0 AND GREATEST({columns}) <= 100)",
        "Health: enter weights from 0 (does not count) to 100.",
    )
