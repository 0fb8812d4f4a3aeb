"""What the health of an account is made of, and how much of it has to be known."""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from .layers import BY_ACCOUNT

# From this health on an account is in good health, or fair; less is poor.
GOOD, FAIR = 70, 40
# Percent of the weights that have to be known; with less, health is not known.
ENOUGH = 50
COLORS = {"good": "success", "fair": "warning", "poor": "danger", None: "secondary"}


class HealthLook(NamedTuple):
    """Whose health is looked at, and as of when."""

    day: date
    in_accounts: SQL  # what follows the id of an account that is in question
    customers: SQL | None  # a query of company_id, partner_id; None: all


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


def score_column(part) -> str:
    """Return the name of the column with the score of a part."""
    return f"score_of_{part}"


def get_health_layers(parts):
    """Return the layers that work out health, see ``kam.engine._get_conclusions``.

    The weighted mean of the scores that are known, and how much of the weights they
    carry, in percent rounded down. Who never bought has neither.

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
