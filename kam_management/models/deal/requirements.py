"""What may have to be known of a deal before one of its steps is done."""


def _has_quotation(lead):
    return any(order.state in ("sent", "sale") for order in lead.order_ids)


def _has_decider(lead):
    return "decides" in lead.kam_stakeholder_ids.role_ids.mapped("code")


# Code of what has to be known, and how one sees that it is, asked of a lead by ``sudo``.
REQUIREMENTS = {
    "need": lambda lead: lead.kam_need == "yes",
    "decider": _has_decider,
    "revenue": lambda lead: lead.expected_revenue > 0,
    "date": lambda lead: bool(lead.date_deadline),
    "quotation": _has_quotation,
}
