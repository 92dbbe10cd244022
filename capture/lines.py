"""Words become rows and segments: what stands beside what, and what stands below it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from capture.words import Word, around, clean
from formats.findings import Box

COLUMN_GAP = 0.9
LEVEL = 0.5
TALLER = 2.2


@dataclass(frozen=True)
class Segment:
    """Words that stand close together on one row; ``row`` counts all rows of a reading from 0."""

    words: tuple[Word, ...]
    row: int

    @cached_property
    def text(self) -> str:
        """The words with one blank between them."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def box(self) -> Box:
        """The box around the words."""
        return around(self.words)

    @property
    def page(self) -> int:
        """The page the segment is on."""
        return self.words[0].page

    @property
    def height(self) -> float:
        """The height of a typical word, as a fraction of the page."""
        return sorted(word.height for word in self.words)[len(self.words) // 2]

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that have characters of ``text[start:end]``; all words if none has."""
        found, at = [], 0
        for word in self.words:
            if at < end and at + len(word.text) > start:
                found.append(word)
            at += len(word.text) + 1
        return tuple(found) or self.words


@dataclass(frozen=True)
class Sheet:
    """All rows of a reading of all pages, from top to bottom; a row is its segments from left to right."""

    rows: tuple[tuple[Segment, ...], ...]

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """All segments in reading order."""
        return tuple(segment for row in self.rows for segment in row)

    @cached_property
    def text(self) -> str:
        """The text, a line for each row."""
        return "\n".join("  ".join(segment.text for segment in row) for row in self.rows)

    def right_of(self, segment: Segment) -> tuple[Segment, ...]:
        """The segments of the same row to the right, nearest first."""
        row = self.rows[segment.row]
        return row[row.index(segment) + 1 :]

    def below(self, segment: Segment, *, rows: int = 3) -> Iterator[Segment]:
        """The segments under this one in the next rows of the page, nearest row first."""
        for row in self.rows[segment.row + 1 : segment.row + 1 + rows]:
            for other in row:
                if other.page == segment.page and overlap(segment.box, other.box) > 0:
                    yield other


def overlap(one: Box, other: Box) -> float:
    """How far two boxes share the same columns of the page, negative if they do not."""
    return min(one.right, other.right) - max(one.left, other.left)


def sheet(pages: Iterable[tuple[Sequence[Word], float]]) -> Sheet:
    """The rows of pages, each given as its words and its width divided by its height."""
    rows: list[tuple[Segment, ...]] = []
    for words, aspect in pages:
        for row in _rows([replace(word, text=clean(word.text)) for word in words]):
            rows.append(tuple(_segments(row, aspect, len(rows))))
    return Sheet(tuple(rows))


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words are taken from left to right and join the row whose last word stands level with them."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.left):
        row = max(rows, key=lambda row: _level(row[-1], word), default=None)
        if row is None or _level(row[-1], word) < LEVEL:
            rows.append([word])
        else:
            row.append(word)
    return sorted(rows, key=lambda row: min(word.middle for word in row))


def _level(left: Word, right: Word) -> float:
    """How much of the smaller word's height lies beside the other word."""
    small, large = sorted((left.height, right.height))
    if small <= 0 or large > TALLER * small:
        return 0.0
    return (min(left.box.bottom, right.box.bottom) - max(left.box.top, right.box.top)) / small


def _segments(row: list[Word], aspect: float, number: int) -> Iterator[Segment]:
    run: list[Word] = []
    for word in row:
        if run and (word.box.left - run[-1].box.right) * aspect > COLUMN_GAP * max(word.height, run[-1].height):
            yield Segment(tuple(run), number)
            run = []
        run.append(word)
    if run:
        yield Segment(tuple(run), number)
