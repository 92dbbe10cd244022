"""Tesseract through pytesseract: the second, independent reading."""

import os
import shutil
from functools import cache

from PIL import Image

from capture.paper import Words
from capture.words import Word
from formats.findings import Box

PROGRAM = "tesseract"
LANGUAGES = ("eng", "deu", "fra")
ROWS = 2  # times as wide as high: that is no page, but rows cut out of one, without columns to look for
BLOCK = "--psm 6"


class Tesseract:
    """One process for each page, one thread for each process: more threads make it slower."""

    name = "tesseract"

    def __init__(self, *, seconds: float = 60.0) -> None:
        self._seconds = seconds

    @staticmethod
    def installed() -> bool:
        """True when the program is on the path."""
        return shutil.which(PROGRAM) is not None

    def read(self, picture: Image.Image, page: int) -> Words:
        """The words of the picture; none when it takes longer than its seconds."""
        import pytesseract  # noqa: PLC0415 - it brings pandas along, which only a second reading should pay for

        picture = picture.copy()
        picture.format = "PPM"  # how it is handed over: packing a PNG takes a quarter as long as reading it
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        try:
            table = pytesseract.image_to_data(
                picture,
                lang=languages(),
                config=BLOCK if picture.width > ROWS * picture.height else "",
                output_type=pytesseract.Output.DICT,
                timeout=self._seconds,
            )
        except RuntimeError:  # pytesseract's way to say that the time is up
            return ()
        rows = zip(*(table[key] for key in ("text", "conf", "left", "top", "width", "height")), strict=True)
        return tuple(
            Word(text.strip(), _box(picture, left, top, width, height), max(0.0, float(conf)) / 100, self.name, page)
            for text, conf, left, top, width, height in rows
            if text.strip()
        )


@cache
def languages() -> str:
    """Those of our languages whose data is installed, or the first one."""
    import pytesseract  # noqa: PLC0415

    installed = set(pytesseract.get_languages(config=""))
    return "+".join(language for language in LANGUAGES if language in installed) or LANGUAGES[0]


def _box(picture: Image.Image, left: int, top: int, width: int, height: int) -> Box:
    across, down = picture.size
    return Box(left / across, top / down, (left + width) / across, (top + height) / down)
