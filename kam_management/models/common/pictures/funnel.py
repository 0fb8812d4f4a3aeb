"""The customer's own funnel as a picture."""

from .svg import CALM, FAINT, FAIR, element, picture, shorten, text

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


def funnel(title, stages, number, percent):
    """Return the funnel as SVG.

    :param title: what screen readers say
    :param stages: (name, volume, how we help there) from the top down
    :param number: function that writes a volume
    :param percent: function that writes a percentage

    >>> stages = [("Visits", 200, ""), ("Buys", 50, "Training"), ("Again", 75, "")]
    >>> svg = funnel("Funnel", stages, "{:.0f}".format, "{:.0f} %".format)
    >>> "25 %" in svg, "150 %" in svg, "Training" in svg, svg.count("<polygon")
    (True, True, True, 3)
    """
    volumes = [volume for _name, volume, _help in stages]
    shares = widths(volumes)
    parts = []
    for row, (name, volume, help_text) in enumerate(stages):
        top = row * (ROW + GAP)
        below = shares[row + 1] if row + 1 < len(shares) else shares[row]
        parts.append(_slab(top, shares[row], below))
        parts.append(_volume(number(volume) if volume else "?", top))
        parts.append(
            text(shorten(name, 28), NAMES_END, top + ROW / 2 + 4, text_anchor="end")
        )
        if help_text:
            parts.append(
                text(shorten(help_text, 44), HELP_BEGIN, top + ROW / 2 + 4, fill=CALM)
            )
    for row, rate in enumerate(conversions(volumes)):
        if rate is not None:
            y = row * (ROW + GAP) - GAP / 2 + 4
            parts.append(_rate(f"▼ {percent(100 * rate)}", y, rate > 1))
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


def _volume(words, top):
    return text(words, MIDDLE, top + ROW / 2 + 5, text_anchor="middle", size=14)


def _rate(words, y, is_growing):
    """Return the share that gets on; more than all is worth a second look."""
    colour = FAIR if is_growing else CALM
    return text(words, MIDDLE, y, size=11, text_anchor="middle", fill=colour)
