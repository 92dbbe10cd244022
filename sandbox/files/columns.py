"""The column names of Coupa's flat files, read from columns.txt.

The charge row lists the names of the current template and those of an older live one, because both circulate;
``Category`` of a payment belongs to the newer of two documented layouts.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_REPEATED = re.compile(r"(.*)\{(\d+)\.\.(\d+)\}")


def columns(layout: str, row_type: str = "") -> tuple[str, ...]:
    """Return the columns of one row type, such as ``columns("orders-export", "Line Split")``; KeyError if unknown."""
    return _sections()[f"{layout} {row_type}".strip()]


def row_types(layout: str) -> dict[str, tuple[str, ...]]:
    """Return the columns of every row type of a layout, in the file's order; a plain layout has the row type ''."""
    return {
        name.removeprefix(layout).strip(): found
        for name, found in _sections().items()
        if name == layout or name.startswith(f"{layout} ")
    }


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    text = files("sandbox.files").joinpath("columns.txt").read_text(encoding="utf-8")
    sections: dict[str, tuple[str, ...]] = {}
    for section in text.split("\n[")[1:]:
        title, *names = section.splitlines()
        sections[title.rstrip("]")] = tuple(column for name in names for column in _expand(name))
    return sections


def _expand(name: str) -> Iterator[str]:
    """Yield ``segment-1`` to ``segment-20`` for ``segment-{1..20}``, nothing for a blank line, else the name."""
    if repeated := _REPEATED.fullmatch(name):
        stem, first, last = repeated.groups()
        yield from (f"{stem}{number}" for number in range(int(first), int(last) + 1))
    elif name:
        yield name
