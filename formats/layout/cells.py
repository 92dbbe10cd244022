"""The rows of a CSV stream with their line numbers (RFC 4180 §2, read with tolerance, refused where ambiguous)."""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import NamedTuple, TextIO

from formats import rules
from formats.findings import Finding, Rule, Source
from formats.layout.heading import fold

DELIMITERS = ",;\t|"
TRAILERS = frozenset({"trailer", "summary", "total"})

SIZE = 1000  # rows taken at a time: enough to pay for converting by columns, few enough to stay in the cache
BREAK = re.compile(r"\r\n|\r|\n")


class Cells(NamedTuple):
    """Rows that follow one another, and the line of the file on which each begins."""

    lines: Sequence[int]
    rows: list[list[str]]


def delimiter(line: str, known: Collection[str]) -> str:
    """Return the delimiter that makes most sense of a header line: Coupa's exports let the customer choose."""
    return max(DELIMITERS, key=lambda mark: sum(fold(cell) in known for cell in line.split(mark)))


def chunks(stream: TextIO, file: str, known: Collection[str]) -> Iterator[Cells | Finding]:
    """Yield the rows that are not blank, many at a time, or a finding where a row cannot be told from the next.

    After a broken quote reading goes on with the next line; what was swallowed is named by its lines.
    """
    skipped, first = leading(stream)
    reader = csv.reader(chain((first,), stream), delimiter=delimiter(first, known), strict=True, skipinitialspace=True)
    line, error = skipped + 1, None
    while True:
        rows: list[list[str]] = []
        try:
            rows.extend(islice(reader, SIZE))  # the rows before a broken one stay
        except csv.Error as broken_off:
            error = broken_off
        end = reader.line_num + skipped + 1
        lines = range(line, end) if end - line == len(rows) else starts(rows, line)
        if any(map(any, rows)):
            yield filled(lines, rows)
        if error:
            yield broken(error, file, lines[len(rows)], end - 1)
        elif len(rows) < SIZE:
            return
        line, error = end, None


def starts(rows: Sequence[Sequence[str]], line: int) -> Sequence[int]:
    """Return the line on which each row begins, and that of the next: line breaks inside quotes count."""
    return list(accumulate((1 + len(BREAK.findall("\0".join(row))) for row in rows), initial=line))


def filled(lines: Sequence[int], rows: list[list[str]]) -> Cells:
    """Return the rows that are not blank."""
    if all(map(any, rows)):
        return Cells(lines[: len(rows)], rows)
    kept = [(line, row) for line, row in zip(lines, rows, strict=False) if any(row)]
    return Cells([line for line, _ in kept], [row for _, row in kept])


def leading(stream: TextIO) -> tuple[int, str]:
    """Return how many blank lines a stream begins with, and the first line that says something."""
    for number, line in enumerate(stream):
        if line.strip("\ufeff\r\n ,;\t|"):
            return number, line.removeprefix("\ufeff")
    return 0, ""


def broken(error: csv.Error, file: str, first: int, last: int) -> Finding:
    """Return the finding for lines that cannot be read."""
    large = "field larger" in str(error)
    rule: Rule = rules.CSV_FIELD_SIZE if large else rules.CSV_UNCLOSED_QUOTE
    what = "a field is too large" if large else "a quote is misplaced or never closed"
    where = f"line {first}" if first == last else f"lines {first} to {last}"
    return Finding(Source(file, first), rule, f"{what}; {where} cannot be read")


def is_trailer(row: Sequence[str]) -> bool:
    """True for a last row such as "Trailer",2,"138.50": Coupa's exports and lockboxes can add one."""
    return fold(row[0]) in TRAILERS and all(not cell.strip() or number(cell) for cell in row[1:])


def number(cell: str) -> bool:
    """True for plain digits with at most one point."""
    return cell.strip().removeprefix("-").replace(".", "", 1).isdecimal()
