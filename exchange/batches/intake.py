"""Intake: what was read becomes records, all of a file in one transaction or none."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from pydantic import TypeAdapter
from sqlalchemy import Connection

from capture.evidence import Evidence
from exchange.batches import drifting, reading, sealing
from exchange.batches.batch import Batch
from exchange.batches.findings import write_findings
from exchange.batches.inbound import Work
from exchange.batches.reading import Taken
from exchange.killpoints import Point, reached
from exchange.ledger import drift, files, records
from formats import delivery, rules, stored
from formats.delivery import Kind
from formats.documents import Invoice
from formats.findings import Finding, Severity
from formats.normalise import business_key

DOUBTFUL = frozenset({rules.CSV_TRAILER, rules.CSV_TOO_MANY_ROWS, rules.CSV_ROW_TYPE})
STREAMED = frozenset({delivery.Kind.CSV, delivery.Kind.ZIP})
EVIDENCE: TypeAdapter[Mapping[str, Evidence]] = TypeAdapter(Mapping[str, Evidence])


@dataclass(slots=True)
class Intake:
    """A file as it is written: its records by invoice number, and the findings that stand beside them."""

    batch: Batch
    work: Work
    position: int = 0
    records: dict[str, int] = field(default_factory=dict)
    loose: list[Finding] = field(default_factory=list)


def take_in(batch: Batch, work: Work) -> None:
    """Write every invoice of a file as a record, once; what cannot be read at all becomes a rejected record."""
    with batch.world.ledger.read() as tx:
        if records.of_file(tx, work.sha256):
            return
    with sealing.opened(batch, work.sha256, work.name) as content:
        kind, results = _results(batch, content, work.name)
        if kind not in STREAMED:
            results = iter(list(results))  # reading pages and proving rules is slow: do it before the ledger is locked
        with batch.world.ledger.write() as tx:
            if records.of_file(tx, work.sha256):
                return  # it took longer than the lease, and whoever took over read the same bytes
            files.set_kind(tx, work.sha256, kind)
            _write(tx, Intake(batch, work), results)
    reached(Point.FILE_TAKEN_IN)


def _results(batch: Batch, content: BinaryIO | Finding, name: str) -> tuple[Kind, Iterator[Taken | Finding]]:
    """What a file is and what it holds; one that cannot be decrypted or trusted holds a finding."""
    if isinstance(content, Finding):
        return Kind.UNKNOWN, iter([content])
    kind = delivery.identify(content.read(reading.HEAD))
    content.seek(0)
    return kind, reading.read(batch, kind, content, name)


def _write(tx: Connection, intake: Intake, results: Iterator[Taken | Finding]) -> None:
    """Write the records of a file in the order in which they stand in it, the unreadable ones as rejected."""
    for result in results:
        if isinstance(result, Finding):
            intake.loose.append(result)
        else:
            _add(tx, intake, result)
    _settle_loose(tx, intake)
    told = {"records": intake.position, "findings": len(intake.loose)}
    intake.batch.event(tx, "file taken in", sha256=intake.work.sha256, **told)


def _settle_loose(tx: Connection, intake: Intake) -> None:
    """Give each finding its place.

    One that names an invoice of the file belongs to that record; a sign that rows were lost casts doubt on every
    record; an error that names an invoice which could not be read makes a rejected record; the rest are remarks.
    """
    broken: dict[str, list[Finding]] = {}
    remarks: list[Finding] = []
    doubts: list[Finding] = []
    for finding in intake.loose:
        error = finding.severity is Severity.ERROR
        if finding.record in intake.records:
            _attach(tx, intake, intake.records[finding.record], [finding])
            continue
        remarks.append(finding)
        if error and (finding.record or not intake.records):
            broken.setdefault(finding.record or intake.work.name, []).append(finding)
        elif finding.rule in DOUBTFUL:
            doubts.append(finding)
    if not intake.records and not broken:
        broken[intake.work.name] = remarks
    write_findings(intake.batch, tx, remarks, sha256=intake.work.sha256)
    for record_id in intake.records.values() if doubts else ():
        _attach(tx, intake, record_id, doubts)
    for key, findings in broken.items():
        _reject(tx, intake, key, findings)


def _attach(tx: Connection, intake: Intake, record_id: int, findings: Sequence[Finding]) -> None:
    write_findings(intake.batch, tx, findings, sha256=intake.work.sha256, record_id=record_id)


def _add(tx: Connection, intake: Intake, taken: Taken) -> None:
    invoice = taken.invoice
    image = intake.batch.world.spool.keep_bytes(taken.image) if taken.image else None
    text = stored.dump(invoice)
    values = _identity(intake) | {
        "business_key": business_key(invoice),
        "payload_hash": hashlib.sha256(text.encode()).hexdigest(),
        "document": text,
        "image": taken.image_name or None,
        "image_sha256": image.sha256 if image else None,
        "evidence": EVIDENCE.dump_json(taken.evidence).decode() if taken.evidence else None,
        **describe(invoice),
    }
    record_id = records.add(tx, values, intake.batch.now())
    intake.records[invoice.number] = record_id
    if taken.layout:
        read = {"layout": taken.layout, "confidence": taken.confidence}
        drift.note(tx, record_id, intake.batch.now(), supplier_number=invoice.supplier_number, **read)
        drifting.watch(tx, intake.batch.world, invoice.supplier_number)
    _attach(tx, intake, record_id, taken.findings)


def describe(invoice: Invoice) -> dict[str, Any]:
    """Return the columns by which people look for an invoice; the amount of a credit note is negative."""
    return {
        "number": invoice.number,
        "supplier_number": invoice.supplier_number,
        "supplier_name": invoice.supplier_name,
        "currency": invoice.currency,
        "amount": invoice.signed_total,
    }


def _reject(tx: Connection, intake: Intake, key: str, broken: Sequence[Finding]) -> None:
    """Write what could not be read as a rejected record, so that it is counted and answered."""
    work = intake.work
    first = next((finding for finding in broken if finding.severity is Severity.ERROR), None)
    values = _identity(intake) | {
        "business_key": f"UNREADABLE|{work.sha256}|{key}",
        "payload_hash": work.sha256,
        "document": "",
        "number": key,
    }
    outcome = {
        "decision": "reject",
        "reasons": " ".join(dict.fromkeys(finding.rule.id for finding in broken)),
        "explanation": str(first) if first else f"{work.name} holds no invoice.",
        "suggestion": first.rule.remedy if first else "Ask the lockbox what it meant to send.",
    }
    now = intake.batch.now()
    records.settle(tx, records.add(tx, values, now), records.REJECTED, now, **outcome)


def _identity(intake: Intake) -> dict[str, Any]:
    intake.position += 1
    batch, work = intake.batch, intake.work
    return {"flow": batch.flow, "sha256": work.sha256, "batch_id": batch.id, "position": intake.position}
