"""How good a ranking is: plain arithmetic."""

from bisect import bisect_left, bisect_right


def auc(scores, lost):
    """Return how often who was lost had a higher score than who was not; ties are a half.

    :param scores: of the customers, the higher the likelier lost
    :param lost: whether each was
    :return: from 0 to 1; 0.5 where there is nobody to compare with

    >>> auc([3, 2, 1], [True, False, False]), auc([1, 2, 3], [True, False, False])
    (1.0, 0.0)
    >>> auc([2, 2, 1, 1], [True, False, True, False])
    0.5
    >>> auc([5, 5, 1], [True, False, False])
    0.75
    >>> auc([1, 2], [True, True]), auc([], [])
    (0.5, 0.5)
    """
    kept = sorted(s for s, gone in zip(scores, lost, strict=True) if not gone)
    gone = [s for s, gone in zip(scores, lost, strict=True) if gone]
    if not kept or not gone:
        return 0.5
    wins = sum(bisect_left(kept, score) + bisect_right(kept, score) for score in gone)
    return wins / (2 * len(kept) * len(gone))


def precision(scores, lost, share=0.1):
    """Return the share of lost ones among those with the highest scores.

    Of those who tie for the last places as many count as there are places, each alike.

    :param float share: of the customers that is looked at; one customer at least

    >>> precision([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [True] + [False] * 9)
    1.0
    >>> precision([1] * 10, [True] * 3 + [False] * 7)
    0.3
    >>> precision([3, 2, 2, 1], [True, True, False, False], share=0.5)
    0.75
    >>> precision([], [])
    0.0
    """
    ranked = sorted(zip(scores, lost, strict=True), key=lambda one: -one[0])
    if not ranked:
        return 0.0
    places = max(1, round(share * len(ranked)))
    limit = ranked[places - 1][0]
    above = [gone for score, gone in ranked if score > limit]
    tied = [gone for score, gone in ranked if score == limit]
    found = sum(above) + (places - len(above)) * sum(tied) / len(tied)
    return found / places


def format_result(ours, recency, lost):
    """Return the line that says how good two rankings of the same customers are.

    >>> format_result([2, 1], [1, 2], [True, False])
    'auc ours=1.000 recency=0.000 precision10 ours=1.00 recency=0.00 n=2 lost=0.50'
    """
    share = sum(lost) / len(lost) if lost else 0
    return (
        f"auc ours={auc(ours, lost):.3f} recency={auc(recency, lost):.3f}"
        f" precision10 ours={precision(ours, lost):.2f}"
        f" recency={precision(recency, lost):.2f} n={len(lost)} lost={share:.2f}"
    )
