"""Strips: the rows of a page that are worth a second look, cut out and put one below the other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from capture.paper import Engine, Words
from formats.findings import Box

AROUND = 0.75  # of a value's height, above it and below it
GAP = 8  # white pixels between two bands, so that no engine takes them for one


@dataclass(frozen=True, slots=True)
class Strip:
    """Bands of a page over its whole width, as fractions of its height; none overlaps another."""

    bands: tuple[tuple[float, float], ...]

    @classmethod
    def around(cls, boxes: Iterable[Box], more: float = AROUND) -> "Strip":
        """The bands that the boxes stand in, with so much more above and below as a share of a box's height."""
        bands: list[tuple[float, float]] = []
        for top, bottom in sorted(_band(box, more * (box.bottom - box.top)) for box in boxes):
            if bands and top <= bands[-1][1]:
                bands[-1] = (bands[-1][0], max(bottom, bands[-1][1]))
            else:
                bands.append((top, bottom))
        return cls(tuple(bands))

    def holds(self, box: Box) -> bool:
        """Whether a box stands in one of the bands."""
        return any(top <= box.top and box.bottom <= bottom for top, bottom in self.bands)

    def read(self, picture: Image.Image, page: int, engine: Engine) -> Words:
        """The words in the bands of a page's picture as the engine reads them, where they stand on the page."""
        pixels = np.asarray(picture)
        rows, blank = self._rows(len(pixels))
        cut = pixels[rows]
        cut[blank] = np.iinfo(pixels.dtype).max
        places = np.append(rows, rows[-1]) / len(pixels)
        return tuple(
            replace(word, box=replace(word.box, top=_at(places, word.box.top), bottom=_at(places, word.box.bottom)))
            for word in engine.read(Image.fromarray(cut), page)
        )

    def _rows(self, height: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Which row of the page each row of the strip shows, and which rows are blank between bands."""
        pieces, blanks = [], []
        for top, bottom in self.bands:
            first, last = int(top * height), min(height - 1, int(bottom * height))
            piece = np.arange(first - GAP, last + GAP + 1)
            pieces.append(piece.clip(first, last))
            blanks.append((piece < first) | (piece > last))
        return np.concatenate(pieces), np.concatenate(blanks)


def _at(places: npt.NDArray[np.float64], share: float) -> float:
    """The place on the page of what stands at a share of the strip's height."""
    return float(places[round(share * (len(places) - 1))])


def _band(box: Box, more: float) -> tuple[float, float]:
    return max(0.0, box.top - more), min(1.0, box.bottom + more)
