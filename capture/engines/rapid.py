"""RapidOCR (PP-OCRv6 small): the first reading. Its models come with the package; it never needs the network."""

import threading
import warnings
from typing import Any

import numpy as np
from PIL import Image

from capture.paper import Words
from capture.words import Word
from formats.findings import Box


class Rapid:
    """One session, made when the first page is read and shared by all threads, one page at a time."""

    name = "rapidocr"

    def __init__(self, *, threads: int = 0) -> None:
        self._threads = threads
        self._session: Any = None
        self._lock = threading.Lock()

    def read(self, picture: Image.Image, page: int) -> Words:
        """The words of the picture."""
        pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # its classifier turns single upright lines upside down; whole pages are turned by capture.paper
            try:
                result = self._open()(pixels, use_cls=False, return_word_box=True)
            except ValueError:  # what it raises where a page bears no text at all
                return ()
        if not result.txts:
            return ()
        width, height = picture.size
        return tuple(
            _word(text, score, corners, width, height, page)
            for line in result.word_results
            for text, score, corners in line
            if text.strip()
        )

    def _open(self) -> Any:  # noqa: ANN401 - rapidocr is not typed
        if self._session is None:
            from rapidocr import RapidOCR  # noqa: PLC0415 - half a second that only those who scan should pay

            threads = {"EngineConfig.onnxruntime.intra_op_num_threads": self._threads} if self._threads else {}
            self._session = RapidOCR(params={"Global.log_level": "critical", **threads})
        return self._session


def _word(text: str, score: float, corners: list[list[float]], width: int, height: int, page: int) -> Word:
    across = sorted(corner[0] for corner in corners)
    down = sorted(corner[1] for corner in corners)
    # the middle two of each, so that a slanted word does not reach into the lines above and below
    box = Box(across[0] / width, (down[0] + down[1]) / 2 / height, across[3] / width, (down[2] + down[3]) / 2 / height)
    return Word(text.strip(), box, float(score), Rapid.name, page)
