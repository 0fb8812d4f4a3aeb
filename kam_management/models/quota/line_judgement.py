"""The figures of a line of a quota, given the sums of its facts."""

from ..measure import judgement
from ..measure.indicator import AVERAGE


def judge_line(line, indicator, days, today, tolerance):
    """Return the measured fields of a line.

    :param dict line: see ``kam.quota._read_lines``, with sums (value, weight) of its
        facts, outlook and correction; what was reported of the past goes before
    :param indicator: its ``Indicator``
    :param list days: working days of its company, in order
    :param float tolerance: in percent
    """
    begun, target = line["date_start"] <= today, line["target"]
    passed, total = judgement.elapsed(days, line["date_start"], line["date_end"], today)
    figure = line["reported"] or indicator.figure(line["sums"], line) or 0.0
    actual = figure + line["correction"]
    share = passed / total
    expected = judgement.expected(target, share, indicator.adds_up, begun=begun)
    values = {
        "actual": actual,
        "expected": expected,
        "forecast": forecast(line, indicator, figure, passed, total, today)
        + line["correction"],
        "attainment": judgement.percent(actual, target),
        "deviation": judgement.deviation(actual, expected),
        "standing": judgement.standing(actual, expected, target, tolerance, begun),
    }
    if indicator.kind == AVERAGE and not line["sums"][1] and not line["reported"]:
        # an average of nothing says nothing
        values.update(deviation=0.0, standing=False)
    return {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in values.items()
    }


def forecast(line, indicator, figure, passed, total, today):
    """Return the figure to be expected at the end of the period.

    - Over: what it is.
    - With an outlook of open leads: the figure and the outlook; of a state, the outlook
      alone.
    - Else what adds up goes on at its pace, and anything else stays.
    """
    if line["date_end"] < today:
        return figure
    if indicator.outlook:
        return line["outlook"] + (figure if indicator.adds_up else 0)
    if indicator.adds_up:
        return judgement.pace(figure, passed, total)
    return figure
