"""A strip: only the rows that values stand in are read again, and what is read there stands where it is on the page."""

from dataclasses import dataclass, field, replace

import pytest
from PIL import Image

from capture.engines import Engines
from capture.paper import Words
from capture.reader import read
from capture.reading import second_look
from capture.strip import Strip
from formats.findings import Box
from tests.capture.conftest import opened
from tests.capture.paint import INVOICE, painted, saved
from tests.capture.test_engines import Spoken, picture_words

HIGH, LOW = Box(0.1, 0.2, 0.2, 0.21), Box(0.6, 0.7, 0.8, 0.71)


def test_rows_that_touch_are_one_band() -> None:
    near = Box(0.5, 0.215, 0.6, 0.225)
    assert 2 == len(Strip.around([LOW, HIGH, near]).bands)


def test_it_holds_what_stands_in_a_band_and_nothing_between() -> None:
    strip = Strip.around([HIGH, LOW])
    assert (True, True, False) == tuple(strip.holds(box) for box in (HIGH, LOW, Box(0.1, 0.4, 0.2, 0.41)))


def test_a_row_is_read_where_it_stands(scanned_number: tuple[Words, Box], engines: Engines) -> None:
    words, there = scanned_number
    page = opened(saved(painted(), "PNG")).pages[0]
    assert engines.second is not None, "apt-get install tesseract-ocr"
    seen = next(word for word in Strip.around([there]).read(page.picture(), 1, engines.second) if "20418" in word.text)
    assert seen.box.top == pytest.approx(there.top, abs=0.01)
    assert len(words) > len(Strip.around([there]).read(page.picture(), 1, engines.second))


def test_a_second_engine_is_shown_only_the_rows_in_doubt() -> None:
    second, paper = Watching(), opened(saved(painted(), "PNG"))
    read(paper, (), Engines(date_without_label(), second, sparing=True))
    [height] = second.heights
    assert 0 < height < paper.image(1).height / 4


def test_what_was_not_read_again_is_neither_confirmed_nor_denied() -> None:
    reading = read(opened(saved(painted(), "PNG")), (), Engines(date_without_label(), Watching(), sparing=True))
    date, total = (reading.chosen[name].features for name in ("date", "total"))
    assert (1.0, 0.0, 0.0) == (date.denied, total.denied, total.confirmed)


def test_where_nothing_is_in_doubt_there_is_no_second_look() -> None:
    assert second_look(opened(saved(painted(), "PNG")), Watching(), ()) is None


def date_without_label() -> Spoken:
    moved = {"Invoice date: 17 March 2024": "17 March 2024", "Due date: 16 April 2024": ""}
    words = picture_words([(left, top, moved.get(text, text)) for left, top, text in INVOICE])
    return Spoken("first", [], tuple(replace(word, engine="first") for word in words))


@pytest.fixture(scope="module")
def scanned_number() -> tuple[Words, Box]:
    words = picture_words()
    return words, next(word.box for word in words if "20418" in word.text)


@dataclass
class Watching:
    """An engine that reads nothing and keeps the height of what it was shown."""

    name: str = "watching"
    heights: list[int] = field(default_factory=list)

    def read(self, picture: Image.Image, _page: int) -> Words:
        self.heights.append(picture.height)
        return ()
