"""Opening papers: every kind, and everything that may be wrong with one."""

import io
import json
import os
import resource
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pikepdf
import pytest
from PIL import Image, ImageChops

from capture.drawing import KEPT
from capture.engines import Engines
from capture.engines.tesseract import Tesseract
from capture.limits import Limits
from capture.pages import open_document
from capture.paper import Paper, PaperKind
from capture.pdf import WORKER, Worker
from capture.reader import read
from formats.findings import Finding
from tests.capture.conftest import opened
from tests.capture.paint import endless_pdf, painted, saved, text_pdf


def rule(outcome: Paper | Finding) -> str:
    return outcome.rule.id if isinstance(outcome, Finding) else "opened"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("JPEG", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "jpeg"}),
        ("PDF", {}),
    ],
)
def test_a_scan_opens_whatever_its_format(kind: str, options: dict[str, str]) -> None:
    paper = opened(saved(painted(), kind, **options), "no-suffix")
    assert (PaperKind(kind.lower()), 1) == (paper.kind, len(paper.pages))


def test_a_fax_in_group_4_opens() -> None:
    paper = opened(saved(painted().convert("1"), "TIFF", compression="group4"))
    assert PaperKind.TIFF == paper.kind


def test_a_tiff_of_three_pages_has_three_pages() -> None:
    pages = [painted() for _ in range(3)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    assert [1, 2, 3] == [page.number for page in opened(data).pages]


def test_the_original_bytes_are_kept_untouched() -> None:
    data = saved(painted(), "JPEG")
    assert data == opened(data).original


def test_a_photograph_stands_upright_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(painted(size=(1754, 1240)), "JPEG", exif=exif.tobytes())
    picture = opened(data).image(1)
    assert picture.height > picture.width


def test_a_small_scan_is_enlarged() -> None:
    assert 800 == opened(saved(painted(size=(400, 500)), "PNG")).image(1).width


def test_a_fax_with_oblong_pixels_is_stretched() -> None:
    data = saved(painted(size=(1728, 1100)).convert("1"), "TIFF", compression="group4", dpi=(204, 98))
    picture = opened(data).image(1)
    assert abs(picture.height - 1100 * 204 / 98) < 3


def test_a_crooked_scan_is_straightened() -> None:
    crooked = painted().rotate(2, fillcolor="white")
    straight = opened(saved(crooked, "PNG")).image(1)
    differing = sum(pair[0] != pair[1] for pair in zip(straight.tobytes(), crooked.tobytes(), strict=True))
    assert differing > 1000


def test_a_grey_scan_is_straightened_to_the_same_pixels_as_one_with_a_spot_of_colour() -> None:
    crooked = painted().convert("L").convert("RGB").rotate(2, fillcolor="white")
    coloured = crooked.copy()
    coloured.putpixel((0, 0), (254, 255, 255))
    grey, other = (opened(saved(one, "PNG")).image(1) for one in (crooked, coloured))
    assert ("RGB", grey.size) == (grey.mode, other.size)
    differing = ImageChops.difference(grey, other).getbbox()
    assert differing is None or max(differing) < 200


def test_a_pdf_gives_its_words_with_boxes() -> None:
    words = opened(text_pdf()).words(1)
    word = next(word for word in words if word.text == "BW-20418")
    assert (word.box.left, word.box.top) == pytest.approx((0.70, 0.142), abs=0.03)


def test_a_turned_pdf_page_has_its_boxes_where_the_eye_sees_them() -> None:
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        document.pages[0].rotate(90, relative=False)
        stream = io.BytesIO()
        document.save(stream)
    word = next(word for word in opened(stream.getvalue()).words(1) if word.text == "BW-20418")
    assert word.box.left > 0.8
    assert word.box.top > 0.6


def test_a_scanned_pdf_has_no_words() -> None:
    assert () == opened(saved(painted(), "PDF")).words(1)


def test_text_that_a_scanner_hid_behind_the_picture_is_not_trusted() -> None:
    assert () == opened(text_pdf(mode=3)).words(1)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "page-damaged"),
        (b"hello", "page-damaged"),
        (b"\x89PNG\r\n\x1a\n", "page-damaged"),
        (b"II*\x00" + b"\xff" * 40, "page-damaged"),
        (b"%PDF-1.7\nnothing", "page-damaged"),
        (saved(painted(), "PNG")[:2000], "page-damaged"),
        (saved(painted(), "JPEG")[:300], "page-damaged"),
    ],
)
def test_what_cannot_be_opened_is_a_finding(data: bytes, expected: str) -> None:
    assert expected == rule(open_document(data, "x"))


