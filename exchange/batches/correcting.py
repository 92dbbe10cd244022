"""Correcting: a person says what stands on a page; the record is put right, and the supplier's template learns."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from sqlalchemy import Connection, RowMapping

import capture.reader
from capture.evidence import Evidence, Reading
from capture.learning import KINDS, Value, learn
from capture.pages import open_document
from capture.paper import Paper
from capture.reading import first_reading
from capture.rules import FIELD_MISSING, FIELD_UNCERTAIN
from capture.templates import Template
from exchange.batches import drifting, intake, templates
from exchange.batches.templates import Lesson
from exchange.batches.world import World
from exchange.errors import ExchangeError
from exchange.ledger import drift, events, records
from formats import stored
from formats.documents import Invoice
from formats.findings import Box, Finding
from formats.normalise import business_key

FIELDS = (*KINDS, "currency", "unit", "supplier")
AMOUNTS, DATES = ("net_total", "tax_total", "total"), ("date", "due_date")
COMPARED = ("number", "date", "po_number", "currency", "total")
WHOLE_PAGE = Box(0.0, 0.0, 1.0, 1.0)
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a correction: the supplier, its template file, the fields put right, those not seen on the page."""

    supplier: str
    file: Path
    fields: tuple[str, ...]
    unseen: tuple[str, ...]
    doubt: str = ""


def correct(world: World, record_id: int, told: Mapping[str, str], who: str) -> Learned:
    """Learn from what a person told about a record, or from how it was corrected since it was read.

    A held record gets the values that were told; `exchange rerun` judges it anew. ExchangeError when the record was
    not read from a page, or nothing is to be learned.
    """
    with world.ledger.read() as tx:
        row = records.get(tx, record_id)
    paper, invoice = _paper(world, row), stored.load(Invoice, row["document"])
    right = {name: _value(name, text) for name, text in told.items()} or _differences(world, paper, invoice)
    if not right:
        raise ExchangeError(f"Record {record_id} says what was read; there is nothing to learn. Use --right.")
    supplier = str(right.pop("supplier", invoice.supplier_number))
    if not supplier:
        raise ExchangeError(f"Record {record_id} has no supplier; tell which one: --right supplier=NUMBER.")
    former = templates.load_one(world.settings.home, supplier)
    lesson = learn(first_reading(paper, world.engines.first)[0], right, former.template())
    note = Lesson(record=record_id, day=world.today(), by=who, fields=tuple(right))
    file = templates.save(world.settings.home, former, lesson.template, note)
    with world.ledger.write() as tx:
        if told and row["state"] == records.HELD:
            _put_right(tx, world, row, invoice, {**right, "supplier": supplier})
        drift.correct(tx, record_id, tuple(right) or ("supplier",), supplier)
        detail = {"fields": told or {name: str(value) for name, value in right.items()}, "supplier": supplier}
        events.append(
            tx, events.Event(at=world.clock(), what="capture corrected", who=who, record_id=record_id, detail=detail)
        )
        doubt = drifting.watch(tx, world, supplier)
    return Learned(supplier, file, tuple(told or right), lesson.unseen, doubt)


def _paper(world: World, row: RowMapping) -> Paper:
    if not row["image_sha256"] or not row["evidence"]:
        raise ExchangeError(f"Record {row['id']} was not read from a page, so there is nothing to learn from it.")
    with world.spool.open(row["image_sha256"]) as stream:
        paper = open_document(stream.read(), row["image"])
    if isinstance(paper, Finding):
        raise ExchangeError(f"The page of record {row['id']} cannot be opened: {paper.message}")
    return paper


def _value(name: str, text: str) -> Value:
    """The value that a person typed; ExchangeError when it is none."""
    try:
        if name in AMOUNTS:
            return Decimal(text)
        if name in DATES:
            return dt.date.fromisoformat(text)
    except (InvalidOperation, ValueError) as error:
        wanted = "an amount such as 1234.50" if name in AMOUNTS else "a date such as 2026-03-31"
        raise ExchangeError(f"{name}={text}: {text!r} is not {wanted}.") from error
    if name not in FIELDS or not text.strip():
        raise ExchangeError(f"{name}={text}: give one of {', '.join(FIELDS)}, and a value.")
    return text.strip()


def _differences(world: World, paper: Paper, invoice: Invoice) -> dict[str, Value]:
    """The fields in which the record is no longer what its page is read as."""
    known = templates.load_templates(world.settings.home)
    read = capture.reader.read(paper, (), world.engines, {invoice.supplier_number: known.get("", Template())})
    now: dict[str, Value | None] = {
        "number": invoice.number,
        "date": invoice.date,
        "po_number": next(iter(invoice.po_numbers), ""),
        "currency": invoice.currency,
        "total": invoice.total,
    }
    return {name: value for name in COMPARED if (value := now[name]) and not _same(read, name, value)}


def _same(read: Reading, name: str, value: Value) -> bool:
    chosen = read.chosen.get(name)
    if chosen is None:
        return False
    if isinstance(value, Decimal) and isinstance(chosen.value, Decimal):
        return abs(chosen.value) == abs(value)
    return chosen.value == value


def _put_right(tx: Connection, world: World, row: RowMapping, invoice: Invoice, right: Mapping[str, Value]) -> None:
    """Write the values into the record, each with a person as its evidence, and forget what was wrong with them."""
    corrected = _corrected(invoice, right)
    evidence = by_person(row["evidence"], right)
    described = intake.describe(corrected)
    records.note(tx, row["id"], world.clock(), document=stored.dump(corrected), evidence=evidence, **described)
    records.own(tx, row["id"], business_key(corrected))
    drift.forget_findings(tx, row["id"], (FIELD_MISSING.id, FIELD_UNCERTAIN.id), tuple(right))


def by_person(stored_evidence: str, right: Mapping[str, Value | bool | None]) -> str:
    """Return evidence as it is stored, with a person for the fields that a person put right."""
    evidence = dict(intake.EVIDENCE.validate_json(stored_evidence))
    for name, value in right.items():
        seen = evidence.get(name, Evidence(1, WHOLE_PAGE, "", PERSON, 1.0))
        evidence[name] = replace(seen, raw=str(value), engine=PERSON, confidence=1.0, reason="corrected by a person")
    return intake.EVIDENCE.dump_json(evidence).decode()


def _corrected(invoice: Invoice, right: Mapping[str, Value]) -> Invoice:
    plain = {name: right[name] for name in ("number", "date", "due_date", "currency") if name in right}
    found: Invoice = replace(invoice, **plain, supplier_number=str(right["supplier"]))  # type: ignore[arg-type]
    if isinstance(total := right.get("total"), Decimal):
        found = replace(found, control_total=abs(total))
    if order := right.get("po_number"):
        found = replace(found, lines=tuple(replace(line, po_number=str(order)) for line in found.lines))
    return found
