"""Enclosures: the page image and the attachments of a record, under names that are safe and given once."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from sqlalchemy import RowMapping

from capture.pages import open_document
from capture.scan import ADVISED_BYTES, image_scan
from exchange.batches import outbound, reading, sealing
from exchange.batches.batch import Batch
from exchange.ledger import files
from formats import delivery, einvoice, stored, xml
from formats.delivery import Kind
from formats.documents import Invoice
from formats.findings import Finding

FOLDER = "attachments"  # a CSV among the attachments must not lie beside the CSV of the invoices
LINK = "file://"
ENDINGS = {Kind.PDF: ".pdf", Kind.TIFF: ".tif", Kind.PNG: ".png", Kind.JPEG: ".jpg"}

Member = Callable[[str], bytes | None]
"""Returns a file that came with an invoice, by the name that the invoice has for it; None when it did not come."""


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What goes beside an invoice: the name of its image, its attachment cells, and the files by their new names."""

    image: str
    attachments: tuple[str, ...]
    members: Mapping[str, bytes]


def enclosures(batch: Batch, row: RowMapping, invoice: Invoice, member: Member) -> Enclosures:
    """Return the image, made small enough for Coupa, and the attachments of a record."""
    members: dict[str, bytes] = {}
    image = ""
    if row["image_sha256"]:
        image, members = _image(batch, row)
    cells = []
    for number, name in enumerate((name for name in invoice.attachments if name != row["image"]), 1):
        content = member(name)
        if content is None and name.startswith(LINK):
            continue  # what did not come cannot be sent: a finding says so since the file was read
        cells.append(name if content is None else f"{LINK}{_place(row, number, name)}")
        if content is not None:
            members[_place(row, number, name)] = content
    return Enclosures(image, tuple(cells), members)


def _place(row: RowMapping, number: int, name: str) -> str:
    return f"{FOLDER}/{row['id']:07d}_{number:02d}_{outbound.plain_name(PurePosixPath(name).name)}"


def _image(batch: Batch, row: RowMapping) -> tuple[str, dict[str, bytes]]:
    """The image under a name with its record's id and the ending of what it is, whatever the partner called it."""
    with batch.world.spool.open(row["image_sha256"]) as stream:
        content = stream.read()
    if len(content) > ADVISED_BYTES:
        content = _smaller(batch, row["image"], content)
    stem = PurePosixPath(outbound.plain_name(row["image"] or "image")).stem
    name = f"{row['id']:07d}_{stem}{ENDINGS.get(delivery.identify(content[: reading.HEAD]), '')}"
    return name, {name: content}


def _smaller(batch: Batch, name: str, content: bytes) -> bytes:
    paper = open_document(content, name, reading.page_limits(batch))
    return content if isinstance(paper, Finding) else image_scan(paper)[1]


def original(batch: Batch, row: RowMapping) -> dict[str, bytes]:
    """Return the electronic invoice that a record was read from, as a file to attach; nothing for other files."""
    with batch.world.ledger.read() as tx:
        file = files.get(tx, row["sha256"])
    if file["kind"] == Kind.ZIP:
        return _zipped(batch, row)
    if file["kind"] not in delivery.EINVOICES:
        return {}
    name = sealing.ENDINGS.sub("", file["name"])
    with sealing.reopened(batch, row["sha256"]) as stream:
        return {f"{row['id']:07d}_{outbound.plain_name(name)}": stream.read()}


def _zipped(batch: Batch, row: RowMapping) -> dict[str, bytes]:
    """The e-invoice in an archive that a record was read from; nothing where that was the CSV at its top."""
    source = stored.load(Invoice, row["document"]).source
    if source is None or "/" not in source.file:
        return {}  # asked first: to open an archive is to check all that is in it
    with sealing.reopened(batch, row["sha256"]) as stream:
        archive = delivery.open_zip(stream, source.file, reading.zip_limits(batch))
        if isinstance(archive, Finding):
            return {}
        found = [one for one in archive.einvoices if source.file.endswith(f"/{one}")]
        return {f"{row['id']:07d}_{outbound.plain_name(one)}": archive.member(one) or b"" for one in found}


@contextmanager
def opened(batch: Batch, sha256: str) -> Iterator[Member]:
    """Open the file that records came in, when the first of their attachments is asked for, and read it once."""
    with batch.world.ledger.read() as tx:
        row = files.get(tx, sha256)
    with sealing.reopened(batch, sha256) as stream:

        @cache
        def find() -> Member:
            kind = Kind(row["kind"]) if row["kind"] else Kind.UNKNOWN
            if kind is Kind.ZIP:
                archive = delivery.open_zip(stream, row["name"], reading.zip_limits(batch))
                return _none if isinstance(archive, Finding) else _member_of(archive, reading.xml_limits(batch))
            text = _invoice_text(batch, kind, stream.read(), row["name"])
            return _embedded(text, row["name"], reading.xml_limits(batch))

        def member(name: str) -> bytes | None:
            return find()(name)

        yield member


def _none(_: str) -> None:
    """Nothing came with the invoice."""


def _member_of(archive: delivery.Delivery, limits: xml.Limits) -> Member:
    """What lies in an archive, or is embedded in an e-invoice in it."""

    def member(name: str) -> bytes | None:
        found = archive.member(name)
        texts = ((archive.member(one) or b"", one) for one in archive.einvoices if found is None)
        inside = (_embedded(text, one, limits)(name) for text, one in texts)
        return found if found is not None else next((one for one in inside if one is not None), None)

    return member


def _invoice_text(batch: Batch, kind: Kind, content: bytes, name: str) -> bytes:
    """The e-invoice itself, also where it lies inside a PDF."""
    if kind is Kind.PDF:
        paper = open_document(content, name, reading.page_limits(batch))
        return b"" if isinstance(paper, Finding) else paper.embedded_xml or b""
    return content if kind in delivery.EINVOICES else b""


def _embedded(content: bytes, name: str, limits: xml.Limits) -> Member:
    if not content:
        return _none
    found = einvoice.attachments(io.BytesIO(content), name, limits)
    return {part.name: part.content for part in found if not isinstance(part, Finding)}.get
