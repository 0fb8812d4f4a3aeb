"""The time and the companies that some figures of quotas are asked for."""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from .res_company import get_days

NOBODY, EVERYBODY = 0, -1


class Frame(NamedTuple):
    """What the facts of an indicator are to be looked up for; see ``QuotaIndicator``."""

    rules: list  # of ``Rule``: how each company counts purchases
    company_ids: tuple
    start: date  # the first day in question
    end: date  # the last one, today at most
    today: date
    categ_ids: tuple  # product categories in question, with their subcategories
    with_buyer: bool  # the level of the customer on that day matters
    with_nobody: bool  # what is credited to nobody matters, too

    @property
    def months(self):
        """A window so long that two of them reach back to before the first day."""
        apart = (
            (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        )
        return max(apart // 2 + 1, 1)


class Calendar:
    """The periods asked for, and the days cut up so that each period is some whole cuts.

    A day's facts are summed up once, however many periods it belongs to.
    """

    def __init__(self, today):
        self.today = today
        self._ids = {}  # (company id, start, end): period id

    def get_id(self, company_id, start, end):
        """Return the number of a period, a new one for one not seen before."""
        key = company_id, start, end
        return self._ids.setdefault(key, len(self._ids) + 1)

    @property
    def span(self):
        """The first and last day in question, today at most."""
        starts = [start for _company, start, _end in self._ids]
        ends = [min(end, self.today) for _company, _start, end in self._ids]
        return min(starts), max(ends)

    def get_tables(self):
        """Return the SQL of the tables kam_period, kam_day and kam_period_cut."""
        days, cuts = self._cut()
        periods = [
            (number, company, start, min(end, self.today), end)
            for (company, start, end), number in self._ids.items()
        ]
        return SQL(", ").join(
            (
                table(
                    "kam_period",
                    "id int, company_id int, date_start date, date_until date,"
                    " date_end date",
                    periods,
                ),
                table("kam_day", "company_id int, date date, cut_id int", days),
                table("kam_period_cut", "period_id int, cut_id int", cuts),
            )
        )

    def _cut(self):
        """Return (company id, day, cut) of all days, and (period, cut)."""
        days, cuts, number = [], [], 0
        by_company = {}
        for (company, start, end), period in self._ids.items():
            if start <= self.today:
                until = min(end, self.today)
                by_company.setdefault(company, []).append((start, until, period))
        for company, periods in by_company.items():
            within = {}  # (periods that a day belongs to): cut
            changes = {}
            for start, until, period in periods:
                changes.setdefault(start, []).append((period, True))
                after = until.fromordinal(until.toordinal() + 1)
                changes.setdefault(after, []).append((period, False))
            marks, open_periods = sorted(changes), set()
            for mark, following in zip(marks, marks[1:], strict=False):
                for period, begins in changes[mark]:
                    (open_periods.add if begins else open_periods.discard)(period)
                if not open_periods:
                    continue
                key = frozenset(open_periods)
                if key not in within:
                    number += 1
                    within[key] = number
                    cuts += [(period, number) for period in sorted(key)]
                last = following.fromordinal(following.toordinal() - 1)
                days += [(company, day, within[key]) for day in get_days(mark, last)]
        return days, cuts


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
            SQL("%s::%s[]", list(values), SQL(kind))
            for values, kind in zip(lists, types, strict=True)
        ),
    )
