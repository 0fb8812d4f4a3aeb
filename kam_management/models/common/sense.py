"""Figures and days that one can go on working with, whoever enters them."""

from datetime import date
from math import isfinite

from odoo.models import BaseModel

# Beyond these a sum is not exact to the cent any more, and a column has no room.
LARGEST_FIGURE = 1e13
LARGEST_NUMBER = 2**31 - 1
# Terms, windows and forecasts are counted from a day: there must be days around it.
YEARS = range(1900, 2200)


def makes_sense(kind, value):
    """Return whether a value of a kind of field can be worked with.

    What is no figure or day at all is for Odoo to refuse; what is no record and no word
    of a selection it would take for none, or believe.

    :param str kind: type of the field

    >>> makes_sense("float", 12.5), makes_sense("integer", 2**40)
    (True, False)
    >>> [makes_sense("monetary", one) for one in (float("nan"), "inf", 1e308, -1e13)]
    [False, False, False, True]
    >>> [makes_sense("date", day) for day in ("2026-12-31", "9999-12-31", False, "x", 5)]
    [True, False, True, True, False]
    >>> makes_sense("datetime", "0202-03-01 10:00:00"), makes_sense("char", "9999-12-31")
    (False, True)
    >>> [makes_sense("many2one", one) for one in (5, False, [5], "5", True)]
    [True, True, False, False, False]
    >>> makes_sense("selection", "lost"), makes_sense("selection", 5.5)
    (True, False)
    """
    if kind == "many2one":
        return not value or isinstance(value, (int, BaseModel)) and value is not True
    if kind == "selection":
        return not value or isinstance(value, str)
    if kind in ("date", "datetime") and value and not isinstance(value, (str, date)):
        return False
    try:
        if kind in ("float", "monetary"):
            return isfinite(float(value)) and abs(float(value)) <= LARGEST_FIGURE
        if kind == "integer":
            return abs(float(value)) <= LARGEST_NUMBER
        if kind in ("date", "datetime") and value:
            return date.fromisoformat(str(value)[:10]).year in YEARS
    except (TypeError, ValueError):
        return True
    except OverflowError:
        return False
    return True
