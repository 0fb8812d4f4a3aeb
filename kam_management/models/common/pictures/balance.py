"""The three counts of a quota side by side: customers kept, won, potentials engaged."""

from typing import NamedTuple

from . import svg

WIDTH, ROW, BAR_X, BAR_WIDTH = 360, 34, 4, 300
COLOURS = {"ahead": svg.GOOD, "on_track": svg.CALM, "behind": svg.BAD}
# Light or dark, the text is as the page around it.
INK = "currentColor"


class CountRow(NamedTuple):
    """What is drawn of one count."""

    label: str
    actual: float
    expected: float
    target: float
    standing: str  # "ahead", "on_track", "behind", or "" before it runs
    figures: str  # actual and target in words
    mark: str = ""  # what is expected, in words


def balance_picture(title, rows):
    """Return bars as an SVG picture: how much of each target there is.

    The whole width is the target; a mark shows what is expected by today.

    >>> kept = CountRow("Kept", 8, 5, 10, "ahead", "8 / 10", "expected: 5")
    >>> rows = [kept, CountRow("Won", 0, 0, 0, "", "0 / 0")]
    >>> drawn = balance_picture("Balance", rows)
    >>> drawn.count('class="actual"'), "8 / 10" in drawn
    (2, True)
    """
    height = ROW * len(rows)
    drawn = [_row(row, ROW * place) for place, row in enumerate(rows)]
    return svg.picture(WIDTH, height, title, *drawn)


def _row(row, y):
    """Return one count: its name, its figures, its bar."""
    bar = {"y": y + 18, "height": 9, "rx": 4.5}
    expected_x = BAR_X + BAR_WIDTH * _share(row.expected, row.target)
    share = _share(row.actual, row.target)
    return svg.element(
        "g",
        svg.element("title", f"{row.label}: {row.figures}"),
        svg.text(svg.shorten(row.label, 40), BAR_X, y + 13, 12, fill=INK),
        svg.text(row.figures, WIDTH - 2, y + 27, 12, fill=INK, text_anchor="end"),
        svg.element(
            "rect", x=BAR_X, width=BAR_WIDTH, fill=INK, fill_opacity=0.12, **bar
        ),
        svg.element(
            "rect",
            x=BAR_X,
            width=max(BAR_WIDTH * share, 1.0),
            fill=COLOURS.get(row.standing, svg.CALM),
            class_="actual",
            **bar,
        ),
        svg.element(
            "line",
            svg.element("title", row.mark),
            x1=expected_x,
            x2=expected_x,
            y1=y + 15,
            y2=y + 30,
            stroke=svg.FAIR,
            stroke_width=2.5,
        )
        if row.expected
        else "",
    )


def _share(figure, target):
    """Return how much of a target a figure is, from 0 to 1.

    >>> _share(5, 10), _share(20, 10), _share(1, 0), _share(0, 0)
    (0.5, 1, 1.0, 0.0)
    """
    if target <= 0:
        return float(figure > 0)
    return max(0, min(figure / target, 1))
