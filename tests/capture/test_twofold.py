"""Two models on one page: what the fast one is sure of stays, and the better one reads the other lines again."""

from dataclasses import dataclass, replace

import pytest
from PIL import Image

from capture.engines import available
from capture.engines.twofold import Twofold
from capture.paper import Words
from capture.words import Word, split
from formats.findings import Box
from tests.capture.conftest import opened
from tests.capture.paint import painted, saved

PAGE = Image.new("RGB", (800, 1000), "gray")
SURE, UNSURE = 0.995, 0.9


def line(text: str, top: float, sure: float, engine: str = "fast") -> Words:
    return tuple(split(text, Box(0.1, top, 0.5, top + 0.02), sure, engine, 1))


def test_a_page_that_the_fast_one_is_sure_of_is_not_read_again() -> None:
    words, better = line("Total 20.00", 0.1, SURE), Fixed("better", ())
    assert words == Twofold(Fixed("fast", words), better).read(PAGE, 1)
    assert better.shown is None


def test_only_the_lines_in_doubt_are_shown_again() -> None:
    fast = Fixed("fast", (*line("Acme Limited", 0.1, SURE), *line("lnv0ice", 0.5, UNSURE)))
    better = Fixed("better", ())
    Twofold(fast, better).read(PAGE, 1)
    assert better.shown is not None
    assert better.shown.height < 0.1 * PAGE.height
    gray = sum(count for count, colour in better.shown.getcolors() or () if colour != (255, 255, 255))
    assert 0.4 * 800 * 0.02 * 1000 <= gray <= 0.45 * 800 * 0.025 * 1000


def test_what_the_better_one_reads_takes_the_place_of_what_was_in_doubt() -> None:
    fast = Fixed("fast", (*line("Acme Limited", 0.1, SURE), *line("lnv0ice", 0.5, UNSURE)))
    strip = Fixed("better", tuple(replace(word, box=replace(word.box, top=0.3, bottom=0.7)) for word in better_line()))
    words = Twofold(fast, strip).read(PAGE, 1)
    assert ["Acme", "Limited", "Invoice"] == [word.text for word in words]
    assert 0.49 < words[-1].box.top < words[-1].box.bottom < 0.53


def test_what_only_the_fast_one_sees_is_kept() -> None:
    fast = Fixed("fast", line("faint", 0.5, UNSURE))
    assert ["faint"] == [word.text for word in Twofold(fast, Fixed("better", ())).read(PAGE, 1)]


@pytest.mark.parametrize(("text", "again"), [("Total 20.00", True), ("Acme Limited", False)])
def test_a_figure_must_be_surer_than_a_word(text: str, again: bool) -> None:
    better = Fixed("better", ())
    Twofold(Fixed("fast", line(text, 0.5, 0.98)), better).read(PAGE, 1)
    assert again == (better.shown is not None)


def test_the_two_models_together_read_each_word_of_a_page_once() -> None:
    pytest.importorskip("faster_paddle")
    page = opened(saved(painted(), "PNG")).pages[0]
    engine = available("small", threads=1).first
    assert engine is not None
    number = [word for word in page.read(engine) if "20418" in word.text]
    assert ["BW-20418"] == [word.text for word in number]
    assert 0.5 < number[0].box.left < number[0].box.right < 1


def better_line() -> tuple[Word, ...]:
    return line("Invoice", 0.5, SURE, "better")


@dataclass
class Fixed:
    """An engine that reads the same words from every picture and keeps what it was shown."""

    name: str
    words: Words
    shown: Image.Image | None = None

    def read(self, picture: Image.Image, _page: int) -> Words:
        self.shown = picture
        return self.words
