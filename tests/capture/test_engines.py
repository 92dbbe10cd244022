"""Engines: what they read, and what is said when one is missing."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from PIL import Image

from capture.choices import Choice
from capture.engines import Engines, available
from capture.engines.tesseract import Tesseract
from capture.paper import Paper, Words
from capture.reader import read
from tests.capture.conftest import opened
from tests.capture.paint import INVOICE, painted, saved, text_pdf


@pytest.mark.parametrize("which", ["first", "second"])
def test_both_engines_read_the_number_with_its_place(scanned: Paper, engines: Engines, which: str) -> None:
    engine = getattr(engines, which)
    assert engine is not None, "apt-get install tesseract-ocr"
    words = scanned.pages[0].read(engine)
    word = next(word for word in words if "20418" in word.text)
    assert 0.5 < word.box.left < word.box.right < 1
    assert word.confidence > 0.7


def test_an_engine_reads_a_page_once(scanned: Paper, engines: Engines) -> None:
    assert engines.first is not None
    page = scanned.pages[0]
    assert page.read(engines.first) is page.read(engines.first)


def test_a_missing_tesseract_is_said_with_the_command_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    engines = available()
    assert engines.second is None
    assert "apt-get install tesseract-ocr" in engines.warning


def test_tesseract_that_takes_too_long_reads_nothing(scanned: Paper) -> None:
    assert () == Tesseract(seconds=0.001).read(scanned.image(1), 1)


def test_reading_is_silent_even_where_warnings_are_errors() -> None:
    code = (
        "from capture.engines import available\n"
        "from PIL import Image\n"
        "available(threads=1).first.read(Image.new('RGB', (300, 200), 'white'), 1)\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("choice", ["auto", "tiny", "small"])
def test_the_extra_reads_the_number_with_its_place(choice: Choice) -> None:
    pytest.importorskip("faster_paddle")
    paper = opened(saved(painted(), "PNG"), "scanned.png")
    engine = available(choice, threads=1).first
    assert engine is not None
    word = next(word for word in paper.pages[0].read(engine) if "20418" in word.text)
    assert 0.5 < word.box.left < word.box.right < 1


def test_with_tesseract_only_nothing_else_reads() -> None:
    engines = available("tesseract")
    assert (None, None) == (engines.second, engines.heavier)
    assert engines.first is not None
    assert engines.first.name == "tesseract"


def test_the_heavier_engine_reads_only_what_the_first_left_in_doubt() -> None:
    asked: list[str] = []
    clear = Spoken("fast", asked, picture_words())
    read(opened(saved(painted(), "PNG")), (), Engines(clear, heavier=Spoken("heavy", asked, ()), sparing=True))
    blurred = Spoken("fast", asked, tuple(replace(word, confidence=0.85) for word in picture_words()))
    read(opened(saved(painted(), "PNG")), (), Engines(blurred, heavier=Spoken("heavy", asked, ()), sparing=True))
    assert ["fast", "fast", "heavy"] == asked


def test_a_date_that_nothing_introduces_is_read_again_however_sure_the_first_engine_is() -> None:
    asked: list[str] = []
    moved = {"Invoice date: 17 March 2024": "17 March 2024", "Due date: 16 April 2024": ""}
    words = picture_words([(left, top, moved.get(text, text)) for left, top, text in INVOICE])
    clear = Spoken("fast", asked, tuple(replace(word, engine="fast") for word in words))
    read(opened(saved(painted(), "PNG")), (), Engines(clear, heavier=Spoken("heavy", asked, ()), sparing=True))
    assert ["fast", "heavy"] == asked


def picture_words(texts: Sequence[tuple[int, int, str]] = INVOICE) -> Words:
    """The words of the painted invoice, as its PDF states them."""
    return opened(text_pdf(texts)).pages[0].words()


@dataclass
class Spoken:
    """An engine that reads the same words from every picture and tells that it was asked."""

    name: str
    asked: list[str]
    words: Words

    def read(self, _picture: Image.Image, _page: int) -> Words:
        self.asked.append(self.name)
        return self.words
