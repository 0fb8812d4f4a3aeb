"""What counts as sold once more, as naive as can be: document by document.

It exists to hold the one relation of sales, and all that reads it, against DESIGN's table
"What counts as sold"; so nothing here is clever.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Line:
    """A line of an order: what it says today, and what became of it in invoices."""

    category: int
    ordered: float
    invoiced: list = field(default_factory=list)  # (day, amount, is posted)
    credited: list = field(default_factory=list)  # (day, amount)
    prepaid: list = field(default_factory=list)  # down payments: (day, amount), ± each


@dataclass
class Order:
    """An order of a customer, whoever pays it."""

    day: date
    lines: list
    confirmed: bool = True
    payer: int = 0  # who is invoiced: the customer so many places further on
    # credit notes (day, amount) of the first posted invoice whose lines were replaced
    goodwill: list = field(default_factory=list)

    def first_bill(self):
        """Return the amount of the first posted invoice, None without one."""
        bills = (bill for line in self.lines for bill in line.invoiced)
        return next((amount for _day, amount, posted in bills if posted), None)


@dataclass
class JointInvoice:
    """A posted invoice of all lines of several orders, and of freight nobody ordered."""

    day: date
    orders: list  # not invoiced otherwise
    freight: float = 0  # of the category of the first line

    def category(self):
        return self.orders[0].lines[0].category


@dataclass
class Invoice:
    """An invoice that bills no order, by category; it may be reversed later."""

    day: date
    lines: list  # (category, amount)
    reversed: list = field(default_factory=list)  # (day, amount)


@dataclass
class CreditNote:
    """A credit note that is of no order and reverses no invoice."""

    day: date
    category: int
    amount: float


@dataclass
class Sale:
    """What a document adds to a customer's revenue, in a category."""

    day: date
    amount: float
    category: int
    is_purchase: bool = False  # this row stands for the whole document's purchase


def read_order(order, basis, payer_is_customer):
    """Return (sales of the order's customer, sales of who pays) of an order."""
    own, payers = [], []
    target = own if payer_is_customer else payers
    if basis != "order" and order.first_bill() is not None:
        category = order.lines[0].category
        target += [Sale(day, -amount, category) for day, amount in order.goodwill]
    if basis == "invoice":
        read_bills(order, target)
        return own, payers
    if not order.confirmed:
        return own, payers
    total = sum(line.ordered for line in order.lines)
    for place, line in enumerate(order.lines):
        is_purchase = place == 0 and total > 0
        own.append(Sale(order.day, line.ordered, line.category, is_purchase))
        sign = -1 if line.ordered < 0 else 1
        invoiced = sum(amount for _day, amount, _posted in line.invoiced)
        excess = max(0, sign * (invoiced - line.ordered))
        so_far = 0
        for day, amount in sorted(line.credited, key=lambda credit: credit[0]):
            before = max(0, so_far - excess)
            so_far += sign * amount
            now = max(0, so_far - excess)
            if now != before:
                own.append(Sale(day, -sign * (now - before), line.category))
    return own, payers


def read_bills(order, sales):
    """Add what the posted invoices and credit notes of an order say by themselves."""
    forgiven = sum(amount for _day, amount in order.goodwill)
    for line in order.lines:
        for day, amount, posted in line.invoiced:
            if posted:
                sales.append(Sale(day, amount, line.category, amount > forgiven))
                forgiven = 0  # that was of the first
        for day, amount in line.credited:
            sales.append(Sale(day, -amount, line.category))
        for day, amount in line.prepaid:
            sales.append(Sale(day, amount, None))


def read_invoice(invoice, basis):
    """Return the sales of an invoice without an order, and of what reverses it."""
    if basis == "order":
        return []
    total = sum(amount for _category, amount in invoice.lines)
    whole = bool(invoice.reversed) and sum(a for _d, a in invoice.reversed) >= total
    sales = [
        Sale(invoice.day, amount, category, place == 0 and total > 0 and not whole)
        for place, (category, amount) in enumerate(invoice.lines)
    ]
    first = invoice.lines[0][0]
    return sales + [Sale(day, -amount, first) for day, amount in invoice.reversed]


def read_joint_invoice(invoice, basis):
    """Return the sales of orders that are invoiced together, and of the freight."""
    freight = Sale(invoice.day, invoice.freight, invoice.category(), True)
    if basis == "invoice":
        lines = [line for order in invoice.orders for line in order.lines]
        billed = [Sale(invoice.day, line.ordered, line.category) for line in lines]
        freight.is_purchase = sum(s.amount for s in [*billed, freight]) > 0
        return [*billed, freight]
    sales = [s for order in invoice.orders for s in read_order(order, basis, True)[0]]
    return sales + [freight] * (basis == "both" and invoice.freight > 0)


def read_credit_note(note, basis):
    """Return the sales of a credit note of no order."""
    if basis == "order":
        return []
    return [Sale(note.day, -note.amount, note.category)]


def read(stories, basis):
    """Return the sales of each customer.

    :param list stories: for each customer the documents made for it
    """
    books = [[] for _story in stories]
    for place, story in enumerate(stories):
        for document in story:
            if isinstance(document, Order):
                payer = (place + document.payer) % len(stories)
                own, payers = read_order(document, basis, payer == place)
                books[place] += own
                books[payer] += payers
            elif isinstance(document, Invoice):
                books[place] += read_invoice(document, basis)
            elif isinstance(document, JointInvoice):
                books[place] += read_joint_invoice(document, basis)
            else:
                books[place] += read_credit_note(document, basis)
    return books
