"""The header of an item table: which column holds what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from capture.labels import fold
from capture.lines import Segment, Sheet, overlap
from capture.vocabulary import vocabulary
from capture.words import Word, around
from formats.findings import Box


class Column(StrEnum):
    """What a column of an item table holds."""

    POSITION = "position"
    ITEM = "item"
    DESCRIPTION = "description"
    QUANTITY = "quantity"
    UNIT = "unit"
    PRICE = "price"
    BASIS = "basis"
    TAX = "tax"
    DISCOUNT = "discount"
    AMOUNT = "amount"
    OTHER = "other"


STACKED = 3
LEAST = 3
# a table of services often says only what was done and what it costs
BARE = {Column.DESCRIPTION, Column.AMOUNT}


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a table; ``depth`` counts the rows of a header that is several rows high."""

    column: Column
    box: Box
    depth: int


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table; ``row`` is the last row it covers."""

    headings: tuple[Heading, ...]
    row: int

    def of(self, column: Column) -> Heading | None:
        """The heading of a column; the rightmost for amounts, for that is where a row's total stands."""
        found = [heading for heading in self.headings if heading.column is column]
        if column is Column.AMOUNT:
            return max(found, key=lambda heading: heading.box.right, default=None)
        return found[0] if found else None


@cache
def _meaning() -> dict[str, Column]:
    """What a folded heading stands for."""
    meaning: dict[str, Column] = {}
    for column, headings in vocabulary("columns").items():
        for heading in headings:
            meaning.setdefault(fold(heading)[0], Column(column))
    return meaning


def is_heading(text: str) -> bool:
    """Whether a text is made of nothing but the headings of a table."""
    meaning, rest = _meaning(), text.split()
    while rest:
        size = next((n for n in range(min(4, len(rest)), 0, -1) if fold("".join(rest[:n]))[0] in meaning), 0)
        if not size:
            return fold(text)[0] in meaning
        rest = rest[size:]
    return True


def headers(sheet: Sheet) -> Iterator[Header]:
    """The headers of item tables from top to bottom."""
    last = -1
    for number in range(len(sheet.rows)):
        if number <= last:
            continue
        header = _header(sheet, number)
        if header:
            last = header.row
            yield header


def _header(sheet: Sheet, number: int) -> Header | None:
    """The header that begins on a row, if there is one."""
    headings: list[Heading] = []
    last = number
    for row in range(number, min(number + STACKED, len(sheet.rows))):
        found = list(_headings(sheet, row, row - number))
        if not found or sheet.rows[row][0].page != sheet.rows[number][0].page or _has_values(sheet.rows[row]):
            break
        headings += found
        last = row
    return Header(tuple(headings), last) if _is_header(headings) else None


def _is_header(headings: Sequence[Heading]) -> bool:
    """A header names money, something else, and at least two columns on its first row."""
    kinds = {heading.column for heading in headings} - {Column.OTHER}
    first = {heading.column for heading in headings if heading.depth == 0} - {Column.OTHER}
    money = kinds & {Column.AMOUNT, Column.PRICE}
    things = kinds & {Column.DESCRIPTION, Column.QUANTITY, Column.ITEM, Column.POSITION}
    if kinds == BARE:
        return len(headings) == len(BARE) == len(first)
    return bool(money and things) and len(kinds) >= LEAST and len(first) > 1


def _has_values(row: Sequence[Segment]) -> bool:
    return any(re.search(r"\d[.,]\d", segment.text) for segment in row)


def _headings(sheet: Sheet, number: int, depth: int) -> Iterator[Heading]:
    """The headings in a row: whole segments, segments completed by the row above or below, several in one segment."""
    meaning = _meaning()
    for segment in sheet.rows[number]:
        above, below = _over(sheet, segment, -1), _over(sheet, segment, 1)
        own = fold(segment.text)[0]
        for text in (own, above + own, own + below):
            if own and text in meaning:
                yield Heading(meaning[text], segment.box, depth)
                break
        else:
            yield from _several(segment, meaning, depth)


def _over(sheet: Sheet, segment: Segment, step: int) -> str:
    """The letters of the nearest segment above or below, "" if there is none.

    The two halves of a heading may stand half a line above and half a line below the others.
    """
    for number in (segment.row + step, segment.row + 2 * step):
        row = sheet.rows[number] if 0 <= number < len(sheet.rows) else ()
        near = [other for other in row if other.page == segment.page and overlap(other.box, segment.box) > 0]
        if near:
            return fold(near[0].text)[0]
    return ""


def _several(segment: Segment, meaning: dict[str, Column], depth: int) -> Iterator[Heading]:
    """Headings that stand so close together that they look like one text; most of it must be headings."""
    runs: list[tuple[Column, list[Word]]] = []
    known = 0
    words = list(segment.words)
    while words:
        for size in range(min(4, len(words)), 0, -1):
            folded = fold("".join(word.text for word in words[:size]))[0]
            if folded in meaning:
                runs.append((meaning[folded], words[:size]))
                known += size
                break
        else:
            size = 1
        words = words[size:]
    if known * 2 >= len(segment.words):
        for column, run in runs:
            yield Heading(column, around(run), depth)
