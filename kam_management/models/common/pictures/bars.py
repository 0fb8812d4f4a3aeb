"""Bars side by side: how a figure went, period by period."""

from .svg import CALM, FAINT, element, picture, text

WIDTH, HEIGHT, FLOOR, ROOM = 420, 150, 122, 96


def bars(title, columns):
    """Return bars as an SVG picture; the last one is of a period that still runs.

    What is below nothing (more credited than sold) hangs down from the floor.

    :param columns: list of (label, value, text of the value, key to click on); what
        follows a line break in a label stands in a second line

    >>> print(bars("Sales", [("Q1", 0, "0", None)]).count("<rect"))
    1
    """
    top = max([value for _label, value, _text, _key in columns] + [0])
    bottom = min([value for _label, value, _text, _key in columns] + [0])
    scale = ROOM / (top - bottom) if top > bottom else 0
    floor = FLOOR + bottom * scale
    step = WIDTH / max(len(columns), 1)
    return picture(
        WIDTH,
        HEIGHT,
        title,
        element("line", x1=0, x2=WIDTH, y1=floor, y2=floor, stroke=FAINT),
        *(
            _column(
                index * step,
                step,
                floor,
                value * scale,
                column,
                index == len(columns) - 1,
            )
            for index, column in enumerate(columns)
            for value in [column[1]]
        ),
    )


def _column(left, step, floor, height, column, runs):
    """Return one bar with its labels.

    :param height: of the bar, negative for one that hangs down
    :param runs: whether the period is not over
    """
    label, _value, amount, key = column
    middle = left + step / 2
    return element(
        "g",
        element("title", f"{label}: {amount}"),
        element(
            "rect",
            x=left + step * 0.16,
            y=floor - max(height, 0),
            width=step * 0.68,
            height=abs(height),
            rx=2,
            fill=CALM,
            fill_opacity=0.45 if runs else 1,
        ),
        text(amount, middle, floor - max(height, 0) - 5, 10, text_anchor="middle"),
        *(
            text(line, middle, HEIGHT - 14 + 12 * row, 10, text_anchor="middle")
            for row, line in enumerate(label.split("\n"))
        ),
        data_kam_fact="quarter" if key else None,
        data_kam_key=key,
        style="cursor: pointer" if key else None,
    )
