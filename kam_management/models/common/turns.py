"""Who works on the same thing at the same time takes turns."""

from odoo.tools import SQL


def take_turns(records):
    """Let concurrent transactions about these records go one after the other.

    Each writes a new version of the rows, as they are. PostgreSQL then refuses the later
    transaction, and Odoo tries it again: it sees what the first has made. To lock the
    rows alone would not do, for it would go on with what it saw before.

    :param records: records; those that are not there are left out
    """
    if ids := records.ids:
        records.env.cr.execute(
            SQL(
                "UPDATE %s SET id = id WHERE id IN %s",
                SQL.identifier(records._table),
                tuple(sorted(ids)),
            )
        )
