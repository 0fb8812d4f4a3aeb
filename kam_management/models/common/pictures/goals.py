"""Where the goals of a plan stand, one row each."""

from textwrap import wrap
from typing import NamedTuple

from . import svg

WIDTH, HEAD, ROW = 760, 30, 46
# where the bar and the small course of the year begin, and how wide they are
BAR_X, BAR_WIDTH, COURSE_X, COURSE_WIDTH = 230, 340, 620, 120
COLOURS = {"reached": svg.GOOD, "on_track": svg.CALM, "behind": svg.BAD}


class GoalRow(NamedTuple):
    """What is drawn of one goal."""

    name: str
    figures: str  # actual and target in words
    baseline: float
    expected: float
    actual: float
    target: float
    standing: str  # "reached", "on_track", "behind", or "" before it runs
    course: list = []  # pairs of shares: of the period, of the way to the target


def goals_picture(rows, words):
    """Return the picture of some goals as SVG markup; a word of comfort without any.

    :param rows: ``GoalRow`` tuples
    :param dict words: title, baseline, expected, actual, target, course, empty; and
        as_of where the moment the figures are of is known

    >>> row = GoalRow("Revenue", "60 / 100", 80, 50, 60, 100, "on_track", [(0.25, 0.2)])
    >>> words = dict.fromkeys("title baseline expected actual target course".split(), "w")
    >>> drawn = goals_picture([row], {**words, "empty": "None"})
    >>> drawn.count('class="actual"'), drawn.count('class="course"')
    (1, 1)
    >>> "None" in goals_picture([], {**words, "empty": "None"})
    True
    """
    if not rows:
        return svg.picture(
            WIDTH, 40, words["title"], svg.text(words["empty"], 8, 24, fill=svg.TEXT)
        )
    height = HEAD + ROW * len(rows) + 6
    drawn = [_row(row, HEAD + ROW * number) for number, row in enumerate(rows)]
    return svg.picture(WIDTH, height, words["title"], _legend(words), *drawn)


def _legend(words):
    """Return what the marks mean, in one line over the rows."""
    y = 17
    return svg.element(
        "g",
        svg.text(words.get("as_of", ""), 8, y, 10),
        _mark(BAR_X, y - 4, svg.TEXT, 8),
        svg.text(words["baseline"], BAR_X + 7, y, 10),
        svg.element("rect", x=BAR_X + 74, y=y - 8, width=14, height=8, fill=svg.CALM),
        svg.text(words["actual"], BAR_X + 92, y, 10),
        _mark(BAR_X + 142, y - 4, svg.FAIR, 8),
        svg.text(words["expected"], BAR_X + 149, y, 10),
        _flag(BAR_X + 252, y + 5),
        svg.text(words["target"], BAR_X + 262, y, 10),
        svg.text(words["course"], COURSE_X, y, 10),
    )


def _row(row, y):
    """Return one goal: name and figures, its bar with the marks, its course."""
    scale = _scale(row)
    first, last = scale(min(0, row.actual)), scale(row.actual)
    colour = COLOURS.get(row.standing, svg.CALM)
    # a long name takes two lines
    lines = wrap(row.name, 30, max_lines=2, placeholder="…") or [""]
    top = y + (16 if len(lines) == 1 else 11)
    return svg.element(
        "g",
        *(
            svg.text(line, 8, top + 13 * number, 12, font_weight="bold")
            for number, line in enumerate(lines)
        ),
        svg.text(row.figures, 8, top + 13 * len(lines) + 3, 11),
        svg.element(
            "rect", x=BAR_X, y=y + 12, width=BAR_WIDTH, height=14, fill=svg.FAINT, rx=3
        ),
        svg.element(
            "rect",
            x=first,
            y=y + 12,
            width=max(last - first, 1.0),
            height=14,
            fill=colour,
            rx=3,
            class_="actual",
        ),
        # a baseline of nothing is none
        _mark(scale(row.baseline), y + 19, svg.TEXT, 22) if row.baseline else "",
        _mark(scale(row.expected), y + 19, svg.FAIR, 22),
        _flag(scale(row.target), y + 26),
        _course(row.course, y, colour),
    )


def _scale(row):
    """Return the function from a figure of a goal to its place on the bar.

    >>> place = _scale(GoalRow("", "", 0, 0, 50, 100, ""))
    >>> round(place(0)), round(place(100))
    (230, 554)
    """
    figures = (0, row.baseline, row.expected, row.actual, row.target)
    least, most = min(figures), max(figures)
    # a little air, so that the flag at the end is whole
    span = (most - least) * 1.05 or 1
    return lambda figure: BAR_X + BAR_WIDTH * (figure - least) / span


def _mark(x, y, colour, height):
    """Return a small upright line around a point."""
    half = height / 2
    return svg.element(
        "line", x1=x, y1=y - half, x2=x, y2=y + half, stroke=colour, stroke_width=2.5
    )


def _flag(x, y):
    """Return the flag of a target, its foot at a point."""
    points = f"{x:.1f},{y - 20:.1f} {x + 9:.1f},{y - 16:.1f} {x:.1f},{y - 12:.1f}"
    return svg.element(
        "g",
        svg.element(
            "line", x1=x, y1=y, x2=x, y2=y - 20, stroke=svg.TEXT, stroke_width=1.5
        ),
        svg.element("polygon", points=points, fill=svg.GOOD),
    )


def _course(course, y, colour):
    """Return the small course of a goal over the year; the upper edge is the target."""
    frame = svg.element(
        "rect", x=COURSE_X, y=y + 4, width=COURSE_WIDTH, height=32, fill=svg.FAINT, rx=3
    )
    even = svg.element(
        "line",
        x1=COURSE_X,
        y1=y + 36,
        x2=COURSE_X + COURSE_WIDTH,
        y2=y + 4,
        stroke="#ffffff",
        stroke_width=1.5,
    )
    if not course:
        return svg.element("g", frame, even)
    places = [
        (COURSE_X + COURSE_WIDTH * time, y + 36 - 32 * min(max(way, 0), 1))
        for time, way in course
    ]
    line = svg.element(
        "polyline",
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        fill="none",
        stroke=colour,
        stroke_width=2,
        class_="course",
    )
    dots = [svg.element("circle", cx=x, cy=y, r=3, fill=colour) for x, y in places]
    return svg.element("g", frame, even, line, *dots)
