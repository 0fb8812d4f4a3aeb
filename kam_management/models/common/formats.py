"""Figures, amounts, shares and dates, as the reader's language writes them.

Separators, currency and dates are those of Odoo's formatters; each function takes the
environment whose language counts.
"""

from datetime import datetime, timedelta
from math import inf

from babel.dates import format_interval, format_skeleton, format_timedelta
from babel.units import format_unit

from odoo import fields
from odoo.tools import babel_locale_parse, float_round, get_lang
from odoo.tools.misc import formatLang

from .clock import here

PERCENT = "\N{NO-BREAK SPACE}%"
# What is shown over a bar, from the largest unit down.
UNITS = ((1_000_000, "M"), (1_000, "k"))
# Year, month in letters and day: dates look as in Odoo's fields beside them.
DAY, DAY_OF_YEAR = "yMMMd", "MMMd"


def number(env, value, digits=None, signed=False):
    """Return a figure, such as “1,234.5”; a half is rounded up.

    :param digits: decimal places; None: as many as it needs, two at most
    :param bool signed: with a plus before what is more than nothing
    """
    # what is rounded to nothing has no sign
    value = float_round(float(value), 2 if digits is None else digits) + 0.0
    if digits is None:
        digits = len(f"{value:.2f}".rstrip("0").partition(".")[2])
    return ("+" if signed and value > 0 else "") + formatLang(env, value, digits=digits)


def figure(env, value):
    """Return a figure short enough for a picture: “1,234,568”, “87.5” or “3”."""
    value = float_round(float(value), 0 if abs(value) >= 1000 else 1)
    return number(env, value, 0 if value.is_integer() else 1)


def short(env, value):
    """Return a figure in as few signs as fit over a bar: “950”, “12k” or “3.4M”."""
    for size, sign in UNITS:
        if abs(value) >= size:
            return number(env, value / size, int(abs(value) < 10 * size)) + sign
    return number(env, value, 0)


def money(env, amount, currency):
    """Return an amount with its currency and without cents, such as “$ 1,234”."""
    amount = float_round(float(amount), 0) + 0.0
    return formatLang(env, amount, currency_obj=currency, rounding_unit="units")


def percent(env, value, digits=0, signed=False):
    """Return a percentage, such as “12 %”; see ``number``.

    :param value: in percent: 12 is “12 %”
    """
    return number(env, value, digits, signed) + PERCENT


def change(env, now, before):
    """Return by how much an amount has changed, such as “+12 %”.

    :param before: other than 0
    """
    return percent(env, 100 * (now / before - 1), signed=True)


def duration(env, count, unit="day"):
    """Return a time in words, such as “1 day” or “12 months”.

    :param str unit: ``day``, ``week``, ``month`` or ``year``
    """
    return format_unit(count, f"duration-{unit}", "long", locale=_get_locale(env))


def ago(env, days):
    """Return how long ago something was: “today”, “yesterday” or “3 days ago”.

    :param int days: none or more
    """
    if days < 2:
        return env._("yesterday") if days else env._("today")
    return format_timedelta(
        timedelta(days=-days),
        granularity="day",
        # in days, however many they are
        threshold=inf,
        add_direction=True,
        locale=_get_locale(env),
    )


def day(env, value, short=False):
    """Return a day, such as “Nov 26, 2026”; "" without one.

    :param value: date, or a moment in UTC, which is of the reader's day
    :param bool short: without the year while it is this one, as Odoo's fields
    """
    if not value:
        return ""
    if isinstance(value, datetime):
        value = fields.Datetime.context_timestamp(env.user, value)
    is_known = short and value.year == here(env.user).year
    skeleton = DAY_OF_YEAR if is_known else DAY
    return format_skeleton(skeleton, value, locale=_get_locale(env))


def span(env, start, end):
    """Return a time from a day to another, such as “Dec 1 – 31, 2026”."""
    if start == end:
        return day(env, start)
    text = format_interval(start, end, DAY, locale=_get_locale(env))
    # with spaces that people type, as they look for a quota by its name
    return text.replace("\N{THIN SPACE}", " ")


def _get_locale(env):
    return babel_locale_parse(get_lang(env).code)
