"""How the SQL of the figures of accounts is put together."""

from odoo.tools import SQL

# How what is known is joined to its account
BY_ACCOUNT = ("account_id",)
BY_CUSTOMER = ("company_id", "partner_id")


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
