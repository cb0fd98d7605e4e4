"""Plain text for any width from 40 columns on: words stay whole, figures stand below each other. Pure."""

import textwrap
from collections.abc import Iterable, Mapping

NARROWEST, WIDEST = 40, 76
FIGURE = 7
"""Columns of a figure."""


def wrapped(text: str, width: int) -> str:
    """Lines of at most `width` columns; those that go on are indented."""
    return textwrap.fill(
        text,
        max(width, NARROWEST),
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def counted(title: str, counts: Mapping[str, int], width: int) -> Iterable[str]:
    """A title, and what was counted, by name, with the figures on the right."""
    width = min(max(width, NARROWEST), WIDEST)
    yield ""
    yield title
    for name, count in sorted(counts.items()):
        first, *more = wrapped(name, width - FIGURE).splitlines()
        yield f"{first:<{width - FIGURE}}{count:>{FIGURE}}"
        yield from more
