"""The history of a file: who bought, or got back, how much and when. Without Odoo."""

import csv
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("customer", "date", "amount")
DELIMITERS = ",;\t"


class HistoryError(Exception):
    """The file cannot be read; the message says where and what to do."""


class Sale(NamedTuple):
    """A row of the file."""

    customer: str
    day: date
    amount: Decimal  # below 0 for a credit


def read_history(path):
    """Return the ``Sale`` rows of a CSV file, oldest first.

    Columns may come in any order and case, and others beside them; they are separated by
    comma, semicolon or tab. Blank lines are skipped.

    :raise HistoryError: where it is not what it should be
    """
    try:
        with Path(path).open(newline="", encoding="utf-8-sig") as file:
            return sorted(read_rows(file), key=lambda sale: sale.day)
    except OSError as error:
        raise HistoryError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise HistoryError(
            f"{path} is no text in UTF-8: save it as CSV UTF-8."
        ) from error
    except csv.Error as error:
        raise HistoryError(f"{path} is no CSV file: {error}.") from error


def read_rows(lines):
    """Yield the ``Sale`` of each line after the header.

    >>> [sale] = read_rows(["Amount;customer;date", "", '-3.5;"A; B";2020-02-29'])
    >>> sale.customer, str(sale.day), str(sale.amount)
    ('A; B', '2020-02-29', '-3.5')
    >>> list(read_rows(["customer,date,amount", "A,2020-02-30,1"]))
    Traceback (most recent call last):
    foresight.history.HistoryError: Line 2: '2020-02-30' is no date like 2020-12-31.
    >>> list(read_rows(["customer,when,amount"]))
    Traceback (most recent call last):
    foresight.history.HistoryError: The header lacks: date. It needs customer,date,amount.
    """
    lines = iter(lines)
    header, number = "", 0
    while not header.strip():
        header, number = next(lines, None), number + 1
        if header is None:
            raise HistoryError("The file is empty: it needs customer,date,amount.")
    delimiter = max(DELIMITERS, key=header.count)
    names = [
        name.strip().casefold()
        for name in next(csv.reader([header], delimiter=delimiter))
    ]
    if missing := [name for name in COLUMNS if name not in names]:
        raise HistoryError(
            f"The header lacks: {', '.join(missing)}. It needs {','.join(COLUMNS)}."
        )
    rows = csv.reader(lines, delimiter=delimiter)
    for row in rows:
        if any(cell.strip() for cell in row):
            yield read_sale(dict(zip(names, row, strict=False)), number + rows.line_num)


def read_sale(row, line):
    """Return the ``Sale`` of a row.

    :param dict row: {name of the column: text}
    :param int line: its number in the file
    """
    customer, day, amount = (row.get(name, "").strip() for name in COLUMNS)
    if not customer:
        raise HistoryError(f"Line {line}: there is no customer.")
    try:
        when = date.fromisoformat(day[:10])
    except ValueError:
        raise HistoryError(
            f"Line {line}: {day!r} is no date like 2020-12-31."
        ) from None
    try:
        value = Decimal(amount)
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        raise HistoryError(f"Line {line}: {amount!r} is no amount like 1234.50.")
    return Sale(customer, when, value)


def get_buyers(sales, after, until):
    """Return who bought on the days after one and until another.

    >>> sales = read_rows(["customer,date,amount", "A,2020-01-01,5", "B,2020-01-02,5",
    ...     "C,2020-01-02,-5", "D,2020-01-03,0", "E,2020-01-04,5"])
    >>> get_buyers(sales, date(2020, 1, 1), date(2020, 1, 3))
    {'B'}
    """
    return {s.customer for s in sales if s.amount > 0 and after < s.day <= until}
