"""Periods as people write them into a file."""

import re
from datetime import date

from babel.dates import get_month_names

from odoo.tools.misc import babel_locale_parse

MONTH = re.compile(r"(?:(\d{4})[-/. ](\d{1,2})|(\d{1,2})[-/. ](\d{4}))$")
QUARTER = re.compile(r"(?:q([1-4])[-/. ]?(\d{4})|(\d{4})[-/. ]?q([1-4]))(?:/\d{2})?$")
YEAR = re.compile(r"(\d{4})(?:/\d{2})?$")
NAMED = re.compile(r"(\D+?)[-/. ]+(\d{4})$")


def read_period(text, company, lang=None):
    """Return the kind and the first day of a period in words, None for other words.

    “2026-03”, “03/2026” and “March 2026” are months, “Q1 2026” and “2026-Q1” quarters,
    “2026” and “2026/27” years; quarters and years are those of the company.

    :return: pair of the kind and an ISO date
    """
    text = " ".join(text.split()).lower()
    if named := _read_month(text, lang):
        return "month", named.isoformat()
    if match := QUARTER.match(text):
        number, year = match[1] or match[4], match[2] or match[3]
        start = _get_year(company, year)
        for _quarter in range(int(number) - 1):
            start = _after(company._get_kam_period("quarter", start))
        return "quarter", start.isoformat()
    if match := YEAR.match(text):
        return "year", _get_year(company, match[1]).isoformat()
    return None


def _read_month(text, lang):
    """Return the first day of a month in figures or by name, None for other words."""
    if match := MONTH.match(text):
        year, month = int(match[1] or match[4]), int(match[2] or match[3])
    elif (match := NAMED.match(text)) and match[1] in (names := _get_months(lang)):
        year, month = int(match[2]), names[match[1]]
    else:
        return None
    return date(year, month, 1) if 1 <= month <= 12 and year else None


def _get_months(lang):
    """Return {name of a month, long or short: its number}, in English and in a language."""
    return {
        name.lower().rstrip("."): number
        for code in ("en_US", lang or "en_US")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(
            width, locale=babel_locale_parse(code)
        ).items()
    }


def _get_year(company, year):
    """Return the first day of the fiscal year of a company that begins in a year."""
    return company._get_kam_period("year", date(int(year), 12, 31))[0]


def _after(days):
    return date.fromordinal(days[1].toordinal() + 1)
