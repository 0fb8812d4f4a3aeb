"""The time and the companies that some figures are asked for."""

from bisect import bisect_left
from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import SQL

NOBODY, EVERYBODY = 0, -1
PERIOD_COLUMNS = (
    "id int, company_id int, date_start date, date_until date, date_end date,"
    " day_from date, day_to date"
)
# As SQL: what a table of constant rows is made of.
TYPES = {"int": SQL("int"), "date": SQL("date"), "varchar": SQL("varchar")}


class Frame(NamedTuple):
    """What the facts of an indicator are to be looked up for; see ``Indicator``."""

    rules: list  # of ``Rule``: how each company judges levels
    looks: list  # of ``Look``: how each company counts sales, on the days in question
    company_ids: tuple
    start: date  # the first day in question
    end: date  # the last one, today at most
    before: date  # the longest period before the first day
    today: date
    categ_ids: tuple  # product categories in question, with their subcategories
    with_buyer: bool  # the level of the customer on that day matters
    with_nobody: bool  # what is credited to nobody matters, too
    marks: list  # the days on which a piece of time begins, see ``Calendar``
    one_by_one: bool = True  # else facts may be told together that count alike
    account_ids: tuple = ()  # only facts about these are asked for; none: about all

    def of_accounts(self, account):
        """Return the SQL condition that an account is asked for.

        Facts about others are left out anyway; this spares to find them.

        :param SQL account: its id
        """
        if not self.account_ids:
            return SQL("TRUE")
        return SQL("%s IN %s", account, self.account_ids)


class Calendar:
    """The periods asked for, and their days cut up: each period is some whole pieces.

    The facts of a piece are summed up once, however many periods it belongs to. Of a
    period some days may count alone: those on which somebody was in a team.
    """

    def __init__(self, today):
        self.today = today
        self._ids = {}  # (company id, start, end, first day, last day): period id

    def get_id(self, company_id, start, end, days=None):
        """Return the number of a period, a new one for one not seen before.

        :param days: the first and the last day that count; None: all
        """
        key = company_id, start, end, *(days or (start, end))
        return self._ids.setdefault(key, len(self._ids) + 1)

    @property
    def span(self):
        """The first and last day in question, today at most."""
        starts = [start for _company, start, *_others in self._ids]
        ends = [min(end, self.today) for _company, _start, end, *_days in self._ids]
        return min(starts), max(ends)

    @property
    def before(self):
        """The first day of the longest period that is as long, and just before."""
        return min(
            start - (min(end, self.today) - start) - timedelta(days=1)
            for _company, start, end, *_days in self._ids
        )

    def get_piece(self, day):
        """Return the SQL of the number of the piece that a day belongs to.

        :param SQL day: a date
        """
        return SQL("width_bucket(%s, %s::date[])", day, self.get_marks())

    def get_tables(self):
        """Return the SQL of the tables kam_period and kam_piece."""
        marks = self.get_marks()
        periods = [
            (number, company, start, min(end, self.today), end, first, last)
            for (company, start, end, first, last), number in self._ids.items()
        ]
        pieces = [
            (number, piece + 1)
            for number, _company, _start, until, _end, first, last in periods
            for piece in range(
                bisect_left(marks, first),
                bisect_left(marks, following(min(until, last))),
            )
        ]
        return SQL(", ").join(
            (
                table("kam_period", PERIOD_COLUMNS, periods),
                table("kam_piece", "period_id int, piece int", pieces),
            )
        )

    def get_marks(self):
        """Return the days on which a piece begins, the day after the last one included."""
        marks = set()
        for _company, start, end, first, last in self._ids:
            marks |= {start, following(min(end, self.today))}
            marks |= {first, following(min(last, self.today))}
        return sorted(marks)


def following(day):
    """Return the next day."""
    return day + timedelta(days=1)


def table(name, columns, rows):
    """Return the SQL of a common table with constant rows.

    :param str columns: names and types of the columns, as in CREATE TABLE
    :param list rows: tuples
    """
    names, types = zip(*(column.split() for column in columns.split(",")), strict=True)
    lists = list(zip(*rows, strict=True)) or [()] * len(names)
    return SQL(
        "%s (%s) AS (SELECT * FROM unnest(%s))",
        SQL.identifier(name),
        SQL(", ").join(map(SQL.identifier, names)),
        SQL(", ").join(
            SQL("%s::%s[]", list(values), TYPES[kind])
            for values, kind in zip(lists, types, strict=True)
        ),
    )
