"""What an indicator is."""

from collections.abc import Callable
from typing import NamedTuple

SUM, AVERAGE, STATE = "sum", "average", "state"
QUOTA, GOAL = "quota", "goal"


class Indicator(NamedTuple):
    """Something measured from evidence: one query says which records make it up.

    ``facts`` is called as a method of ``kam.measure`` with a ``Frame`` and returns the SQL
    of all records of the companies and days in question, whoever they are credited to:

    - company_id, date, user_id (credited to; NULL: nobody), account_id, res_model and
      res_id (the record), value, weight (of a state the share of it, else 1);
    - where ``frame.one_by_one`` is false, rows that count alike may be one row;
    - by_product: categ_id, and buyer (level of the account on that day) if
      ``frame.with_buyer``;
    - by_period: period_id besides, one row per record and period of the table
      ``kam_period``, see ``Calendar``: what is so at the end of date_until.

    Everything else follows from these rows: the figure of a quota or goal, the records
    behind it, the figure without some customers, screens, digest. ``outlook`` returns rows
    of the same kind with a period_id: what is still to come until date_end. Of a sum they
    are added to what is there, of a state they are the whole state at the end. Without
    it a sum goes on at its pace, and anything else stays as it is.

    ``scale`` makes a figure of what the rows add up to, where that takes something of
    the row it is asked for; called with both.
    """

    label: str
    unit: str | None  # None: the currency of the company
    kind: str  # SUM, AVERAGE or STATE
    facts: Callable
    outlook: Callable | None = None
    scale: Callable | None = None
    uses: tuple = (QUOTA,)  # what it is set in
    by_product: bool = False
    by_period: bool = False  # so is every state
    is_count: bool = False  # one of the counts that are to stay in balance
    direction: str = "up"  # more is better, or "down"
    digits: int = 0  # decimal places of targets

    @property
    def adds_up(self):
        """Whether figures of parts of a time add up to that of the whole."""
        return self.kind == SUM and not self.scale

    def figure(self, sums, row):
        """Return what facts make up; None where an average is of nothing.

        :param sums: (value, weight), or None without facts
        :param dict row: what was asked for, see ``kam.measure._measure``
        """
        value, weight = sums or (0.0, 0.0)
        if self.kind == AVERAGE:
            if not weight:
                return None
            value /= weight
        return self.scale(row, value) if self.scale else value
