"""Reading: the bytes of an inbound file become records, all of them in one transaction or none."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pydantic import TypeAdapter
from sqlalchemy import Connection

import capture.reader
from capture.evidence import Evidence
from capture.limits import Limits
from capture.pages import open_document
from exchange.batches import references
from exchange.batches.batch import Batch
from exchange.batches.findings import write_findings
from exchange.batches.inbound import Folder, Work
from exchange.batches.world import DROP_ARCHIVE
from exchange.ledger import files, records
from formats import delivery, einvoice, stored
from formats.coupa.invoices import InvoiceImport
from formats.delivery import Delivery, Kind
from formats.documents import Invoice
from formats.findings import Finding, Severity
from formats.normalise import business_key
from formats.text import decode

SETTLE_SECONDS = 1.0  # a file that is larger at the second look is still being written
EVIDENCE: TypeAdapter[Mapping[str, Evidence]] = TypeAdapter(Mapping[str, Evidence])
HEAD = 1 << 16
MEGA = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One invoice as it was read: its page image, what was found wrong, and where each captured value was seen."""

    invoice: Invoice
    image: bytes | None = None
    image_name: str = ""
    findings: tuple[Finding, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


def folders(batch: Batch) -> list[Folder]:
    """Return where invoices come from: the lockbox, and the drop folder if there is one."""
    settings = batch.world.settings
    places = [Folder("lockbox", settings.lockbox.outbox, settings.lockbox.archive, SETTLE_SECONDS)]
    if settings.drop.folder:
        drop = settings.drop
        places.append(Folder("drop", "", DROP_ARCHIVE, drop.quiet_seconds, drop.deadline_seconds))
    return places


def take_in(batch: Batch, work: Work) -> None:
    """Write every invoice of a file as a record, once; what cannot be read at all becomes a rejected record."""
    with batch.world.ledger.read() as tx:
        if records.of_file(tx, work.sha256):
            return
    with batch.world.spool.open(work.sha256) as stream:
        kind = delivery.identify(stream.read(HEAD))
        stream.seek(0)
        results = _read(batch, kind, stream, work.name)
        if kind in (Kind.PDF, Kind.TIFF, Kind.PNG, Kind.JPEG):
            results = iter(list(results))  # reading pages is slow: do it before the ledger is locked
        with batch.world.ledger.write() as tx:
            files.set_kind(tx, work.sha256, kind)
            _write(batch, tx, work, results)


def _read(batch: Batch, kind: Kind, stream: BinaryIO, name: str) -> Iterator[Taken | Finding]:
    """Read a file by what it is, never by what it is called."""
    match kind:
        case Kind.ZIP:
            return _read_zip(batch, stream, name)
        case Kind.CSV:
            return _read_csv(stream, name, None)
        case Kind.CXML | Kind.UBL | Kind.CII:
            return _read_xml(stream.read(), name)
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
    yield from _read_csv(io.BytesIO(opened.csv), opened.csv_name, opened)
    yield from opened.unused()


def _read_csv(stream: BinaryIO, name: str, opened: Delivery | None) -> Iterator[Taken | Finding]:
    decoded = decode(stream, name)
    yield from decoded.findings
    for result in InvoiceImport.read(decoded.stream, name):
        if isinstance(result, Finding):
            yield result
        else:
            yield _with_member(result, opened) if opened else Taken(invoice=result)


def _with_member(invoice: Invoice, opened: Delivery) -> Taken:
    """The invoice with the image that it names; what it names in vain is a finding against it."""
    missing = tuple(opened.missing(invoice))
    image = opened.member(invoice.image) if invoice.image else None
    return Taken(invoice=invoice, image=image, image_name=invoice.image, findings=missing)


def _read_xml(content: bytes, name: str) -> Iterator[Taken | Finding]:
    """An e-invoice; a PDF embedded in it serves as its image."""
    parts = [part for part in einvoice.attachments(io.BytesIO(content), name) if not isinstance(part, Finding)]
    picture = next((part for part in parts if delivery.identify(part.content[:HEAD]) in delivery.IMAGES), None)
    findings = []
    for result in einvoice.read(io.BytesIO(content), name):
        if isinstance(result, Finding):
            findings.append(result)
        else:
            image, image_name = (picture.content, picture.name) if picture else (None, "")
            yield Taken(invoice=result, image=image, image_name=image_name, findings=tuple(findings))
            findings = []
    yield from findings


def _read_pages(batch: Batch, content: bytes, name: str) -> Iterator[Taken | Finding]:
    """A scan or a PDF; the e-invoice inside a PDF wins over the picture."""
    paper = open_document(content, name, page_limits(batch))
    if isinstance(paper, Finding):
        yield paper
    elif paper.embedded_xml:
        for result in _read_xml(paper.embedded_xml, name):
            yield result if isinstance(result, Finding) else _with_image(result, content, name)
    else:
        reading = capture.reader.read(paper, references.master(batch).suppliers, batch.world.engines)
        yield Taken(
            invoice=reading.invoice,
            image=content,
            image_name=name,
            findings=tuple(reading.findings),
            evidence=reading.evidence,
        )


def _with_image(taken: Taken, content: bytes, name: str) -> Taken:
    return Taken(invoice=taken.invoice, image=content, image_name=name, findings=taken.findings)


def zip_limits(batch: Batch) -> delivery.Limits:
    """Return how much of a stranger's archive is unpacked."""
    limits = batch.world.settings.limits
    return delivery.Limits(members=limits.zip_members, ratio=limits.zip_ratio)


def page_limits(batch: Batch) -> Limits:
    """Return how much of a stranger's pages is read."""
    limits = batch.world.settings.limits
    return Limits(bytes=limits.file_megabytes * MEGA, pixels=limits.page_megapixels * MEGA, pages=limits.pages)


def _write(batch: Batch, tx: Connection, work: Work, results: Iterator[Taken | Finding]) -> None:
    """Write the records of a file in the order in which they stand in it, the unreadable ones as rejected."""
    loose: list[Finding] = []
    position = 0
    for result in results:
        if isinstance(result, Finding):
            loose.append(result)
        else:
            position += 1
            _add(batch, tx, work, position, result)
    write_findings(batch, tx, loose, sha256=work.sha256)
    for key, broken in _unreadable(loose, work.name, empty=position == 0).items():
        position += 1
        _reject(batch, tx, work, position, key, broken)
    batch.event(tx, "file taken in", sha256=work.sha256, records=position, findings=len(loose))


def _unreadable(findings: Sequence[Finding], name: str, *, empty: bool) -> dict[str, list[Finding]]:
    """The errors by the invoice they spoilt; those of no invoice count when the file held no invoice at all."""
    broken: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR and (finding.record or empty):
            broken.setdefault(finding.record or name, []).append(finding)
    return broken or ({name: list(findings)} if empty else {})


def _add(batch: Batch, tx: Connection, work: Work, position: int, taken: Taken) -> None:
    invoice = taken.invoice
    image = batch.world.spool.keep_bytes(taken.image) if taken.image else None
    text = stored.dump(invoice)
    values = _identity(batch, work, position) | {
        "business_key": business_key(invoice),
        "payload_hash": hashlib.sha256(text.encode()).hexdigest(),
        "document": text,
        "image": taken.image_name or None,
        "image_sha256": image.sha256 if image else None,
        "evidence": EVIDENCE.dump_json(taken.evidence).decode() if taken.evidence else None,
        **describe(invoice),
    }
    record_id = records.add(tx, values, batch.now())
    write_findings(batch, tx, taken.findings, sha256=work.sha256, record_id=record_id)


def describe(invoice: Invoice) -> dict[str, Any]:
    """Return the columns by which people look for an invoice; the amount of a credit note is negative."""
    return {
        "number": invoice.number,
        "supplier_number": invoice.supplier_number,
        "supplier_name": invoice.supplier_name,
        "currency": invoice.currency,
        "amount": invoice.signed_total,
    }


def _reject(batch: Batch, tx: Connection, work: Work, position: int, key: str, broken: list[Finding]) -> None:
    """Write what could not be read as a rejected record, so that it is counted and answered."""
    first = next((finding for finding in broken if finding.severity is Severity.ERROR), None)
    explanation = str(first) if first else f"{work.name} holds no invoice."
    values = _identity(batch, work, position) | {
        "business_key": f"UNREADABLE|{work.sha256}|{key}",
        "payload_hash": work.sha256,
        "document": "",
        "number": key,
    }
    record_id = records.add(tx, values, batch.now())
    outcome = {
        "decision": "reject",
        "reasons": " ".join(dict.fromkeys(finding.rule.id for finding in broken)),
        "explanation": explanation,
        "suggestion": first.rule.remedy if first else "Ask the lockbox what it meant to send.",
    }
    records.settle(tx, record_id, records.REJECTED, batch.now(), **outcome)


def _identity(batch: Batch, work: Work, position: int) -> dict[str, Any]:
    return {"flow": batch.flow, "sha256": work.sha256, "batch_id": batch.id, "position": position}
