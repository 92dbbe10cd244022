"""Which layout a flat file has, told by the names in its header rows."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final

from formats.catalogue import LAYOUTS
from formats.layout import Layout, Row
from formats.layout.cells import delimiter
from formats.layout.heading import fold, likeness, names, share

LOOK: Final = 40  # lines in which all header rows stand
Headers = list[tuple[type[Row], Sequence[str]]]


def first_rows(lines: Iterable[str]) -> tuple[list[list[str]], str]:
    """Return the first rows of a file and its delimiter; a broken row ends them."""
    text = [line.removeprefix("\ufeff") for line in islice(lines, LOOK)]
    known = {name for layout in LAYOUTS.values() for row in layout.rows for name in names(row)}
    first = next((line for line in text if line.strip("\r\n ,;\t|")), "")
    mark = delimiter(first, known)
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(csv.reader(text, delimiter=mark, strict=True, skipinitialspace=True))
    return [row for row in rows if any(row)], mark


def recognise(rows: Sequence[Sequence[str]]) -> type[Layout[Any]] | None:
    """Return the layout that knows most of the header rows among the first rows of a file, None if none does."""
    found = {name: headers(layout, rows) for name, layout in LAYOUTS.items()}
    best = max(found, key=lambda name: sum(likeness(row, cells) * len(cells) for row, cells in found[name]))
    return LAYOUTS[best] if found[best] else None


def headers(layout: type[Layout[Any]], rows: Sequence[Sequence[str]]) -> Headers:
    """Return the header row of each of a layout's types of rows, as far as the rows have them."""
    found: dict[type[Row], Sequence[str]] = {}
    known = {row: names(row) for row in layout.rows}
    for cells in filter(None, rows):
        named = [row for row in layout.rows if row.keyword and fold(row.keyword) == fold(cells[0])]
        row = named[0] if named else max(known, key=lambda row: share(known[row], cells))
        if row not in found and share(known[row], cells) > 0:
            found[row] = cells
    return list(found.items())
