"""Stretches of days, from a first to a last one; None is no bound on that side."""

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import NamedTuple

SINCE_EVER, AND_ON = date.min.toordinal(), date.max.toordinal()


class Claim(NamedTuple):
    """Days that a term is to have, and of what."""

    subject: tuple  # of ids
    start: date | None
    end: date | None


def left_over(spell, taken):
    """Return what is left of a spell when others take their days, oldest first.

    >>> from datetime import date
    >>> year = date(2024, 1, 1), date(2024, 12, 31)
    >>> july = date(2024, 7, 1), date(2024, 7, 31)
    >>> [f"{start}..{end}" for start, end in left_over(year, [july])]
    ['2024-01-01..2024-06-30', '2024-08-01..2024-12-31']
    >>> left_over(july, [year]), left_over(july, []) == [july]
    ([], True)
    >>> left_over((None, None), [(None, date(2023, 12, 31))])
    [(datetime.date(2024, 1, 1), None)]
    """
    rest = [_to_numbers(*spell)]
    for first, last in (_to_numbers(*days) for days in taken):
        rest = [
            part
            for start, end in rest
            for part in ((start, min(end, first - 1)), (max(start, last + 1), end))
            if part[0] <= part[1]
        ]
    return [_to_dates(*part) for part in rest]


def find_clash(claims):
    """Return the first subject of which two claims want the same day, or None.

    >>> from datetime import date
    >>> find_clash([Claim((7,), None, date(2024, 1, 1)), Claim((7,), None, None)])
    (7,)
    >>> find_clash([Claim((7,), None, None), Claim((8,), None, None)])
    """
    ordered = sorted((claim.subject, *_to_numbers(*claim[1:])) for claim in claims)
    for (subject, _start, end), (other, start, _end) in pairwise(ordered):
        if subject == other and start <= end:
            return subject
    return None


def by_turns(subjects):
    """Return the places of some subjects in rounds in which each appears once.

    >>> by_turns(["Meyer", "Huber", "Meyer"])
    [[0, 1], [2]]
    """
    rounds, seen = [], Counter()
    for place, subject in enumerate(subjects):
        if seen[subject] == len(rounds):
            rounds.append([])
        rounds[seen[subject]].append(place)
        seen[subject] += 1
    return rounds


def _to_numbers(start, end):
    return (
        start.toordinal() if start else SINCE_EVER,
        end.toordinal() if end else AND_ON,
    )


def _to_dates(first, last):
    return (
        date.fromordinal(first) if first > SINCE_EVER else None,
        date.fromordinal(last) if last < AND_ON else None,
    )
