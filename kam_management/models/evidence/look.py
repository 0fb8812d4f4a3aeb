"""Which documents are looked at, and the small SQL that all who look have in common."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from odoo.tools import SQL

BASES = [
    ("both", "Confirmed orders, and invoices without an order"),
    ("order", "Confirmed orders"),
    ("invoice", "Posted invoices"),
]


class Look(NamedTuple):
    """Documents of companies that count alike, up to a day; maybe of some partners."""

    company_ids: tuple
    basis: str  # "both", "order" or "invoice"
    digits: int  # decimal places of the currency
    until: date  # the last day
    since: date | None = None  # the first day; None: ever since
    # a query of the ids of the partners whose documents count; None: all
    partners: SQL | None = None
    # a query of the ids of products; lines of others are not asked for; None: of all
    products: SQL | None = None

    def of(self, partner):
        """Return the SQL condition that a document is of these companies' partners.

        :param SQL partner: an expression that yields a partner
        """
        if self.partners is None:
            return SQL("TRUE")
        return SQL("%s IN (%s)", partner, self.partners)

    def selling(self, line, document):
        """Return the SQL condition that a document has lines that are asked for.

        :param str line: the table of lines of documents
        :param str document: the column of a line that says which document it is of
        """
        if self.products is None:
            return SQL("TRUE")
        return SQL(
            "d.res_id IN (SELECT %s FROM %s WHERE product_id IN (%s))",
            SQL.identifier(document),
            SQL.identifier(line),
            self.products,
        )

    def of_product(self, product):
        """Return the SQL condition that a line is of a product that is asked for.

        :param SQL product: an expression that yields a product
        """
        if self.products is None:
            return SQL("TRUE")
        # found once, and known where lines are read, however many tables are joined
        return SQL("%s = ANY(ARRAY(%s))", product, self.products)

    def at(self, moment):
        """Return the SQL condition that a moment, or a date, is within the days.

        :param SQL moment: an expression that yields a timestamp or a date
        """
        until = SQL("%s < %s", moment, after(self.until))
        if self.since is None:
            return until
        return SQL("%s AND %s >= %s", until, moment, self.since)


def after(day: date) -> datetime:
    """Return the first moment after a day, to compare timestamps with.

    >>> after(date(2020, 2, 28))
    datetime.datetime(2020, 2, 29, 0, 0)
    """
    return datetime.combine(day, time()) + timedelta(days=1)


def get_members_sql(customers):
    """Return the SQL of the ids of partners whose documents concern some customers.

    A commercial entity stands for all its contacts.

    :param SQL customers: a query of ids of partners
    """
    return SQL(
        """SELECT member.id FROM res_partner member
            WHERE member.commercial_partner_id IN (%s)""",
        customers,
    )


# Neither our own companies nor those who work here, or did, are customers.
NOBODYS_CUSTOMERS = SQL(
    """SELECT partner_id FROM res_company
       UNION ALL SELECT partner_id FROM res_users WHERE NOT share"""
)
