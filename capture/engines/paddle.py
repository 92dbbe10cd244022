"""PP-OCRv6 by faster-paddle, tiny or small: an optional extra whose models come with the package; never on the network.

Its lines carry one box each; a word's box is its share of the line's by count of characters.
"""

import io
import threading
from importlib.util import find_spec
from typing import Any

from PIL import Image

from capture.paper import Words
from capture.words import Word, split
from formats.findings import Box

FINE, QUICK, LINES = 1600, 1280, 960
SLIP = 0.6


class Paddle:
    """One session, made when the first page is read; ``model`` is "tiny" (fast) or "small" (as good as RapidOCR).

    ``side`` is the longer side in pixels, at most, of the picture on which lines are looked for; they are read in full
    resolution. ``slip`` is that of a slip much longer than wide, which would become too narrow.
    """

    def __init__(self, model: str, *, threads: int = 0, side: int = FINE, slip: int = FINE) -> None:
        self.name = f"paddle-{model}" if side == FINE else f"paddle-{model}-{side}"
        self._model = model
        self._threads = threads
        self._side, self._slip = side, slip
        self._sessions: dict[int, Any] = {}
        self._lock = threading.Lock()

    @staticmethod
    def installed() -> bool:
        """True when the extra is there."""
        return find_spec("faster_paddle") is not None

    def read(self, picture: Image.Image, page: int) -> Words:
        """The words of the picture."""
        stream = io.BytesIO()
        picture.convert("RGB").save(stream, "BMP")
        with self._lock:
            found = self._open(self._slip if picture.width < SLIP * picture.height else self._side).ocr(
                stream.getvalue()
            )
        return tuple(word for line in found["bounds"].values() for word in self._words(line, picture, page))

    def _words(self, line: dict[str, Any], picture: Image.Image, page: int) -> list[Word]:
        (left, top), (right, bottom) = line["topLeftCoord"], line["bottomRightCoord"]
        box = Box(left / picture.width, top / picture.height, right / picture.width, bottom / picture.height)
        return split(line["text"], box, float(line["confidence"]), self.name, page)

    def _open(self, side: int) -> Any:  # noqa: ANN401 - faster_paddle is not typed
        if side not in self._sessions:
            from faster_paddle import OcrEngine  # noqa: PLC0415 - an extra: only those who chose it have it

            self._sessions[side] = OcrEngine(self._model, threads=self._threads or None, det_max_side=side)
        return self._sessions[side]
