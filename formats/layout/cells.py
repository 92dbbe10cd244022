"""The rows of a CSV stream with their line numbers (RFC 4180 §2, read with tolerance, refused where ambiguous)."""

import csv
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import TextIO

from formats import rules
from formats.findings import Finding, Rule, Source
from formats.layout.heading import fold

DELIMITERS = ",;\t|"
TRAILERS = frozenset({"trailer", "summary", "total"})

Cells = tuple[int, list[str]]


def delimiter(line: str, known: Collection[str]) -> str:
    """Return the delimiter that makes most sense of a header line: Coupa's exports let the customer choose."""
    return max(DELIMITERS, key=lambda mark: sum(fold(cell) in known for cell in line.split(mark)))


def rows(stream: TextIO, file: str, known: Collection[str]) -> Iterator[Cells | Finding]:
    """Yield (line, fields) of each row that is not blank, or a finding where a row cannot be told from the next.

    After a broken quote reading goes on with the next line; what was swallowed is named by its lines.
    """
    skipped, first = leading(stream)
    reader = csv.reader(chain((first,), stream), delimiter=delimiter(first, known), strict=True, skipinitialspace=True)
    line = skipped + 1
    while True:
        try:
            for row in reader:
                if any(row):
                    yield line, row
                line = reader.line_num + skipped + 1
        except csv.Error as error:
            last = reader.line_num + skipped
            yield broken(error, file, line, last)
            line = last + 1
        else:
            return


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
