"""What the log of failed queries keeps to itself: what is typed in about customers.

Odoo logs a query that fails with all its values, and PostgreSQL quotes the row that was
refused. Of statements on tables of ours, and on those that hold what is written on our
records, the shape and the error remain: in this log, and wherever the error is logged on
its way up.
"""

import logging
import re

# Tables of messages, activities and ratings, on records of any model: a row does not
# always say of which. Keys of surveys go through them, too.
ATTACHED = (
    "bus_bus",
    "mail_activity",
    "mail_activity_schedule",
    "mail_compose_message",
    "mail_mail",
    "mail_message",
    "mail_message_translation",
    "mail_scheduled_message",
    "mail_tracking_value",
    "rating_rating",
)
# What is typed in about people on tables of others
PRIVATE_COLUMNS = ("kam_do_not_contact_reason",)
# Statements on these tables are shown without values.
PRIVATE_TABLE = re.compile(
    rf"""\b(?:FROM|JOIN|INTO|UPDATE|ONLY|TABLE|USING)\s+(?:"?public"?\.)?
    (?:"?kam_\w|"(?:{"|".join(ATTACHED)})"|(?:{"|".join(ATTACHED)})\b)""",
    re.IGNORECASE | re.VERBOSE,
)
# What a statement is made of where quotes matter, as PostgreSQL reads it.
TOKENS = re.compile(
    r"""
    (?P<value>[eE]'[^'\\]*(?:(?:''|\\.)[^'\\]*)*(?:'|\Z)
      |'[^']*(?:''[^']*)*(?:'|\Z)
      |\d+(?:\.\d+)?)
    |(?P<comment>--[^\n]*|/\*.*?\*/)
    |(?P<name>"[^"]*"|[^\W\d]\w*)
    """,
    re.DOTALL | re.VERBOSE,
)
# Errors about a value quote it: "invalid input syntax", "out of range" and the like.
DATA_EXCEPTION = "22"


def get_shape(statement: str) -> str:
    r'''Return a statement without its comments and values.

    >>> get_shape("""UPDATE "kam_touch" SET "note" = 'It''s "Ada"', a1 = -1.5 WHERE id = 3""")
    'UPDATE "kam_touch" SET "note" = ?, a1 = -? WHERE id = ?'
    >>> get_shape(r"""INSERT INTO kam_touch VALUES (E'\\ \' Ada', '\', 'Bob') -- don't""")
    'INSERT INTO kam_touch VALUES (?, ?, ?) '
    >>> get_shape("SELECT 'cut off in the middle of Ada")
    'SELECT ?'
    '''

    def replace(token):
        return "?" if token["value"] else token["name"] or ""

    return TOKENS.sub(replace, statement)


def is_private(shape: str) -> bool:
    """Return whether a statement without values works on tables that are private.

    >>> is_private('INSERT INTO "kam_touch" ("note") VALUES (?)')
    True
    >>> is_private("SELECT ? FROM res_partner p LEFT JOIN kam_stakeholder d ON p.id = ?")
    True
    >>> is_private('INSERT INTO "mail_message" ("body") VALUES (?)')
    True
    >>> is_private("SELECT ? FROM public.rating_rating")
    True
    >>> is_private('UPDATE "res_partner" SET "kam_do_not_contact_reason" = ?')
    True
    >>> is_private('UPDATE "res_partner" SET "kam_do_not_contact" = ?')
    False
    >>> is_private('UPDATE "mail_message_subtype" SET "name" = ?')
    False
    """
    names_column = any(column in shape for column in PRIVATE_COLUMNS)
    return names_column or bool(PRIVATE_TABLE.search(shape))


def get_error(error: Exception) -> str:
    """Return what an error says, without the row and the values that it quotes.

    >>> get_error(ValueError("A string cannot contain NUL characters: Ada"))
    'ValueError'
    """
    diagnostics = getattr(error, "diag", None)
    message = getattr(diagnostics, "message_primary", None)
    if not message:
        return type(error).__name__
    if (error.pgcode or "").startswith(DATA_EXCEPTION):
        message = re.sub(r'".*"', '"?"', message, flags=re.DOTALL)
    return message


class PrivateQueries(logging.Filter):
    """Lets all records pass, failed queries on private tables without their values.

    The error is still to be raised: what it says of itself is shortened alike. What
    Odoo tells the user it takes from the diagnostics, which stay.
    """

    def filter(self, record):
        if str(record.msg).startswith("bad query: ") and len(record.args or ()) == 2:
            query, error = record.args
            text = query.decode(errors="replace") if isinstance(query, bytes) else query
            if is_private(shape := get_shape(str(text))):
                message = get_error(error)
                record.args = (shape, message)
                if isinstance(error, Exception):
                    error.args = (message,)
        return True


def install():
    """Have the log of queries filtered, once in a process."""
    logger = logging.getLogger("odoo.sql_db")
    if not any(isinstance(one, PrivateQueries) for one in logger.filters):
        logger.addFilter(PrivateQueries())


install()
