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


class Paddle:
    """One session, made when the first page is read; ``model`` is "tiny" (fast) or "small" (as good as RapidOCR)."""

    def __init__(self, model: str, *, threads: int = 0) -> None:
        self.name = f"paddle-{model}"
        self._model = model
        self._threads = threads
        self._session: Any = None
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
            found = self._open().ocr(stream.getvalue())
        return tuple(word for line in found["bounds"].values() for word in self._words(line, picture, page))

    def _words(self, line: dict[str, Any], picture: Image.Image, page: int) -> list[Word]:
        (left, top), (right, bottom) = line["topLeftCoord"], line["bottomRightCoord"]
        box = Box(left / picture.width, top / picture.height, right / picture.width, bottom / picture.height)
        return split(line["text"], box, float(line["confidence"]), self.name, page)

    def _open(self) -> Any:  # noqa: ANN401 - faster_paddle is not typed
        if self._session is None:
            from faster_paddle import OcrEngine  # noqa: PLC0415 - an extra: only those who chose it have it

            self._session = OcrEngine(self._model, threads=self._threads or None)
        return self._session
