"""Words become rows and segments: what stands beside what, and what stands below it."""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from capture.words import Word, around, clean
from formats.findings import Box

COLUMN_GAP = 0.9
LEVEL = 0.5
TALLER = 2.2
SCALES = 2  # powers of two by which a word may be taller than another and still stand level: TALLER is below four


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

    @cached_property
    def _starts(self) -> list[int]:
        """Where each word begins in ``text``."""
        return list(accumulate((len(word.text) + 1 for word in self.words[:-1]), initial=0))

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that have characters of ``text[start:end]``; all words if none has."""
        first = bisect_right(self._starts, start) - 1
        if first >= 0 and self._starts[first] + len(self.words[first].text) <= start:
            first += 1
        return self.words[max(first, 0) : bisect_left(self._starts, end)] or self.words


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

    @property
    def front(self) -> int:
        """The number of the first page that is read."""
        return self.segments[0].page if self.segments else 1

    def behind(self, page: int) -> "Sheet":
        """The rows of this page and those after it."""
        rows = [row for row in self.rows if row[0].page >= page]
        return Sheet(tuple(tuple(replace(one, row=number) for one in row) for number, row in enumerate(rows)))

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
    ends: dict[tuple[int, int], set[int]] = defaultdict(set)
    for word in sorted(words, key=lambda word: word.box.left):
        near = [number for place in _places(word) for number in ends.get(place, ())]
        best = max(near, key=lambda number: (_level(rows[number][-1], word), -number), default=None)
        if best is None or _level(rows[best][-1], word) < LEVEL:
            best = len(rows)
            rows.append([])
        else:
            ends[_place(rows[best][-1])].discard(best)
        rows[best].append(word)
        if word.height > 0:
            ends[_place(word)].add(best)
    return sorted(rows, key=lambda row: min(word.middle for word in row))


def _place(word: Word) -> tuple[int, int]:
    """The band that a word's middle lies in, among bands about as high as the word: a page may have many rows."""
    scale = math.frexp(word.height)[1]
    return scale, math.floor(math.ldexp(word.middle, -scale))


def _places(word: Word) -> Iterator[tuple[int, int]]:
    """The bands in which a word that stands level with this one may have its middle."""
    if word.height <= 0:
        return
    own = math.frexp(word.height)[1]
    for scale in range(own - SCALES, own + SCALES + 1):
        reach = (word.height + math.ldexp(1.0, scale)) / 2
        first, last = (math.floor(math.ldexp(word.middle + side, -scale)) for side in (-reach, reach))
        for band in range(first, last + 1):
            yield scale, band


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
