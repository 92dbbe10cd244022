"""Words as an engine reads them: text, place, and how sure the engine is."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from formats.findings import Box


@dataclass(frozen=True, slots=True)
class Word:
    """One word on one page (pages count from 1); ``confidence`` is the engine's own, from 0 to 1."""

    text: str
    box: Box
    confidence: float
    engine: str
    page: int = 1

    @property
    def height(self) -> float:
        """The height of the word's box, as a fraction of the page."""
        return self.box.bottom - self.box.top

    @property
    def middle(self) -> float:
        """The vertical centre of the word."""
        return (self.box.top + self.box.bottom) / 2


def clean(text: str) -> str:
    """The text with compatibility characters (full-width commas, ligatures, thin blanks) made plain."""
    return unicodedata.normalize("NFKC", text)


def around(words: Iterable[Word]) -> Box:
    """The smallest box around all words; there must be at least one."""
    boxes = [word.box for word in words]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def split(text: str, box: Box, confidence: float, engine: str, page: int) -> list[Word]:
    """The words of a line of text, each with its share of the line's box by count of characters."""
    if not text.strip():
        return []
    step = (box.right - box.left) / len(text)
    words, at = [], 0
    for part in text.split():
        at = text.index(part, at)
        place = Box(box.left + at * step, box.top, box.left + (at + len(part)) * step, box.bottom)
        words.append(Word(part, place, confidence, engine, page))
        at += len(part)
    return words
