"""What the headers of a mail tell that Odoo does not keep: who wrote it, and when."""

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

# The clock of a sender that differs by more than this is wrong.
CLOCK_TOLERANCE = timedelta(days=2)
BULK = ("auto_reply", "bulk", "junk", "list")
AUTO_REPLIES = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")


def is_automatic(message, own_domains=()) -> bool:
    """Return whether a mail was written by a program, or to a whole list.

    A list of ours is none: it is how many have mail to ``sales@`` come in.

    >>> from email import message_from_string as parse
    >>> is_automatic(parse("Auto-Submitted: auto-replied; owner-email=x"))
    True
    >>> [is_automatic(parse(f"{header}: x")) for header in ("List-Id", "X-Mailer")]
    [True, False]
    >>> [is_automatic(parse(f"Precedence: {how}")) for how in ("Bulk", "first-class")]
    [True, False]
    >>> is_automatic(parse("Auto-Submitted: no")), is_automatic(parse("Return-Path: <>"))
    (False, True)
    >>> group = parse("List-Id: Sales <sales.us.example>\\nPrecedence: list")
    >>> is_automatic(group), is_automatic(group, ["us.example"])
    (True, False)

    :param message: ``email.message.Message``
    :param own_domains: of ours
    """
    group = str(message.get("List-Id", "")).strip().rstrip(">").lower()
    is_own_list = any(group.endswith(f".{domain}") for domain in own_domains)
    return (
        is_bulk(message)
        and not is_own_list
        or _get_word(message, "Auto-Submitted") not in ("", "no")
        or _get_word(message, "Return-Path") == "<>"
        or any(name in message for name in AUTO_REPLIES)
    )


def is_bulk(message) -> bool:
    """Return whether a mail is one of many: of a newsletter, or to a list.

    >>> [is_bulk(headers) for headers in ({"list-unsubscribe": "<x>"}, {"X-Mailer": "x"})]
    [True, False]
    >>> [is_bulk({"Precedence": how}) for how in ("list", "first-class")]
    [True, False]

    :param message: ``email.message.Message``, or a dict of headers
    """
    return _get_word(message, "Precedence") in BULK or any(
        name.lower().startswith("list-") for name in message.keys()
    )


def get_arrival(message, now: datetime) -> datetime:
    """Return when a mail reached our mailbox, in UTC: as the last server noted it.

    >>> from email import message_from_string as parse
    >>> now = datetime(2020, 3, 10)
    >>> get_arrival(parse("Received: by us; Mon, 2 Mar 2020 09:00:00 +0100"), now)
    datetime.datetime(2020, 3, 2, 8, 0)
    >>> get_arrival(parse("Received: by us; some day"), now) == now
    True

    :param message: ``email.message.Message``
    :param now: what stands for it when no server noted it, naive and in UTC
    """
    try:
        noted = str(message["Received"]).rpartition(";")[2]
        arrival = parsedate_to_datetime(noted.strip())
    except (TypeError, ValueError, OverflowError):
        return now
    if arrival.tzinfo:
        arrival = arrival.astimezone(timezone.utc).replace(tzinfo=None)
    return min(arrival, now)


def _get_word(message, name) -> str:
    """Return the first word of a header in small letters, '' when it is not there."""
    return str(message.get(name, "")).partition(";")[0].strip().lower()
