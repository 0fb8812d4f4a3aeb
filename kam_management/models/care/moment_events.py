"""What starts a key moment, and how long it stands."""

SENT, CONFIRMED, ANNIVERSARY = "sent", "confirmed", "anniversary"
FIRST_DELIVERY, DELIVERY, DELIVERED = "first_delivery", "delivery", "delivered"
INVOICED, PAID, SOLVED = "invoiced", "paid", "solved"

EVENTS = [
    (SENT, "Quotation Sent"),
    (CONFIRMED, "Order Confirmed"),
    (FIRST_DELIVERY, "First Delivery"),
    (DELIVERY, "Each Delivery"),
    (DELIVERED, "Fully Delivered"),
    (INVOICED, "Fully Invoiced"),
    (PAID, "Fully Paid"),
    (ANNIVERSARY, "Anniversary of the Order"),
    (SOLVED, "First Complaint Solved"),
]


def has_happened(event, state, progress, quantity=0):
    """Return whether what a moment of an order is about is so at present.

    :param str state: of the order
    :param Progress progress: see ``kam.evidence``
    :param float quantity: units that were delivered when the moment began

    >>> from collections import namedtuple
    >>> of = namedtuple("Progress", "delivered is_delivered is_invoiced is_paid")
    >>> some = of(5, False, True, False)
    >>> [event for event, _label in EVENTS if has_happened(event, "sale", some)]
    ['sent', 'confirmed', 'first_delivery', 'delivery', 'invoiced', 'anniversary']
    >>> has_happened(DELIVERY, "sale", some, 6), has_happened(PAID, "cancel", some)
    (False, False)
    """
    if event == SENT:
        return state in ("sent", "sale")
    if state != "sale":
        return False
    if event in (FIRST_DELIVERY, DELIVERY):
        return 0 < progress.delivered >= quantity
    return {
        CONFIRMED: True,
        ANNIVERSARY: True,
        DELIVERED: progress.is_delivered,
        INVOICED: progress.is_invoiced,
        PAID: progress.is_paid,
    }.get(event, False)
