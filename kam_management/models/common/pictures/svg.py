"""Small pictures drawn on the server, the same on the screen and on paper."""

from markupsafe import Markup, escape

# Meaning before beauty: the same colour says the same in every picture.
GOOD, FAIR, BAD, CALM, FAINT, TEXT = (
    "#28a745",
    "#e99d00",
    "#d9534f",
    "#5c6bc0",
    "#e9ecef",
    "#495057",
)


def element(tag, *children, **attributes):
    """Return an SVG element as markup; texts are escaped, markup is taken as it is.

    An underscore at the end of an attribute's name is dropped, others become hyphens.

    >>> print(element("text", "A & B", x=1, text_anchor="end", class_="small"))
    <text x="1" text-anchor="end" class="small">A &amp; B</text>
    >>> print(element("line", x1=0, stroke=None))
    <line x1="0"></line>
    """
    named = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), _format(value))
        for name, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup("<{tag}{named}>{inner}</{tag}>").format(
        tag=tag, named=named, inner=inner
    )


def picture(width, height, title, *children):
    """Return an SVG picture that scales with the page, with a title for screen readers.

    >>> print(picture(10, 5, "Empty"))  # doctest: +ELLIPSIS
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5" ...>...Empty...</svg>
    """
    return element(
        "svg",
        element("title", title),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_format(width)} {_format(height)}",
        width="100%",
        role="img",
        font_family="sans-serif",
    )


def text(content, x, y, size=12, fill=TEXT, **attributes):
    """Return a text whose baseline begins at a point."""
    return element("text", content, x=x, y=y, font_size=size, fill=fill, **attributes)


def shorten(words, most):
    """Return a text that fits, with an ellipsis where it was cut.

    >>> shorten("Training of sellers", 9), shorten("Training", 9)
    ('Training…', 'Training')
    """
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _format(value):
    """Return a number with two decimal places at most, anything else as it is."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
