"""What counts as a contact: the words for it, and the small SQL that all who look share.

What the queries of ``kam.evidence`` mean together stands with each.
"""

from datetime import datetime

from odoo.tools import SQL

from .colleagues import is_colleague

CHANNELS = [
    ("phone", "Phone"),
    ("meeting", "Meeting"),
    ("email", "Email"),
    ("letter", "Letter"),
    ("event", "Event"),
    ("newsletter", "Newsletter"),
    ("brochure", "Brochure"),
    ("pr", "PR and Advertising"),
    ("other", "Other"),
]
# Nothing was recorded before: an earlier date is a slip.
EARLIEST = datetime(1970, 1, 1)
# A mail to more customers than these is no contact with any of them, unless it belongs
# to a planned communication. Nor are more mails alike within an hour, or sent at once.
MAX_RECIPIENTS = 20
# A mail that is in this state has not reached anybody: it waits, or it failed.
UNSENT = ("bounce", "canceled", "exception", "process", "ready")
UNSENT_MAILS = ("cancel", "exception", "outgoing")


def get_last_message_sql():
    """Return the SQL of the id of the last message there is, or NULL."""
    return SQL("SELECT max(id) FROM mail_message")


def get_next_messages_sql(after, limit):
    """Return the SQL of how many messages come next, and the id of the last of them.

    :param int after: those with a greater id
    :param int limit: the most there may be
    """
    return SQL(
        """
        SELECT count(*), max(id) FROM (
            SELECT id FROM mail_message WHERE id > %s ORDER BY id LIMIT %s
        ) batch
        """,
        after,
        limit,
    )


def get_late_messages_sql(first, last, since):
    """Return the SQL of whether there may be messages that were committed late.

    :param int first: of messages with a greater id
    :param int last: up to this one
    :param datetime since: begun to be written then, or later
    """
    return SQL(
        """
        SELECT EXISTS (SELECT FROM mail_message
                        WHERE id > %s AND id <= %s AND create_date >= %s)
        """,
        first,
        last,
        since,
    )


def get_guests_sql(event):
    """Return the SQL of who outside came to a meeting: invited, and did not decline.

    Where more customers are invited than may be met in person, it is who said that they
    come: the others were only told.

    Columns: id, commercial_partner_id, company_id.

    :param SQL event: an expression that yields the id of a ``calendar.event``
    """
    return SQL(
        """
        SELECT id, commercial_partner_id, company_id
          FROM (SELECT invited.*, max(place) OVER () AS customers
                  FROM (
            SELECT p.id, p.commercial_partner_id, p.company_id, guest.state,
                   dense_rank() OVER (ORDER BY p.commercial_partner_id) AS place
              FROM calendar_attendee guest
              JOIN res_partner p ON p.id = guest.partner_id AND NOT %(is_colleague)s
             WHERE guest.event_id = %(event)s
               AND guest.state IS DISTINCT FROM 'declined') invited
               ) counted
         WHERE customers <= %(most)s OR state IN ('accepted', 'tentative')
        """,
        is_colleague=is_colleague(SQL("p")),
        event=event,
        most=MAX_RECIPIENTS,
    )


def get_people_sql(contacts):
    """Return the SQL of who took part in some contacts: id (of the contact), partner_id.

    That is the one it was with, the guests of the meeting and those who received the
    mail, as far as they are of this customer.

    :param SQL contacts: a query of id, partner_id, customer_id (commercial entity, or
        NULL), direction, message_id, event_id
    """
    return SQL(
        """
        WITH contact AS (%(contacts)s)
        SELECT id, partner_id FROM contact WHERE partner_id IS NOT NULL
        UNION
        SELECT c.id, guest.id
          FROM contact c
         CROSS JOIN LATERAL (%(guests)s) guest
         WHERE c.customer_id IS NULL OR guest.commercial_partner_id = c.customer_id
        UNION
        SELECT c.id, p.id
          FROM contact c
          JOIN mail_notification n ON n.mail_message_id = c.message_id
           AND n.notification_status NOT IN %(unsent)s
          JOIN res_partner p ON p.id = n.res_partner_id AND %(is_theirs)s
         WHERE c.direction = 'out'
        UNION
        SELECT c.id, p.id
          FROM contact c
          JOIN mail_message_res_partner_rel rel ON rel.mail_message_id = c.message_id
          JOIN res_partner p ON p.id = rel.res_partner_id AND %(is_theirs)s
         WHERE c.direction = 'out' AND NOT EXISTS (
            SELECT FROM mail_notification n
             WHERE n.mail_message_id = c.message_id
               AND n.res_partner_id = rel.res_partner_id)
        """,
        contacts=contacts,
        guests=get_guests_sql(SQL("c.event_id")),
        is_theirs=SQL(
            """
            CASE WHEN c.customer_id IS NULL THEN NOT %s
                 ELSE p.commercial_partner_id = c.customer_id END
            """,
            is_colleague(SQL("p")),
        ),
        unsent=UNSENT,
    )
