"""What is conceded from one set of terms to a later one, line by line.

Terms are what a quotation says: ``lines``, ``untaxed``, ``currency``, ``rate`` (of that
currency, per unit of ours), ``term`` and ``validity``. A line has a ``key`` (the same in
all versions of the quotation), ``product``, ``quantity`` (in the unit it was sent in first),
``price``, ``discount`` (percent), ``subtotal`` without taxes, and ``worth``: of a line that
is free, what it costs usually. Where another product has taken the place of the one before,
``scale`` is how many times as much as that it costs usually.
"""

PRICE, DISCOUNT, EXTRA = "price", "discount", "extra"
VOLUME, TERM, VALIDITY = "volume", "term", "validity"
KINDS = [
    (PRICE, "Price"),
    (DISCOUNT, "Discount"),
    (EXTRA, "Free Extra"),
    (VOLUME, "Smaller Volume"),
    (TERM, "Payment Terms"),
    (VALIDITY, "Validity"),
]


def compare(before, after):
    """Return what is conceded from some terms to later ones.

    - A line whose unit price without taxes falls, after all discounts: the difference
      times the quantity of today. Shared out between price and discount by what each of
      them has changed; a rise of the one makes up for a fall of the other.
    - A line below zero, as a discount on the whole quotation is: by how much it is lower.
    - A line that is free, new or with a larger quantity: what that costs usually.
    - Less of a line at the same unit price or a lower one: no value, but told.
    - Another product in place of the one before: it is compared with what it would cost
      were it as cheap as that one was, measured by what both cost usually. Nothing where
      one of them has no usual price.
    - A line added at a price, and one removed: no concession.

    Lines are the same by their key and product; else by their product: what is removed
    and put in again is the same, and what is split off costs what it was split off from.
    Compared is without taxes: a price that includes them now and is the same without them
    concedes nothing, and neither does the rounding of a line.

    :param dict before: terms
    :param dict after: terms
    :return: {(kind, key of the line): value in the currency of the later terms}

    >>> def terms(*lines):
    ...     names = "key", "product", "quantity", "price", "discount", "subtotal", "worth"
    ...     return {"rate": 1, "lines": [dict(zip(names, line)) for line in lines]}
    >>> first = terms(("1", 7, 10, 100, 0, 1000, 0), ("2", 8, 1, 50, 0, 50, 0))
    >>> compare(first, terms(("1", 7, 10, 90, 0, 900, 0)))
    {('price', '1'): 100.0}
    >>> compare(first, terms(("1", 7, 10, 100, 5, 950, 0), ("2", 8, 1, 60, 0, 60, 0)))
    {('discount', '1'): 50.0}
    >>> compare(first, terms(("1", 7, 5, 80, 10, 360, 0)))
    {('price', '1'): 100.0, ('discount', '1'): 40.0, ('volume', '1'): 0.0}
    >>> compare(first, terms(("3", 7, 10, 99, 0, 990, 0), ("4", 9, 2, 0, 0, 0, 30)))
    {('price', '3'): 10.0, ('extra', '4'): 60}
    >>> compare(first, terms(*[("1", 7, 10, 100, 0, 1000, 0), ("5", 6, 1, -80, 0, -80, 0)]))
    {('discount', '5'): 80.0}
    >>> compare(first, terms(("1", 7, 10, 110, 10, 990, 0)))
    {('discount', '1'): 10.0}
    >>> compare(first, terms(("1", 7, 6, 100, 0, 600, 0), ("6", 7, 4, 10, 0, 40, 0)))
    {('volume', '1'): 0.0, ('price', '6'): 360.0}
    >>> other = terms(("1", 9, 10, 180, 0, 1800, 0))
    >>> other["lines"][0]["scale"] = 2
    >>> compare(first, other)
    {('price', '1'): 200.0}
    >>> compare(first, first), compare(first, terms())
    ({}, {})
    """
    rate, found = get_rate(before, after), {}
    for old, new in pair(before["lines"], after["lines"]):
        found.update(_compare_lines(old, new, rate, after.get("rounding", 0)))
    return {what: round(value, 6) for what, value in found.items()}


