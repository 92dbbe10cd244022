"""What is fuzzed: each reader of a stranger's bytes, called as the intake calls it."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

import capture.reader
from capture.engines import Engines
from capture.limits import Limits
from capture.pages import open_document
from capture.paper import Engine, Page, Paper, PaperKind, Words
from capture.words import split
from exchange.pgp import is_message
from formats import arithmetic, complete, delivery, einvoice, stored
from formats.coupa.invoices import InvoiceImport
from formats.documents import Invoice, Supplier
from formats.examine import layout_of
from formats.findings import Box, Finding
from formats.text import decode, readable

SMALL = delivery.Limits(members=50, ratio=50, total=1 << 24)
PAGE = Limits(bytes=1 << 22, pixels=1_000_000, pages=5, dpi=40, words=2000)
SUPPLIERS = (Supplier(number="V1", name="Brightwater Tools Ltd"), Supplier(number="V2", name="Müller & Söhne GmbH"))
NOTHING = Image.new("RGB", (8, 8), "white")
ROWS = 60  # lines of one page


def read_csv(content: bytes) -> list[Any]:
    """Read the documents of a flat file of any layout."""
    decoded = decode(io.BytesIO(content), "fuzz.csv")
    if not readable(decoded):
        return [*decoded.findings]
    with decoded.stream as text:
        layout = layout_of(text) or InvoiceImport
        text.seek(0)
        return [*decoded.findings, *_kept(layout.read(text, "fuzz.csv"))]


def read_xml(content: bytes) -> list[Any]:
    """Read an e-invoice of any kind, and what is embedded in it."""
    attached = einvoice.attachments(io.BytesIO(content), "fuzz.xml")
    return [*attached, *_kept(einvoice.read(io.BytesIO(content), "fuzz.xml"))]


def read_zip(content: bytes) -> list[Any]:
    """Open an archive, read its CSV and every member."""
    opened = delivery.open_zip(io.BytesIO(content), "fuzz.zip", SMALL)
    return [opened] if isinstance(opened, Finding) else list(_members(opened))


def _members(opened: delivery.Delivery) -> Iterator[Any]:
    for invoice in read_csv(opened.csv):
        yield invoice
        if isinstance(invoice, Invoice):
            yield from opened.missing(invoice)
            yield opened.member(invoice.image)
    for name in opened.members:
        yield opened.member(name)
    yield from opened.unused()


def read_image(content: bytes) -> list[Any]:
    """Open a scan, of which every page is decoded once."""
    paper = open_document(content, "fuzz.tiff", PAGE)
    return [paper] if isinstance(paper, Finding) else [*paper.pages, *paper.findings]


def read_pdf(content: bytes) -> list[Any]:
    """Open a PDF, draw every page, and read what its text layer and the invoice embedded in it say."""
    paper = open_document(content, "fuzz.pdf", PAGE)
    if isinstance(paper, Finding):
        return [paper]
    for page in paper.pages:
        page.picture()
    return [*_read(paper), *(read_xml(paper.embedded_xml) if paper.embedded_xml else ())]


def read_text(content: bytes) -> list[Any]:
    """Read a page on which an engine saw this text."""
    page = Page(1, 0.7, lambda: NOTHING)
    return _read(Paper("fuzz.png", PaperKind.PNG, b"", (page,), PAGE), Seen(content.decode("utf-8", "replace")))


def read_head(content: bytes) -> list[Any]:
    """Tell what a file is and whether it is whole, from its first and last bytes."""
    kind = delivery.identify(content)
    return [kind, is_message(content[:64]), complete.is_complete(kind, content[-complete.TAIL :])]


@dataclass(slots=True)
class Seen:
    """An engine that sees the same text on every page, line below line."""

    text: str
    name: str = "seen"

    def read(self, _: Image.Image, page: int) -> Words:
        """The words of the text, at the places that their lines give them."""
        lines = self.text.splitlines()[:ROWS]
        boxes = [Box(0.05, row / ROWS, 0.95, (row + 0.7) / ROWS) for row in range(len(lines))]
        return tuple(
            word for line, box in zip(lines, boxes, strict=True) for word in split(line, box, 0.9, self.name, page)
        )


def _read(paper: Paper, engine: Engine | None = None) -> list[Any]:
    reading = capture.reader.read(paper, SUPPLIERS, Engines(first=engine, second=None))
    stored.dump(reading.invoice)
    return [reading.invoice, *reading.findings, *arithmetic.check(reading.invoice)]


def _kept(results: Iterable[Any]) -> Iterator[Any]:
    """Yield what was read as it comes back from the ledger; ValueError when it would not."""
    for result in results:
        yield result
        if not isinstance(result, Finding):
            again = stored.load(type(result), stored.dump(result))
            if again != result:
                raise ValueError(f"{result} is kept as {again}")
        if isinstance(result, Invoice):
            yield from arithmetic.check(result)


TARGETS: dict[str, Callable[[bytes], Sequence[Any]]] = {
    "csv": read_csv,
    "xml": read_xml,
    "zip": read_zip,
    "image": read_image,
    "pdf": read_pdf,
    "text": read_text,
    "head": read_head,
}
