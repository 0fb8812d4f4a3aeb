"""The customer's own funnel as a picture."""

from .svg import CALM, FAINT, FAIR, element, picture, text

# names to the left, the funnel in the middle, our help to the right
WIDTH, ROW, GAP = 760, 40, 20
MIDDLE, WIDEST, NARROWEST = 330, 280, 60
NAMES_END, HELP_BEGIN = 180, 485


def widths(volumes):
    """Return the width of each stage as a share of the widest, never nothing.

    >>> widths([200, 100, 0])
    [1.0, 0.5, 0.0]
    >>> widths([0, 0])
    [0.0, 0.0]
    """
    most = max(volumes, default=0)
    return [volume / most if most else 0.0 for volume in volumes]


def conversions(volumes):
    """Return how many of the stage before got to each; None where that is unknown.

    >>> conversions([400, 100, 0, 25, 50])
    [None, 0.25, None, 0.25, 2.0]
    """
    result, before = [], 0
    for volume in volumes:
        result.append(volume / before if before and volume else None)
        before = volume or before
    return result


def funnel(title, stages):
    """Return the funnel as SVG.

    :param title: what screen readers say
    :param stages: (name, volume, how we help there) from the top down

    >>> svg = funnel("His funnel", [("Visits", 200, ""), ("Buys", 50, "Training")])
    >>> "25 %" in svg and "Training" in svg and svg.count("<polygon") == 2
    True
    >>> "150 %" in funnel("", [("A", 100, ""), ("B", 150, "")])
    True
    """
    volumes = [volume for _name, volume, _help in stages]
    shares = widths(volumes)
    parts = []
    for row, (name, volume, help_text) in enumerate(stages):
        top = row * (ROW + GAP)
        below = shares[row + 1] if row + 1 < len(shares) else shares[row]
        parts.append(_slab(top, shares[row], below))
        parts.append(_volume(volume, top))
        parts.append(
            text(_cut(name, 28), NAMES_END, top + ROW / 2 + 4, text_anchor="end")
        )
        if help_text:
            parts.append(
                text(_cut(help_text, 44), HELP_BEGIN, top + ROW / 2 + 4, fill=CALM)
            )
    for row, rate in enumerate(conversions(volumes)):
        if rate is not None:
            parts.append(_rate(rate, row * (ROW + GAP) - GAP / 2 + 4))
    height = len(stages) * (ROW + GAP) - GAP
    return picture(WIDTH, max(height, 1), title, *parts)


def _slab(top, share, below):
    """Return the shape of a stage, narrowing towards the next one."""
    upper, lower = (max(part * WIDEST, NARROWEST) / 2 for part in (share, below))
    lower = min(lower, upper)
    corners = (
        (MIDDLE - upper, top),
        (MIDDLE + upper, top),
        (MIDDLE + lower, top + ROW),
        (MIDDLE - lower, top + ROW),
    )
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return element("polygon", points=points, fill=FAINT, stroke=CALM)


def _volume(volume, top):
    amount = f"{volume:,.0f}".replace(",", " ") if volume else "?"
    return text(amount, MIDDLE, top + ROW / 2 + 5, text_anchor="middle", size=14)


def _rate(rate, y):
    """Return the share that gets on; more than all is worth a second look."""
    return text(
        f"▼ {rate:.0%}".replace("%", " %"),
        MIDDLE,
        y,
        size=11,
        text_anchor="middle",
        fill=FAIR if rate > 1 else CALM,
    )


def _cut(words, length):
    """Shorten a text.

    >>> _cut("Training of sellers", 9)
    'Training…'
    """
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
