"""Swapped images: the page of one sample invoice beside the data of another is caught, whichever two they are."""

import io
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path

from capture.crosscheck import check
from capture.paper import Paper
from formats.coupa.invoices import InvoiceImport
from formats.delivery import Delivery, open_zip
from formats.documents import Invoice
from tests.capture.conftest import NO_ENGINES, opened

LOCKBOX = Path(__file__).parents[2] / "sample_files" / "lockbox"
PAIRS = 50
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
    sent = (one for path in sorted(LOCKBOX.glob("*.zip")) for one in delivered(path))
    found = {invoice.number: (invoice, image) for invoice, image in sent if image.startswith(b"%PDF")}
    papers = ((invoice, opened(image, invoice.image)) for invoice, image in found.values())
    return [(invoice, paper) for invoice, paper in papers if paper.pages[0].words()]


def test_any_two_sample_invoices_with_their_images_swapped_are_caught() -> None:
    pairs = list(permutations(samples(), 2))
    missed = [
        (invoice.number, paper.name)
        for (invoice, _), (_, paper) in pairs
        if not CAUGHT & {finding.rule.id for finding in check(invoice, paper, NO_ENGINES)}
    ]
    assert ([], True) == (missed, len(pairs) >= PAIRS)


def test_sample_invoices_beside_their_own_images_are_not_called_swapped() -> None:
    own = [(invoice.number, check(invoice, paper, NO_ENGINES)) for invoice, paper in samples()]
    assert [] == [number for number, findings in own if "check-image-swapped" in {one.rule.id for one in findings}]
