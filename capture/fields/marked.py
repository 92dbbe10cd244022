"""A sheet with its labels marked, and the search from a label to the values that belong to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from capture.labels import Kind, Label, find
from capture.lines import Segment, Sheet
from capture.templates import Template
from capture.values import writes_comma, writes_month_first
from capture.words import Word

SAME, RIGHT, BELOW = 1.0, 0.95, 0.85
FARTHER = 0.06
ROWS_BELOW = 4
RIGHT_SEGMENTS = 4
ABBREVIATION = 5
GLUED = re.compile(r"[-/]?\d")


@dataclass(frozen=True)
class Stretch:
    """A stretch of a segment in which a value may stand; ``nearness`` falls with the distance from the label."""

    segment: Segment
    start: int
    end: int
    nearness: float

    @property
    def text(self) -> str:
        """The characters of the stretch."""
        return self.segment.text[self.start : self.end]

    def words(self, start: int, end: int) -> tuple[Word, ...]:
        """The words of a part of the stretch."""
        return self.segment.between(self.start + start, self.start + end)


@dataclass(frozen=True)
class Marked:
    """A sheet, the labels in each of its segments, and how it writes numbers and dates, by itself or by a template."""

    sheet: Sheet
    template: Template = field(default_factory=Template)

    @cached_property
    def labels(self) -> dict[int, list[Label]]:
        """The labels by identity of their segment."""
        return {id(segment): find(segment.text, self.template.words) for segment in self.sheet.segments}

    @cached_property
    def comma(self) -> bool | None:
        """Whether amounts are written 1.234,56."""
        told = self.template.comma
        return writes_comma(self.sheet.text) if told is None else told

    @cached_property
    def month_first(self) -> bool:
        """Whether dates are written 03/20/2023."""
        told = self.template.month_first
        return writes_month_first(segment.text for segment in self.sheet.segments) if told is None else told

    def of(self, segment: Segment) -> list[Label]:
        """The labels of a segment."""
        return self.labels[id(segment)]

    def labelled(self, *kinds: Kind) -> Iterator[tuple[Segment, Label]]:
        """The places where labels of these kinds stand, in reading order."""
        for segment in self.sheet.segments:
            for label in self.of(segment):
                if label.kind in kinds:
                    yield segment, label

    def near(self, segment: Segment, label: Label) -> Iterator[Stretch]:
        """Where the label's value may stand: behind it, to its right, below it; the likeliest first."""
        rest = self._behind(segment, label)
        if rest.text.strip(" :.-#"):
            yield rest
        yield from self._right(segment, label)
        yield from self._below(segment)

    def _marks(self, segment: Segment) -> list[Label]:
        """The labels that end a value; what begins with # is a value itself."""
        return [] if segment.text.startswith("#") else self.of(segment)

    def _behind(self, segment: Segment, label: Label) -> Stretch:
        abbreviation = label.end - label.start <= ABBREVIATION
        # in PO445 and RE-17 the abbreviation is a part of the number
        start = label.start if abbreviation and GLUED.match(segment.text, label.end) else label.end
        following = [other.start for other in self.of(segment) if other.start >= label.end and other.kind != label.kind]
        return Stretch(segment, start, min(following, default=len(segment.text)), SAME)

    def _right(self, segment: Segment, label: Label) -> Iterator[Stretch]:
        if any(other.start > label.start and other.kind != label.kind for other in self.of(segment)):
            return
        for distance, other in enumerate(self.sheet.right_of(segment)[:RIGHT_SEGMENTS]):
            marks = self._marks(other)
            end = marks[0].start if marks else len(other.text)
            if other.text[:end].strip():
                yield Stretch(other, 0, end, RIGHT - distance * FARTHER / 2)
            if marks:
                return

    def _below(self, segment: Segment) -> Iterator[Stretch]:
        for other in self.sheet.below(segment, rows=ROWS_BELOW):
            marks = self._marks(other)
            end = marks[0].start if marks else len(other.text)
            if other.text[:end].strip():
                yield Stretch(other, 0, end, BELOW - (other.row - segment.row - 1) * FARTHER)
