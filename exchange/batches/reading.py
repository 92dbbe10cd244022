"""Reading: the bytes of an inbound file become invoices, each with its page image and what was found wrong."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

import capture.reader
from capture.evidence import Evidence, Reading
from capture.limits import Limits
from capture.pages import open_document
from exchange.batches import references
from exchange.batches.batch import Batch
from exchange.batches.inbound import Folder
from exchange.batches.master import CANDIDATES
from exchange.batches.overlays import load_layout
from exchange.batches.world import DROP_ARCHIVE
from formats import cxml_structure, delivery, einvoice, formulas, rules, rules_en16931, xml
from formats.coupa.invoices import InvoiceImport
from formats.delivery import Delivery, Kind
from formats.documents import Invoice
from formats.findings import Finding, Source
from formats.text import decode, readable

SETTLE_SECONDS = 1.0  # a file that is larger at the second look is still being written
HEAD = 1 << 16
MEGA = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One invoice as it was read: its page image, what was found wrong, and where each captured value was seen.

    ``layout`` is the fingerprint of the form that was read, "" for what was not read from a page.
    """

    invoice: Invoice
    image: bytes | None = None
    image_name: str = ""
    findings: tuple[Finding, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    layout: str = ""
    confidence: float = 1.0


def folders(batch: Batch) -> list[Folder]:
    """Return where invoices come from: the lockbox, and the drop folder if there is one."""
    settings = batch.world.settings
    places = [Folder("lockbox", settings.lockbox.outbox, settings.lockbox.archive, SETTLE_SECONDS)]
    if settings.drop.folder:
        drop = settings.drop
        places.append(Folder("drop", "", DROP_ARCHIVE, drop.quiet_seconds, drop.deadline_seconds))
    return places


def read(batch: Batch, kind: Kind, stream: BinaryIO, name: str) -> Iterator[Taken | Finding]:
    """Read a file by what it is, never by what it is called."""
    match kind:
        case Kind.ZIP:
            return _read_zip(batch, stream, name)
        case Kind.CSV:
            return _read_csv(batch, stream, name, None)
        case Kind.CXML | Kind.UBL | Kind.CII:
            return _read_xml(batch, stream.read(), name)
        case Kind.PDF | Kind.TIFF | Kind.PNG | Kind.JPEG:
            return _read_pages(batch, stream.read(), name)
        case _:
            return iter([delivery.unknown_kind(name)])


def _read_zip(batch: Batch, stream: BinaryIO, name: str) -> Iterator[Taken | Finding]:
    opened = delivery.open_zip(stream, name, zip_limits(batch))
    if isinstance(opened, Finding):
        yield opened
        return
    yield from opened.findings
    if opened.einvoices:
        yield from _read_einvoices(batch, opened)
    else:
        yield from _read_csv(batch, io.BytesIO(opened.csv), opened.csv_name, opened)
    yield from opened.unused()


def _read_einvoices(batch: Batch, opened: Delivery) -> Iterator[Taken | Finding]:
    """The e-invoices of an archive; the page beside one is its image, and what it says is checked against it."""
    for one in opened.einvoices:
        page = opened.beside(one)
        image = opened.member(page) if page else None
        for result in _read_xml(batch, opened.member(one) or b"", f"{opened.name}/{one}"):
            yield result if isinstance(result, Finding) or image is None else _with_image(result, image, page)


def _read_csv(batch: Batch, stream: BinaryIO, name: str, opened: Delivery | None) -> Iterator[Taken | Finding]:
    layout = load_layout(batch.world.settings.flows.invoices.overlay, InvoiceImport.name)
    decoded = decode(stream, name)
    yield from decoded.findings
    with decoded.stream:
        for result in layout.read(decoded.stream, name) if readable(decoded) else ():
            if isinstance(result, Finding):
                yield result
            else:
                yield _with_image_of(batch, _with_member(result, opened) if opened else Taken(invoice=result), name)


def _with_image_of(batch: Batch, taken: Taken, name: str) -> Taken:
    """The invoice as it is, or with a finding where it names no page image and must."""
    invoice = taken.invoice
    if invoice.image or invoice.is_voided or not batch.world.settings.flows.invoices.image_required:
        return taken
    source = invoice.source or Source(name)
    finding = Finding(source, rules.IMAGE_MISSING, "it names no page image", invoice.number)
    return replace(taken, findings=(*taken.findings, finding))


def _with_member(invoice: Invoice, opened: Delivery) -> Taken:
    """The invoice with the image that it names; what it names in vain is a finding against it."""
    missing = tuple(opened.missing(invoice))
    image = opened.member(invoice.image) if invoice.image else None
    return Taken(invoice=invoice, image=image, image_name=invoice.image, findings=missing)


def _read_xml(batch: Batch, content: bytes, name: str) -> Iterator[Taken | Finding]:
    """An e-invoice; a PDF embedded in it serves as its image."""
    limits = xml_limits(batch)
    found = einvoice.attachments(io.BytesIO(content), name, limits)
    parts = [part for part in found if not isinstance(part, Finding)]
    picture = next((part for part in parts if delivery.identify(part.content[:HEAD]) in delivery.IMAGES), None)
    findings = []
    for result in einvoice.read(io.BytesIO(content), name, limits):
        if isinstance(result, Finding):
            findings.append(result)
        else:
            image, image_name = (picture.content, picture.name) if picture else (None, "")
            findings += rules_en16931.warnings(content, name)
            findings += cxml_structure.check(content, name)
            yield Taken(invoice=result, image=image, image_name=image_name, findings=tuple(findings))
            findings = []
    yield from findings


def _read_pages(batch: Batch, content: bytes, name: str) -> Iterator[Taken | Finding]:
    """A scan or a PDF; the e-invoice inside a PDF wins over the picture."""
    paper = open_document(content, name, page_limits(batch))
    if isinstance(paper, Finding):
        yield paper
    elif paper.embedded_xml:
        for result in _read_xml(batch, paper.embedded_xml, name):
            yield result if isinstance(result, Finding) else _with_image(result, content, name)
    else:
        directory, templates = references.master(batch).directory, references.templates(batch)
        reading = capture.reader.read(paper, directory, batch.world.engines, templates)
        yield Taken(
            invoice=_with_candidates(reading),
            image=content,
            image_name=name,
            findings=(*reading.findings, *formulas.doubts(reading.invoice)),
            evidence=reading.evidence,
            layout=reading.layout,
            confidence=reading.confidence,
        )


def _with_candidates(reading: Reading) -> Invoice:
    """The invoice as it was read; where no supplier was sure, with those that fit, for people to choose from."""
    invoice = reading.invoice
    if invoice.supplier_number or not reading.supplier_candidates:
        return invoice
    return replace(invoice, other={**invoice.other, CANDIDATES: "\n".join(reading.supplier_candidates)})


def _with_image(taken: Taken, content: bytes, name: str) -> Taken:
    return Taken(invoice=taken.invoice, image=content, image_name=name, findings=taken.findings)


def zip_limits(batch: Batch) -> delivery.Limits:
    """Return how much of a stranger's archive is unpacked."""
    limits = batch.world.settings.limits
    return delivery.Limits(
        members=limits.zip_members,
        ratio=limits.zip_ratio,
        total=limits.zip_megabytes * MEGA,
        member=limits.file_megabytes * MEGA,
    )


def xml_limits(batch: Batch) -> xml.Limits:
    """Return how much of a stranger's XML is read."""
    limits = batch.world.settings.limits
    return xml.Limits(size=limits.xml_megabytes * MEGA, depth=limits.xml_depth)


def page_limits(batch: Batch) -> Limits:
    """Return how much of a stranger's pages is read."""
    limits = batch.world.settings.limits
    return Limits(
        bytes=limits.file_megabytes * MEGA,
        pixels=limits.page_megapixels * MEGA,
        pages=limits.pages,
        words=limits.page_words,
        all_words=limits.document_words,
        seconds=limits.reading_seconds,
        drawing_seconds=limits.drawing_seconds,
        xml_bytes=limits.xml_megabytes * MEGA,
    )
