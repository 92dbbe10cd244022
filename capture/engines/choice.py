"""Which engines there are on this machine."""

from dataclasses import dataclass

from capture.asking import Extractor
from capture.engines.rapid import Rapid
from capture.engines.tesseract import Tesseract
from capture.paper import Engine


@dataclass(frozen=True, slots=True)
class Engines:
    """The first and the second, independent reading; ``warning`` is what a person must see, "" if nothing.

    ``extractor`` is asked for what stays in doubt; there is none unless somebody sets one up.
    """

    first: Engine | None
    second: Engine | None = None
    warning: str = ""
    extractor: Extractor | None = None


def available(*, threads: int = 0, seconds: float = 60.0) -> Engines:
    """The engines installed here; ``threads`` 0 leaves the choice to the engine, ``seconds`` bounds one page."""
    second = Tesseract(seconds=seconds) if Tesseract.installed() else None
    warning = "" if second else MISSING
    return Engines(Rapid(threads=threads), second, warning)


MISSING = (
    "Tesseract is not installed: pages are read once only, without a second, independent reading. "
    "Install it: apt-get install tesseract-ocr"
)