def test_every_cut_of_a_file_opens_or_is_a_finding() -> None:
    for data in (saved(painted(), "TIFF", compression="tiff_lzw"), text_pdf(), saved(painted(), "JPEG")):
        for cut in range(0, len(data), max(1, len(data) // 25)):
            assert isinstance(open_document(data[:cut], "x"), Paper | Finding)


@pytest.mark.parametrize("size", [(1, 20_000), (20_000, 1), (500, 100_000)])
def test_a_strip_is_not_blown_up(size: tuple[int, int]) -> None:
    picture = opened(saved(Image.new("1", size), "PNG")).image(1)
    assert picture.width * picture.height <= 4 * size[0] * size[1]


def test_a_gigapixel_is_refused_before_it_is_decoded() -> None:
    data = bytearray(saved(Image.new("1", (8, 8)), "PNG"))
    data[16:24] = (32000).to_bytes(4) + (32000).to_bytes(4)
    data[29:33] = __import__("zlib").crc32(bytes(data[12:29])).to_bytes(4)
    assert "page-too-large" == rule(open_document(bytes(data), "x"))


@pytest.mark.parametrize("limits", [Limits(bytes=100), Limits(pixels=1000), Limits(pages=0)])
def test_each_limit_is_kept(limits: Limits) -> None:
    assert "page-too-large" == rule(open_document(saved(painted(), "PNG"), "x", limits))


def test_a_page_of_a_pdf_that_would_be_a_gigapixel_is_refused_before_it_is_drawn() -> None:
    document = pikepdf.new()
    document.add_blank_page(page_size=(14_400, 14_400))
    stream = io.BytesIO()
    document.save(stream)
    assert "page-too-large" == rule(open_document(stream.getvalue(), "x"))


def test_pages_beyond_the_limit_are_named() -> None:
    data = saved(painted(), "TIFF", save_all=True, append_images=[painted(), painted()], compression="tiff_lzw")
    paper = open_document(data, "x", Limits(pages=2))
    assert isinstance(paper, Paper)
    assert (2, ["page-too-large"]) == (len(paper.pages), [finding.rule.id for finding in paper.findings])


def test_a_pdf_with_a_password_is_a_finding_of_its_own() -> None:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        document.save(stream, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert "page-encrypted" == rule(open_document(stream.getvalue(), "x"))


def test_a_pdf_that_comes_to_no_end_is_a_finding_and_harms_no_other() -> None:
    opened(text_pdf())  # so that the time of the next one is not that of starting the process
    outcome = open_document(endless_pdf(9), "endless.pdf", Limits(drawing_seconds=1))
    assert "page-unreadable" == rule(outcome)
    assert opened(text_pdf()).words(1)


def test_a_page_that_cannot_be_drawn_in_time_is_a_finding_and_reading_goes_on() -> None:
    paper = open_document(endless_pdf(5), "slow.pdf", Limits(drawing_seconds=1, dpi=700))
    findings = [paper] if isinstance(paper, Finding) else read(paper, (), Engines(Tesseract())).findings
    assert "page-unreadable" in {finding.rule.id for finding in findings}


def test_a_document_is_opened_again_when_its_process_was_ended() -> None:
    paper = opened(text_pdf())
    WORKER.close()
    assert "BW-20418" in {word.text for word in paper.words(1)}


@contextmanager
def interrupted(seconds: float) -> Iterator[None]:
    """An exception out of nowhere, as a signal brings it."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise InterruptedError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def process_of(worker: Worker) -> int:
    assert worker._process is not None
    return worker._process.pid


def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next_one() -> None:
    good = opened(text_pdf())
    with pytest.raises(InterruptedError), interrupted(0.3):
        open_document(endless_pdf(5), "slow.pdf", Limits(dpi=700)).image(1)  # type: ignore[union-attr]
    assert "BW-20418" in {word.text for word in good.words(1)}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_asks_all_processes_to_leave_does_not_spoil_the_page_in_hand(number: signal.Signals) -> None:
    paper = opened(text_pdf())
    drawing = process_of(WORKER)
    os.kill(drawing, number)
    assert (True, drawing) == (bool(paper.words(1)), process_of(WORKER))


def test_a_pdf_that_comes_to_no_end_stops_also_when_its_parent_was_killed() -> None:
    told = {"do": "open", "key": "k", "pages": 1, "xml_bytes": 1, "seconds": 1.0, "bytes": len(endless_pdf(9))}
    command = [sys.executable, "-P", "-m", "capture.drawing"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(told).encode() + b"\n" + endless_pdf(9))
        process.stdin.close()
        try:
            assert -signal.SIGALRM == process.wait(20)
        finally:
            process.kill()


def test_a_pdf_that_does_not_fit_into_memory_is_a_finding() -> None:
    opened(text_pdf())
    resource.prlimit(process_of(WORKER), resource.RLIMIT_DATA, (1, 3 << 30))
    assert "page-unreadable" == rule(open_document(text_pdf() + b" " * (16 << 20), "large.pdf"))


def test_more_documents_than_the_process_keeps_are_read_all_the_same() -> None:
    papers = [opened(text_pdf([(90, 90, f"Number {number}")])) for number in range(KEPT + 2)]
    assert [f"{number}" for number in range(KEPT + 2)] == [paper.words(1)[-1].text for paper in papers]


def test_the_xml_inside_a_pdf_is_found_by_its_content() -> None:
    xml = b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        document.attachments["notes.txt"] = b"no invoice"
        document.attachments["anything.bin"] = xml
        document.save(stream)
    assert xml == opened(stream.getvalue()).embedded_xml


def test_opening_warns_of_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        opened(saved(painted(), "TIFF", compression="tiff_lzw"))
