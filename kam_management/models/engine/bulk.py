"""Fill a table in bulk, as on the first refresh of a database with years of data."""

from contextlib import contextmanager

from odoo.tools import SQL

# Below this, dropping and making indexes anew costs more than it saves.
BULK_ROWS = 2_000


@contextmanager
def bulk_load(cr, table, rows):
    """Load many rows into a table at a fraction of the time.

    A foreign key is checked and an index is kept row by row; done once for all rows
    after loading, that is several times as fast. So both are dropped here and restored
    at the end, in the same transaction: nobody ever sees the table without them. Does
    nothing where the rows to come are few, or where the table has rows already: then
    people work with it, and dropping a key locks the tables it points to. The primary
    key stays.

    :param cr: database cursor
    :param str table: name of the table
    :param int rows: how many rows will be inserted
    """
    if rows < BULK_ROWS or _has_rows(cr, table):
        yield
        return
    constraints, indexes = _get_foreign_keys(cr, table), _get_indexes(cr, table)
    for name, _definition in constraints:
        cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
    for name, _definition, _comment in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    for name, definition, comment in indexes:
        cr.execute(SQL(definition.replace("%", "%%")))
        # Odoo keeps the definition of an index in its comment
        cr.execute(SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), comment))
    for name, definition in constraints:
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s %s",
                SQL.identifier(table),
                SQL.identifier(name),
                SQL(definition),
            )
        )


def _has_rows(cr, table):
    cr.execute(SQL("SELECT EXISTS (SELECT FROM %s)", SQL.identifier(table)))
    return cr.fetchone()[0]


def _get_foreign_keys(cr, table):
    """Return the (name, definition) of the foreign keys of a table."""
    cr.execute(
        """
        SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE conrelid = %s::regclass AND contype = 'f'
        """,
        [table],
    )
    return cr.fetchall()


def _get_indexes(cr, table):
    """Return the (name, definition, comment) of the indexes of a table."""
    cr.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid),
               obj_description(indexrelid, 'pg_class')
          FROM pg_index
         WHERE indrelid = %s::regclass AND NOT indisprimary
        """,
        [table],
    )
    return cr.fetchall()
