"""Documents laid out as rows, a window of documents at a time and column by column."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TextIO

from formats.formulas import neutral
from formats.layout.columns import Column, Keyword
from formats.layout.objects import Values, take
from formats.layout.row import Row

WINDOW = 200  # documents laid out at a time: few enough to stay in the cache


class Writer(Protocol):
    """What the csv module's writers do."""

    def writerow(self, row: Iterable[Any], /) -> object:
        """Write one row."""

    def writerows(self, rows: Iterable[Iterable[Any]], /) -> object:
        """Write many rows."""


def csv_writer(stream: TextIO, delimiter: str = ",") -> Writer:
    """Return a writer of RFC 4180: every field quoted, lines ended by CR LF."""
    return csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")


@dataclass(frozen=True, slots=True)
class Neutral:
    """A writer whose text cells a spreadsheet never runs."""

    writer: Writer

    def writerow(self, row: Iterable[str], /) -> object:
        """Write one row."""
        return self.writer.writerow(map(neutral, row))

    def writerows(self, rows: Iterable[Iterable[str]], /) -> object:
        """Write many rows."""
        return self.writer.writerows(map(neutral, row) for row in rows)


def people_writer(stream: TextIO) -> Writer:
    """Return a writer of files that people open in a spreadsheet."""
    return Neutral(csv_writer(stream))


def windows(documents: Iterable[Any], size: int = WINDOW) -> Iterator[list[Any]]:
    """Yield lists of up to ``size`` documents."""
    source = iter(documents)
    while window := list(islice(source, size)):
        yield window


def header(row: type[Row]) -> list[str]:
    """Return the names of a row type's columns, spelled as in the template."""
    return [column.name for column in row.written()]


def lay_out(
    row: type[Row], parts: Sequence[Any], links: Sequence[tuple[Any, ...]], values: Values, delimiter: str = ","
) -> list[str]:
    """Return the lines of many parts, each with its line end; ``values`` are the columns that the row type spread.

    Columns that are the same in all rows are written into a template once: most of Coupa's columns are blank.
    """
    told = dict(zip(map(id, row.fields), laid(row, parts, links, values), strict=True))
    columns = [line_up(told[id(column)]) for column in row.written()]
    fixed = ("%s" if isinstance(column, list) else column.replace("%", "%%") for column in columns)
    template = delimiter.join(f'"{text}"' for text in fixed) + "\r\n"
    filled = [column for column in columns if isinstance(column, list)]
    return list(map(template.__mod__, zip(*filled, strict=True))) if filled else [template % ()] * len(parts)


def line_up(column: Sequence[Any]) -> list[str] | str:
    """Return the cells of a column with their quotes doubled; a text where all are that text."""
    if isinstance(column, str) or not any(column):
        return quoted(column) if isinstance(column, str) else ""
    try:
        doubled = '"' in "".join(column)
    except TypeError:  # a value that is not text yet
        column, doubled = ["" if cell is None else str(cell) for cell in column], True
    return list(map(quoted, column)) if doubled else list(column)


def quoted(cell: str) -> str:
    """Return a cell with its quotes doubled (RFC 4180 §2.7)."""
    return cell.replace('"', '""')


def laid(
    row: type[Row], parts: Sequence[Any], links: Sequence[tuple[Any, ...]], values: Values
) -> Iterator[Sequence[Any]]:
    """Yield each column's cells, or a text where all cells are that text."""
    referred = dict(zip(row.links(), zip(*links, strict=True), strict=True)) if links else {}
    others = other_of(row, parts)
    used = set().union(*others)
    counts: dict[str, int] = {}
    for column in row.fields:
        if isinstance(column, Keyword):
            yield row.keyword
        elif column.literal:
            yield column.literal
        elif column.link:
            yield referred[column.link]
        elif column.to.endswith("[]"):
            nth = counts[column.to] = counts.get(column.to, -1) + 1
            yield member(column, nth, values, parts)
        elif column.to:
            yield column.cells(values[column.to] if column.to in values else take(column.to, parts))
        elif (key := column.key) in used:
            yield [other.get(key, "") for other in others]
        else:
            yield ""


def other_of(row: type[Row], parts: Sequence[Any]) -> Sequence[Any]:
    """Return each part's cells without a field: the part itself where it is only that."""
    if row.makes is None:
        return parts
    return [getattr(part, "other", {}) for part in parts]


def member(column: Column, nth: int, values: Values, parts: Sequence[Any]) -> list[str]:
    """Return the nth item of a field that has a column for each of its items."""
    path = column.to[:-2]
    families = values[path] if path in values else take(path, parts)
    return [column.format(family[nth]) if nth < len(family) else "" for family in families]
