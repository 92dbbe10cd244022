"""A paper: the pages of one scan or PDF, with what can be read on each of them.

Opening looks at the content and never at the name. Whatever is wrong with the file is a finding, never an exception.
The bytes that came in are kept untouched; page images are decoded when they are needed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from PIL import Image

from capture.limits import Limits
from capture.words import Word
from formats.findings import Finding

Words = tuple[Word, ...]
TEXT_LAYER = "textlayer"
HEAD_OVER = 180
TURNS = (HEAD_OVER, 270, 90)
LONG = 3
SENSIBLE = 0.6
BLANK = 1000


class UnreadableError(Exception):
    """A page cannot be had: it is damaged, or drawing it comes to no end."""


class PaperKind(StrEnum):
    """What the bytes of a paper are."""

    PDF = "pdf"
    TIFF = "tiff"
    PNG = "png"
    JPEG = "jpeg"


class Engine(Protocol):
    """Something that reads the words of a picture; boxes are fractions of the picture."""

    name: str

    def read(self, picture: Image.Image, page: int) -> Words:
        """The words of the picture, each marked with the page number that is passed in."""


@dataclass(slots=True)
class Page:
    """One page; its picture is upright and straight, and all boxes are fractions of that picture.

    ``draw`` gives the picture as the file has it; a page that was scanned lying or standing on its head is
    turned when its first reading makes no sense. ``problem`` says why a page cannot be had; then it is blank.
    """

    number: int
    aspect: float
    draw: Callable[[], Image.Image]
    text_layer: Callable[[], Words] = tuple
    _readings: dict[str, Words] = field(default_factory=dict)
    _turn: int = 0
    problem: str = ""

    def picture(self) -> Image.Image:
        """The page as a picture."""
        picture = self._drawn()
        return picture.rotate(self._turn, expand=True) if self._turn else picture

    def words(self) -> Words:
        """The words of the page's text layer; none on a scan."""
        if TEXT_LAYER not in self._readings:
            self._readings[TEXT_LAYER] = self._layer()
        return self._readings[TEXT_LAYER]

    def _layer(self) -> Words:
        try:
            return self.text_layer()
        except UnreadableError as error:
            self.problem = str(error)
            return ()

    def _drawn(self) -> Image.Image:
        """The picture as the file has it, a blank one where it cannot be had; that is tried once."""
        try:
            if not self.problem:
                return self.draw()
        except UnreadableError as error:
            self.problem = str(error)
        return Image.new("RGB", (BLANK, max(1, round(BLANK / self.aspect))), "white")

    def read(self, engine: Engine) -> Words:
        """The words as the engine reads them; an engine reads a page once."""
        if engine.name not in self._readings:
            first = not any(words for name, words in self._readings.items() if name != engine.name)
            words = engine.read(self.picture(), self.number)
            self._readings[engine.name] = (
                self._turned(engine, words) if first and senseless(words, self.aspect) else words
            )
        return self._readings[engine.name]

    def _turned(self, engine: Engine, words: Words) -> Words:
        """The reading of the page turned so that it makes most sense."""
        picture = self._drawn()
        readings, senses = {0: words}, {0: sense(words, self.aspect)}
        level = sum(_level(word, self.aspect) for word in words)
        for turn in TURNS if 2 * level > len(words) else TURNS[::-1]:
            aspect = self.aspect if turn == HEAD_OVER else 1 / self.aspect
            readings[turn] = engine.read(picture.rotate(turn, expand=True), self.number)
            senses[turn] = sense(readings[turn], aspect)
            if not senseless(readings[turn], aspect):
                break
        self._turn = max(senses, key=lambda turn: senses[turn])
        self.aspect = self.aspect if self._turn in {0, HEAD_OVER} else 1 / self.aspect
        return readings[self._turn]


def sense(words: Words, aspect: float) -> float:
    """How much of a reading makes sense: characters of words that the engine is sure of and that lie level."""
    return sum(len(word.text) * word.confidence**2 for word in words if len(word.text) > 1 and _level(word, aspect))


def senseless(words: Words, aspect: float) -> bool:
    """True when words were seen and most of them make no sense, as on a page that lies or stands on its head."""
    seen = sum(len(word.text) for word in words)
    return seen > 0 and sense(words, aspect) < SENSIBLE * seen


def _level(word: Word, aspect: float) -> bool:
    """Whether a word runs across, as long ones show: some engines read lines that run down the page as well."""
    return len(word.text) < LONG or (word.box.right - word.box.left) * aspect > word.height


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it arrived (``original``) and its pages.

    ``embedded_xml`` is the e-invoice inside a hybrid PDF (Factur-X, ZUGFeRD, Order-X and others by file name or root).
    ``findings`` tell what could not be opened although the rest could, for example one damaged page of many.
    """

    name: str
    kind: PaperKind
    original: bytes
    pages: tuple[Page, ...]
    limits: Limits = field(default_factory=Limits)
    embedded_xml: bytes | None = None
    findings: Sequence[Finding] = ()

    def words(self, page: int) -> Words:
        """The text layer of a page, counted from 1."""
        return self.pages[page - 1].words()

    def image(self, page: int) -> Image.Image:
        """The picture of a page, counted from 1, upright and straight, to draw boxes upon."""
        return self.pages[page - 1].picture()
