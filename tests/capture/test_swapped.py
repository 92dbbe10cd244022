"""Swapped images: the page of one sample invoice beside the data of another is caught, whichever two they are."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import islice, permutations
from pathlib import Path

import pytest

from capture.crosscheck import check, look
from capture.engines import Engines
from capture.engines.paddle import Paddle
from capture.paper import Paper
from formats.coupa.invoices import InvoiceImport
from formats.delivery import Delivery, open_zip
from formats.documents import Invoice
from tests.capture.conftest import NO_ENGINES, opened
from tests.capture.paint import INVOICE, text_pdf

LOCKBOX = Path(__file__).parents[2] / "sample_files" / "lockbox"
PAIRS = 50
SCANS = 6
TINY = Engines(Paddle("tiny", threads=1))
CAUGHT = {"check-image-swapped", "check-number-contradicted", "check-total-contradicted"}


def delivered(path: Path) -> Iterator[tuple[Invoice, bytes]]:
    """The invoices of a sample delivery with their images; nothing of those that are refused on purpose."""
    with path.open("rb") as stream:
        delivery = open_zip(stream, path.name)
        if isinstance(delivery, Delivery):
            for invoice in InvoiceImport.read(io.StringIO(delivery.csv.decode("utf-8-sig")), path.name):
                if isinstance(invoice, Invoice) and (image := delivery.member(invoice.image)):
                    yield invoice, image


@cache
def samples() -> list[tuple[Invoice, Paper]]:
    """The sample invoices whose image is a PDF with text, each with its own page; one of each number."""
    papers = ((invoice, opened(image, invoice.image)) for invoice, image in images().values() if is_pdf(image))
    return [(invoice, paper) for invoice, paper in papers if paper.pages[0].words()]


@cache
def images() -> dict[str, tuple[Invoice, bytes]]:
    sent = (one for path in sorted(LOCKBOX.glob("*.zip")) for one in delivered(path))
    return {invoice.number: (invoice, image) for invoice, image in sent}


def is_pdf(image: bytes) -> bool:
    return image.startswith(b"%PDF")


@cache
def scans() -> list[tuple[Invoice, Paper]]:
    """The first sample invoices whose image is a scan on which their number and total are legible."""
    papers = ((invoice, opened(image, invoice.image)) for invoice, image in images().values() if not is_pdf(image))
    return list(islice(((invoice, paper) for invoice, paper in papers if legible(invoice, paper)), SCANS))


def legible(invoice: Invoice, paper: Paper) -> bool:
    return {"number", "total"} <= look(invoice, paper, TINY).evidence.keys()


def missed(invoices: Sequence[tuple[Invoice, Paper]], engines: Engines) -> list[tuple[str, str]]:
    """The pairs of data and a page of another invoice in which nothing speaks for another invoice."""
    return [
        (invoice.number, paper.name)
        for (invoice, _), (_, paper) in permutations(invoices, 2)
        if not CAUGHT & {finding.rule.id for finding in check(invoice, paper, engines)}
    ]


def test_any_two_sample_invoices_with_their_images_swapped_are_caught() -> None:
    assert ([], True) == (missed(samples(), NO_ENGINES), len(samples()) * (len(samples()) - 1) >= PAIRS)


def test_any_two_sample_scans_swapped_are_caught_and_none_is_called_swapped_beside_its_own_data() -> None:
    pytest.importorskip("faster_paddle")
    own = [
        invoice.number for invoice, paper in scans() if CAUGHT & {one.rule.id for one in check(invoice, paper, TINY)}
    ]
    assert (SCANS, [], []) == (len(scans()), missed(scans(), TINY), own)


def test_sample_invoices_beside_their_own_images_are_not_called_swapped() -> None:
    own = [(invoice.number, check(invoice, paper, NO_ENGINES)) for invoice, paper in samples()]
    assert [] == [number for number, findings in own if "check-image-swapped" in {one.rule.id for one in findings}]


def test_a_credit_note_that_names_the_invoice_is_not_its_page() -> None:
    credit = [(left, top, text.replace("BW-20418", "BW-31007")) for left, top, text in INVOICE]
    credit = [
        (left, top, text.replace("17 March", "2 April").replace("726.00", "-72.60")) for left, top, text in credit
    ]
    page = opened(text_pdf([*credit, (690, 520, "Original invoice: BW-20418")]), "credit.pdf")
    told = Invoice(number="BW-20418", date=dt.date(2024, 3, 17), currency="GBP", control_total=Decimal(726))
    assert "check-image-swapped" in {finding.rule.id for finding in check(told, page, NO_ENGINES)}
