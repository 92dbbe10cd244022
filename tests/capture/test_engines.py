"""Engines: what they read, and what is said when one is missing."""

import shutil
import subprocess
import sys

import pytest

from capture.engines import Engines, available
from capture.engines.tesseract import Tesseract
from capture.paper import Paper


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
