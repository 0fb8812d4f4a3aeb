from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from ..evidence.look import Look


@dataclass(frozen=True)
class Rule:
    """What accounts are judged by as of a day, for the companies that share it."""

    company_ids: tuple
    months: int  # the window
    minimum: int  # purchases that make an active customer
    basis: str  # what counts as sold, see ``kam.evidence``
    segments: tuple  # percent of revenue up to which a customer is A, and B
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
        bases = {"order": 0, "invoice": 1, "both": 2}
        return 4 * (self.months * 1_000_000 + self.minimum) + bases[self.basis]

    def look(self, since=None, partners=None) -> Look:
        """Return where to look for what was sold up to the rule's day."""
        return Look(
            self.company_ids, self.basis, self.digits, self.as_of, since, partners
        )
