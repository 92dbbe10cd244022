"""Documents laid out as rows, a window of documents at a time and column by column."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, repeat
from typing import Any, Protocol, TextIO

from formats.layout.columns import Column, Keyword, Text
from formats.layout.objects import Values, take
from formats.layout.row import Row

WINDOW = 1000  # documents laid out at a time


class Writer(Protocol):
    """What the csv module's writers do."""

    def writerow(self, row: Iterable[Any], /) -> object:
        """Write one row."""

    def writerows(self, rows: Iterable[Iterable[Any]], /) -> object:
        """Write many rows."""


def csv_writer(stream: TextIO) -> Writer:
    """Return a writer of RFC 4180: every field quoted, lines ended by CR LF."""
    return csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")


def windows(documents: Iterable[Any], size: int = WINDOW) -> Iterator[list[Any]]:
    """Yield lists of up to ``size`` documents."""
    source = iter(documents)
    while window := list(islice(source, size)):
        yield window


def header(row: type[Row]) -> list[str]:
    """Return the names of a row type's columns, spelled as in the template."""
    return [column.name for column in row.fields]


def lay_out(row: type[Row], parts: Sequence[Any], links: Sequence[tuple[Any, ...]], values: Values) -> Iterable[Any]:
    """Return the rows of many parts; ``values`` are the columns that the row type spread by itself."""
    referred = dict(zip(row.links(), zip(*links, strict=True), strict=True)) if links else {}
    others = other_of(row, parts)
    used = set().union(*others)
    counts: dict[str, int] = {}
    columns: list[Iterable[str]] = []
    for column in row.fields:
        if isinstance(column, Keyword):
            columns.append(repeat(row.keyword, len(parts)))
        elif column.link:
            columns.append(referred[column.link])
        elif column.to.endswith("[]"):
            nth = counts[column.to] = counts.get(column.to, -1) + 1
            columns.append(member(column, nth, values, parts))
        elif column.to:
            columns.append(cells(column, values[column.to] if column.to in values else take(column.to, parts)))
        elif column.key in used:
            columns.append([other.get(column.key, "") for other in others])
        else:
            columns.append(repeat("", len(parts)))
    return zip(*columns, strict=False)


def other_of(row: type[Row], parts: Sequence[Any]) -> Sequence[Any]:
    """Return each part's cells without a field: the part itself where it is only that."""
    if row.makes is None:
        return parts
    return [getattr(part, "other", {}) for part in parts]


def cells(column: Column, values: Sequence[Any]) -> Sequence[str]:
    """Return the cells of a column's values."""
    return values if isinstance(column, Text) else list(map(column.format, values))


def member(column: Column, nth: int, values: Values, parts: Sequence[Any]) -> list[str]:
    """Return the nth item of a field that has a column for each of its items."""
    path = column.to[:-2]
    families = values[path] if path in values else take(path, parts)
    return [column.format(family[nth]) if nth < len(family) else "" for family in families]
