"""The image scan that goes to Coupa."""

import random

from PIL import Image

from capture.pages import open_document
from capture.paper import Paper
from capture.scan import ADVISED_BYTES, image_scan
from tests.capture.conftest import opened
from tests.capture.paint import painted, saved


def test_a_scan_of_advised_size_is_passed_on_as_it_came() -> None:
    data = saved(painted(), "TIFF", compression="tiff_lzw")
    assert ("bill.tif", data) == image_scan(opened(data, "../in/bill.TIFF"))


def test_a_scan_that_is_too_large_becomes_a_smaller_pdf() -> None:
    noise = Image.frombytes("RGB", (1500, 2000), random.Random(7).randbytes(1500 * 2000 * 3))
    name, data = image_scan(opened(saved(noise, "PNG"), "noise.png"))
    paper = open_document(data, name)
    assert isinstance(paper, Paper)
    assert ("noise.pdf", True, 1) == (name, len(data) <= ADVISED_BYTES, len(paper.pages))
