"""Which engines read here: what is installed, and what the configuration chose."""

from dataclasses import dataclass

from capture.asking import Extractor
from capture.choices import Choice
from capture.engines.paddle import LINES, QUICK, Paddle
from capture.engines.rapid import Rapid
from capture.engines.tesseract import Tesseract
from capture.engines.twofold import Twofold
from capture.paper import Engine


@dataclass(frozen=True, slots=True)
class Engines:
    """The first and the second, independent reading; ``warning`` is what a person must see, "" if nothing.

    ``heavier`` reads again what the first left in doubt. ``sparing`` keeps the second reading for what is still in
    doubt then. ``extractor`` is asked for what stays in doubt; there is none unless somebody sets one up.
    """

    first: Engine | None
    second: Engine | None = None
    warning: str = ""
    extractor: Extractor | None = None
    heavier: Engine | None = None
    sparing: bool = False


def available(choice: Choice = "auto", *, threads: int = 0, seconds: float = 60.0) -> Engines:
    """The engines for a choice that are installed here.

    "auto" is "rapid" where the extra is missing. ``threads`` 0 leaves the choice to the engine, ``seconds`` bounds one
    page of Tesseract.
    """
    tesseract = Tesseract(seconds=seconds) if Tesseract.installed() else None
    if choice == "tesseract":
        return Engines(tesseract, None, "" if tesseract else MISSING)
    warning = "" if tesseract else MISSING
    if choice == "rapid" or not Paddle.installed():
        told = MISSING_EXTRA if choice in {"tiny", "small"} else ""
        return Engines(Rapid(threads=threads), tesseract, " ".join(filter(None, (told, warning))))
    if choice == "auto":
        tiny, small = Paddle("tiny", threads=threads), Paddle("small", threads=threads)
        return Engines(tiny, tesseract, warning, heavier=small, sparing=True)
    quick = Paddle("tiny", threads=threads, side=QUICK)
    if choice == "tiny":
        return Engines(quick)
    # it is shown lines without the page around them, which stay larger in fewer pixels
    both = Twofold(quick, Paddle("small", threads=threads, side=LINES, slip=LINES))
    return Engines(both, tesseract, warning, sparing=True)


MISSING = (
    "Tesseract is not installed: pages are read once only, without a second, independent reading. "
    "Install it: apt-get install tesseract-ocr"
)
MISSING_EXTRA = (
    "faster-paddle is not installed, RapidOCR reads in its place. Install it: pip install 'coupa-exchange[fast]'"
)
