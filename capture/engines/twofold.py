"""Two models on one page: a fast one reads every line, a better one reads those again that the first is unsure of."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from PIL import Image

from capture.paper import Engine, Words
from capture.strip import Strip
from capture.words import Word, around
from formats.findings import Box

SURE = 0.95
SURE_OF_FIGURES = 0.99  # a wrong letter leaves a word legible, a wrong figure is another amount
ASIDE, ABOVE = 0.4, 0.25  # of a line's height: the white around it, without which engines misread its ends


class Twofold:
    """An engine made of two that find words line by line; what only the fast one sees is kept, however unsure it is."""

    name = "twofold"

    def __init__(self, fast: Engine, better: Engine) -> None:
        self._fast = fast
        self._better = better

    def read(self, picture: Image.Image, page: int) -> Words:
        """The words of the picture."""
        lines = [tuple(line) for _, line in groupby(self._fast.read(picture, page), key=_line)]
        doubtful = [around(line) for line in lines if _doubtful(line)]
        if not doubtful:
            return tuple(word for line in lines for word in line)
        again = Strip.around(doubtful, ABOVE).read(_only(picture, doubtful), page, self._better)
        kept = (word for line in lines for word in line if not (_doubtful(line) and _replaced(word, again)))
        return (*kept, *again)


def _line(word: Word) -> tuple[float, float, float]:
    """What the words of one line have in common."""
    return word.box.top, word.box.bottom, word.confidence


def _doubtful(line: Words) -> bool:
    figures = any(char.isdigit() for word in line for char in word.text)
    return line[0].confidence < (SURE_OF_FIGURES if figures else SURE)


def _only(picture: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """The picture with nothing on it but what stands in the boxes."""
    bare = Image.new(picture.mode, picture.size, "white")
    width, height = picture.size
    for box in boxes:
        aside = ASIDE * (box.bottom - box.top) * height
        left, right = max(0, round(box.left * width - aside)), min(width, round(box.right * width + aside))
        place = left, max(0, round(box.top * height)), right, min(height, round(box.bottom * height))
        bare.paste(picture.crop(place), place)
    return bare


def _replaced(word: Word, again: Sequence[Word]) -> bool:
    """Whether the better engine read something where this word stands."""
    return any(
        word.box.left < other.box.right
        and other.box.left < word.box.right
        and word.box.top < other.middle < word.box.bottom
        for other in again
    )
