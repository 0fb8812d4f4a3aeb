"""The facts of quotas once more, as naive as they can be: day by day, record by record."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from .oracle import History


@dataclass
class Sale:
    """What was bought, or credited (then the amount and the units are negative)."""

    day: date
    amount: float
    units: float
    user: int | None
    category: str


@dataclass
class Customer:
    """What happened to one account, and who led it when."""

    sales: list = field(default_factory=list)
    touches: list = field(default_factory=list)  # (day, user, stars)
    changes: list = field(default_factory=list)  # (from this day on, user or None)

    def leader(self, day):
        """Return who led the account on a day, None for nobody."""
        return next((u for since, u in reversed(self.changes) if since <= day), None)

    def credited(self, day, doer=None):
        """Return who is credited with something of a day: who led, else who did it."""
        leader = self.leader(day)
        return doer if leader is None else leader

    def history(self):
        """Return the history that the levels follow from."""
        purchases = [(sale.day, sale.amount) for sale in self.sales if sale.amount > 0]
        touches = [day for day, _user, _stars in self.touches]
        return History(purchases, touches=touches, months=1)

    def steps(self, today):
        """Return the transitions up to a day as (day, from, to, credited user)."""
        for day, before, after, _days in self.history().log(today):
            causes = [s.user for s in self.sales if s.day == day and s.amount > 0]
            if after == "engaged":
                causes = [user for when, user, _s in self.touches if when == day]
            yield day, before, after, self.credited(day, *causes[:1])


def facts(customer, indicator, start, until, today, categories, buyer):
    """Return the facts of a customer as (credited user, value)."""
    span = [start + timedelta(days=n) for n in range((until - start).days + 1)]
    if indicator == "kept":
        if span and customer.history().level(until) == "active":
            return [(customer.leader(day), 1 / len(span)) for day in span]
        return []
    if indicator in ("won", "engaged"):
        before, after = {
            "won": (("potential", "engaged"), ("new", "active")),
            "engaged": (("potential",), ("engaged",)),
        }[indicator]
        return [
            (user, 1)
            for day, old, new, user in customer.steps(today)
            if day in span and old in before and new in after
        ]
    if indicator in ("touches", "touch_quality"):
        rated = indicator == "touch_quality"
        return [
            (user, stars if rated else 1)
            for day, user, stars in customer.touches
            if day in span and (stars or not rated)
        ]
    return [
        (
            customer.credited(sale.day, sale.user),
            sale.units if indicator == "category_units" else sale.amount,
        )
        for sale in customer.sales
        if sale.day in span
        and (indicator == "revenue" or sale.category in categories)
        and (buyer == "all" or customer.history().level(sale.day) == buyer)
    ]


def figure(customers, indicator, users, start, end, today, categories=(), buyer="all"):
    """Return the figure of some users, of everybody and nobody when None."""
    values = [
        value
        for customer in customers
        for user, value in facts(
            customer, indicator, start, min(end, today), today, categories, buyer
        )
        if users is None or user in users
    ]
    if indicator == "touch_quality":
        # an average of nothing says nothing
        return sum(values) / len(values) if values else None
    return sum(values)
