from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True)
class Rule:
    """The rule of levels and touches as of a day, for the companies that share it."""

    company_ids: tuple
    months: int  # the window
    minimum: int  # purchases that make an active customer
    basis: str  # "order" or "invoice"
    segments: tuple  # percent of revenue up to which a customer is A, and B
    cadence: tuple  # pairs of (level, segment or "key", days between touches)
    digits: int  # decimal places of the currency
    as_of: date

    @property
    def window_start(self) -> date:
        """The last day before the window; who bought last by then is dormant."""
        return self.as_of - relativedelta(months=self.months)

    @property
    def previous_start(self) -> date:
        """The last day before the window before."""
        return self.as_of - relativedelta(months=2 * self.months)

    @property
    def key(self) -> int:
        """A number that differs between rules under which a history reads differently."""
        history = self.months * 1_000_000 + self.minimum
        return 2 * history + (self.basis == "invoice")


def after(day: date) -> datetime:
    """Return the first moment after a day, to compare timestamps with.

    >>> after(date(2020, 2, 28))
    datetime.datetime(2020, 2, 29, 0, 0)
    """
    return datetime.combine(day, time()) + timedelta(days=1)
