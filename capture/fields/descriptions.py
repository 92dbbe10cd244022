"""Descriptions: what stands in words beside the numbers of an item, and in the rows below."""

import re
from collections.abc import Iterator, Sequence

from capture.fields.cells import Cell
from capture.fields.columns import Column, Header, Heading
from capture.fields.marked import Marked
from capture.fields.rows import PARTICULARS, SUMMARY, opens
from capture.labels import Kind
from capture.lines import Segment, overlap
from capture.words import Word

CONTINUED = 4
ROW_GAP = 1.9
INDENT = 0.015
LETTER = 0.025
ENDS = SUMMARY | PARTICULARS | {Kind.CARRIED, Kind.TAX}
OTHER_MATTER = re.compile(r"\d[.,]\d{2}(?!\d)|^[\w .-]{3,25}\s?:")


def describe(marked: Marked, row: int, end: int, header: Header, numbers: Sequence[Cell]) -> tuple[Word, ...]:
    """The words that describe the item on a row: those of the description column, down to the row ``end``.

    Where no heading stands over the description it is what stands to the left of the first number.
    """
    edge = min(cell.box.left for cell in numbers)
    beside = tuple(word for segment in marked.sheet.rows[row] for word in segment.words if word.box.right <= edge)
    heading = header.of(Column.DESCRIPTION) or header.of(Column.ITEM)
    if heading is None:
        return beside
    depth = _depth(header, heading)
    words = tuple(_column(marked, range(row + depth, min(end, row + depth + CONTINUED)), header, heading, numbers))
    on_row = words and any(words[0] in segment.words for segment in marked.sheet.rows[row])
    return words if depth or on_row else beside


def part_number(marked: Marked, row: int, header: Header) -> str:
    """What stands under a heading for item numbers; "" if there is none, or if it is where descriptions stand."""
    heading = header.of(Column.ITEM)
    if heading is None or header.of(Column.DESCRIPTION) is None:
        return ""
    right = _next_heading(header, heading)
    words = (word for segment in marked.sheet.rows[row] for word in _within(segment, heading.box.left, right))
    return " ".join(word.text for word in words)


def _depth(header: Header, heading: Heading) -> int:
    """1 when another heading stands above it, so that descriptions stand a row below their numbers."""
    return int(any(other.depth < heading.depth and overlap(other.box, heading.box) > 0 for other in header.headings))


def _column(marked: Marked, rows: range, header: Header, heading: Heading, numbers: Sequence[Cell]) -> Iterator[Word]:
    """The words of a column from row to row, as long as the rows stand close and speak of the goods."""
    right = _right_edge(header, heading, numbers)
    taken = {word for cell in numbers for word in cell.words}
    top = numbers[0].words[0]
    page, bottom = top.page, top.box.bottom
    for number in rows:
        row = marked.sheet.rows[number]
        if row[0].page != page or row[0].box.top - bottom > ROW_GAP * row[0].height:
            return
        alone = not any(word in taken for segment in row for word in segment.words)
        if number > rows.start and _is_marginal(row, header):
            continue
        words = [word for segment in row for word in _within(segment, heading.box.left, right, alone=alone)]
        if number > rows.start and (opens(marked, row, ENDS) or not words or _other_matter(words)):
            return
        yield from (word for word in words if word not in taken)
        bottom = row[0].box.bottom


def _is_marginal(row: Sequence[Segment], header: Header) -> bool:
    """What stands beside the table, such as an imprint that climbs the margin."""
    left = min(heading.box.left for heading in header.headings) - INDENT
    return all(segment.box.right < left for segment in row)


def _within(segment: Segment, left: float, right: float, *, alone: bool = False) -> Iterator[Word]:
    """The words in a column; on rows without numbers a text that begins in the column may run beyond it."""
    if alone and left - INDENT <= segment.box.left < right:
        yield from segment.words
    else:
        yield from (word for word in segment.words if left - INDENT <= _first_letters(word) < right)


def _first_letters(word: Word) -> float:
    """Where a word begins, give or take a letter."""
    return word.box.left + min((word.box.right - word.box.left) / 2, LETTER)


def _other_matter(words: Sequence[Word]) -> bool:
    """Continuation lines that speak of prices, discounts and packaging rather than of the goods."""
    return bool(OTHER_MATTER.search(" ".join(word.text for word in words)))


def _right_edge(header: Header, heading: Heading, numbers: Sequence[Cell]) -> float:
    """Where the description column ends: at the next heading, or at the numbers that stand out of its left side."""
    right = _next_heading(header, heading)
    nearest = min((cell.box.left for cell in numbers if cell.box.left > heading.box.left), default=1.0)
    return nearest if nearest < right or nearest == 1 else (right + nearest) / 2


def _next_heading(header: Header, heading: Heading) -> float:
    others = (other.box.left for other in header.headings if other.column not in {heading.column, Column.DESCRIPTION})
    return min((left for left in others if left > heading.box.left + LETTER), default=1.0)