def get_base(before, after, found):
    """Return what of the first version is sold now, at its prices: all percents are of it.

    Lines that concede something count with the quantity of today, others with what was
    offered first at most: neither new lines nor more of another make a percent smaller.

    :param dict before: terms of the first version
    :param dict after: terms
    :param found: what is conceded, see ``compare``
    :return: amount in the currency of the later terms

    >>> names = "key", "product", "quantity", "subtotal"
    >>> lines = ((1, 7, 10, 1000), (2, 8, 1, 50)), ((1, 7, 20, 1800), (2, 8, 9, 450))
    >>> first, now = [
    ...     {"rate": 1, "lines": [dict(zip(names, line)) for line in some]} for some in lines
    ... ]
    >>> get_base(first, now, {("price", 1): 200})
    2050.0
    """
    rate, conceding = get_rate(before, after), {key for _kind, key in found}
    base = 0.0
    for old, new in pair(before["lines"], after["lines"]):
        if not old or old["quantity"] <= 0:
            continue
        share = new["quantity"] / old["quantity"]
        if new["key"] not in conceding or old["subtotal"] < 0:
            share = min(share, 1)
        base += old["subtotal"] * rate * max(share, 0)
    return base


def get_rate(before, after):
    """Return by what amounts of some terms are multiplied to compare them with later ones.

    In one currency a rate that moves concedes nothing.
    """
    is_same = before.get("currency") == after.get("currency")
    return 1.0 if is_same else after["rate"] / before["rate"]


def pair(before, after):
    """Return [(line before or None, line after)] of all lines there are now."""
    by_key = {line["key"]: line for line in before}
    pairs, new = [], []
    for line in after:
        old = by_key.get(line["key"])
        if old and old["product"] == line["product"]:
            pairs.append((old, line))
            del by_key[line["key"]]
        elif old and line.get("scale") and old["subtotal"] > 0:
            pairs.append((_put_in_place(old, line), line))
            del by_key[line["key"]]
        else:
            new.append(line)
    left = list(by_key.values())
    for line in new:
        old = next((one for one in left if one["product"] == line["product"]), None)
        if old:
            left.remove(old)
        pairs.append((old or _split_off(before, line), line))
    return pairs


def _split_off(before, line):
    """Return as much of a line before as a new one of the same product has; or None."""
    old = next((one for one in before if one["product"] == line["product"]), None)
    if not old or not line["product"] or old["quantity"] <= 0 or old["subtotal"] <= 0:
        return None
    share = line["quantity"] / old["quantity"]
    return {**old, "quantity": line["quantity"], "subtotal": old["subtotal"] * share}


def _put_in_place(old, line):
    """Return what the product that takes the place of another would have cost like it."""
    price, subtotal = old["price"] * line["scale"], old["subtotal"] * line["scale"]
    return {**old, "price": price, "subtotal": subtotal}


def _compare_lines(old, new, rate, rounding):
    key = new["key"]
    if new["subtotal"] < 0:
        lower = (old["subtotal"] if old else 0) * rate - new["subtotal"]
        return {(DISCOUNT, key): lower} if lower > 0 else {}
    if new["quantity"] <= 0:
        return {}
    if not new["subtotal"] and not (old and old["subtotal"]):
        more = new["quantity"] - (old["quantity"] if old else 0)
        return {(EXTRA, key): more * new["worth"]} if more * new["worth"] > 0 else {}
    if not old or old["quantity"] <= 0 or old["subtotal"] < 0:
        return {}
    unit_before = old["subtotal"] / old["quantity"] * rate
    unit = new["subtotal"] / new["quantity"]
    value = (unit_before - unit) * new["quantity"]
    # half a cent on either line, times so much as the quantity has grown
    noise = rounding / 2 * (1 + new["quantity"] / old["quantity"])
    found = _share_out(old, new, rate, value if value > noise else 0)
    if new["quantity"] < old["quantity"] and value >= -max(noise, 1e-9):
        found[VOLUME, key] = 0.0
    return found


def _share_out(old, new, rate, value):
    """Return {(kind, key): value}: of price and discount, what each has given away."""
    if value <= 1e-9:
        return {}
    price = (old["price"] * rate - new["price"]) * (1 - old["discount"] / 100)
    discount = new["price"] * (new["discount"] - old["discount"]) / 100
    shares = {PRICE: max(price, 0), DISCOUNT: max(discount, 0)}
    total = sum(shares.values())
    if not total:
        return {(PRICE, new["key"]): value}
    return {
        (kind, new["key"]): value * share / total
        for kind, share in shares.items()
        if share
    }
