"""Leaves: two pages on one sheet, covers, backs and copies, and scans that lie, stand on their head or lean."""

import io
from collections.abc import Sequence
from decimal import Decimal

import pikepdf
import pytest
from PIL import Image

from capture.engines import Engines
from capture.engines.paddle import Paddle
from capture.reader import read
from formats.documents import Invoice
from tests.capture.conftest import NO_ENGINES, opened
from tests.capture.paint import HEIGHT, INVOICE, WIDTH, painted, saved, text_pdf

TINY = Engines(Paddle("tiny", threads=1))
Texts = Sequence[tuple[int, int, str]]
COLUMNS = [text for text in INVOICE if text[1] == 600]
FIRST = [
    *[text for text in INVOICE if text[1] <= 660],
    (800, 900, "Carried forward"),
    (1040, 900, "480.00"),
    (560, 1650, "Page 1 of 2"),
]
LAST = [
    (90, 90, "Brightwater Tools Ltd"),
    (690, 90, "Invoice number: BW-20418"),
    *[(left, 200, text) for left, _, text in COLUMNS],
    *[(left, 260, text) for left, top, text in INVOICE if top == 715],
    *[(left, top - 400, text) for left, top, text in INVOICE if top >= 850],
    (560, 1650, "Page 2 of 2"),
]
COVER = [
    (90, 90, "Northgate Services plc"),
    (90, 220, "FAX"),
    (90, 300, "To: Accounts payable"),
    (90, 350, "From: Priority Couriers Ltd"),
    (90, 400, "Date: 2 April 2024"),
    (90, 450, "Pages: 3"),
    (90, 500, "Reference: 998877"),
]
TERMS = [
    (90, 90, "TERMS AND CONDITIONS OF SALE"),
    (90, 150, "1. In these terms the Company means Brightwater Holdings Limited."),
    (90, 190, "2. Invoices are due 30 days after the date of invoice. Interest at 8 % is charged."),
    (90, 230, "3. Total liability is limited to 1,000,000.00 GBP or the invoice total."),
    (90, 270, "4. Order number and delivery note 77-1234 must be quoted."),
    (90, 310, "5. Effective 1 January 2020, version 4.2. VAT is charged at 20%."),
]
WANTED = ("Brightwater Tools Ltd", "BW-20418", "2024-03-17", Decimal("726.00"), [Decimal("480.00"), Decimal("125.00")])


def facts(invoice: Invoice) -> tuple[object, ...]:
    nets = [line.net for line in invoice.lines]
    return invoice.supplier_name, invoice.number, str(invoice.date), invoice.control_total, nets


def read_pdf(data: bytes) -> tuple[object, ...]:
    return facts(read(opened(data, "file.pdf"), (), NO_ENGINES).invoice)


def joined(*pages: Texts) -> bytes:
    """The pages as one PDF."""
    document, stream = pikepdf.new(), io.BytesIO()
    for page in pages:
        with pikepdf.open(io.BytesIO(text_pdf(page))) as one:
            document.pages.extend(one.pages)
    document.save(stream)
    return stream.getvalue()


def two_up(left: Texts, right: Texts) -> bytes:
    """Two pages side by side on one sheet of the same paper."""
    document, stream = pikepdf.new(), io.BytesIO()
    sheet = document.add_blank_page(page_size=(842, 595))
    for place, page in ((0, left), (421, right)):
        with pikepdf.open(io.BytesIO(text_pdf(page))) as one:
            sheet.add_overlay(one.pages[0], pikepdf.Rectangle(place, 0, place + 421, 595))
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        two_up(FIRST, LAST),
        two_up(INVOICE, TERMS),
        two_up(INVOICE, INVOICE),
        joined(COVER, INVOICE),
        joined(COVER, [], FIRST, TERMS, LAST, []),
        joined(INVOICE, TERMS),
        joined(INVOICE, [*INVOICE, (820, 40, "COPY")]),
    ],
    ids=["two-up", "two-up with its back", "two-up copies", "cover", "cover and backs", "back", "copy"],
)
def test_an_invoice_is_read_as_if_it_came_alone(data: bytes) -> None:
    assert WANTED == read_pdf(data)


def test_a_table_that_runs_across_a_lying_page_is_one_table() -> None:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        document.pages[0].mediabox = pikepdf.Array([0, 250, 595, 250 + 420])
        document.save(stream)
    assert [Decimal("480.00"), Decimal("125.00")] == read_pdf(stream.getvalue())[-1]


def test_two_pages_of_different_invoices_are_no_copies() -> None:
    other = [(left, top, text.replace("20418", "20419")) for left, top, text in INVOICE]
    evidence = read(opened(joined(INVOICE, other)), (), NO_ENGINES)
    assert 4 == len(evidence.invoice.lines)
    assert "lines-open" in {finding.rule.id for finding in evidence.findings}


def turned(angle: int) -> Image.Image:
    return painted().rotate(angle, expand=True)


@pytest.mark.parametrize(
    ("picture", "kind", "options"),
    [
        (turned(90), "JPEG", {}),
        (turned(180), "TIFF", {"compression": "tiff_lzw"}),
        (turned(270), "PDF", {"resolution": 150}),
        (painted().rotate(2, fillcolor="white"), "JPEG", {"quality": 80}),
        (painted().resize((620, 877)), "PNG", {}),
        (painted().convert("1"), "TIFF", {"compression": "group4"}),
    ],
    ids=["lying", "on its head", "lying in a PDF", "leaning", "75 dpi", "fax"],
)
def test_a_scan_is_read_however_it_was_laid(picture: Image.Image, kind: str, options: dict[str, object]) -> None:
    pytest.importorskip("faster_paddle")
    invoice = read(opened(saved(picture, kind, **options)), (), TINY).invoice
    assert WANTED[1:] == facts(invoice)[1:]


def test_two_scanned_pages_on_one_sheet_between_cover_and_blank_back_are_read() -> None:
    pytest.importorskip("faster_paddle")
    sheet = Image.new("RGB", (2 * WIDTH, HEIGHT), "white")
    sheet.paste(painted(FIRST), (0, 0))
    sheet.paste(painted(LAST), (WIDTH, 0))
    pages = [sheet.resize((WIDTH * 3 // 2, HEIGHT * 3 // 4)), painted([])]
    data = saved(painted(COVER), "TIFF", save_all=True, append_images=pages, compression="tiff_lzw")
    assert WANTED[1:] == facts(read(opened(data), (), TINY).invoice)[1:]
