"""Editing: a person says what a held invoice should say; the record is put right and judged anew.

The correction is kept as an event with both values and, for a page, as a label that counts against the reading. It
never changes a rule or a template: `exchange capture learn` does that, when asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping

from capture import rules
from exchange.batches import drifting, intake, judging, rerunning
from exchange.batches.amending import Change, amended
from exchange.batches.batch import Batch
from exchange.batches.correcting import by_person
from exchange.batches.world import World
from exchange.errors import ExchangeError
from exchange.ledger import drift, events, records
from formats import stored
from formats.coupa.invoices import InvoiceImport
from formats.documents import Invoice
from formats.findings import Source
from formats.normalise import business_key

OF_READING = frozenset({rules.FIELD_MISSING.id, rules.FIELD_UNCERTAIN.id})


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of an edit: the changes, the record as it stands, and why its supplier's paper is doubted now."""

    changes: tuple[Change, ...]
    record: Mapping[str, Any]
    doubt: str = ""


def edit(world: World, record_id: int, told: Mapping[str, str], who: str, why: str, *, dry_run: bool = False) -> Edited:
    """Change fields of a held record, judge it anew, and load it if nothing else holds it.

    With ``dry_run`` nothing is written and nothing sent: the record is as it would be judged. ExchangeError when a
    field or value is none, or nothing changes; NotFoundError when the record is not held.
    """
    with world.ledger.read() as tx:
        row = rerunning.held(tx, record_id)
    after, changes = amended(_document(row), told)
    if not changes:
        raise ExchangeError(f"Record {record_id} says so already; nothing is changed.")
    if dry_run:
        return Edited(changes, _preview(world, row, after, changes))
    with world.ledger.write() as tx:
        _put_right(tx, world, row, after, changes)
        doubt = _label(tx, world, row, after, changes)
        detail = {"why": why, "changes": [[one.field, str(one.before), str(one.after)] for one in changes]}
        what = "edited by a person"
        events.append(tx, events.Event(at=world.clock(), what=what, who=who, record_id=record_id, detail=detail))
    return Edited(changes, rerunning.rerun(world, row["batch_id"], key=str(record_id))[0], doubt)


def _document(row: RowMapping) -> Invoice:
    if not row["document"]:
        raise ExchangeError(f"Record {row['id']} could not be read, so it cannot be edited; ask for a new file.")
    return stored.load(Invoice, row["document"])


def _preview(world: World, row: RowMapping, after: Invoice, changes: Sequence[Change]) -> dict[str, Any]:
    plain = {str(name): value for name, value in row.items()}
    edited: Any = plain | {"document": stored.dump(after), "evidence": _evidence(row, changes)}
    with world.ledger.read() as tx:
        mended = _stale(tx, row, changes)
    decided = judging.consider(Batch(row["batch_id"], row["flow"], world), edited, mended)[1]
    return plain | judging.judged_values(decided.judgement)


def _put_right(tx: Connection, world: World, row: RowMapping, after: Invoice, changes: Sequence[Change]) -> None:
    """Write the record as a person wants it, and forget what was wrong with what was changed."""
    records.note(tx, row["id"], world.clock(), document=stored.dump(after), **intake.describe(after))
    records.own(tx, row["id"], business_key(after))
    records.forget_findings(tx, _stale(tx, row, changes))


def _stale(tx: Connection, row: RowMapping, changes: Sequence[Change]) -> list[int]:
    return [one["id"] for one in records.findings(tx, row["id"]) if _is_stale(row, one, changes)]


def _is_stale(row: RowMapping, finding: RowMapping, changes: Sequence[Change]) -> bool:
    """True for what judging finds anew, and for what was wrong with the reading of a changed field."""
    if judging.found_anew(row, finding):
        return True
    if finding["rule"] in OF_READING:
        return any(finding["message"].startswith(_starts(one.field)) for one in changes)
    attributes = {one.attribute for one in changes}
    columns = {field.name.strip("*") for row in InvoiceImport.rows for field in row.fields if field.to in attributes}
    return stored.load(Source, finding["source"]).column.strip("*") in columns


def _starts(field: str) -> tuple[str, ...]:
    """Return how reading begins to tell that it did not find the field, or is not sure of it."""
    return ("no line items ",) if field.startswith("line.") else (f"no {field} ", f"{field} ")


def _label(tx: Connection, world: World, row: RowMapping, after: Invoice, changes: Sequence[Change]) -> str:
    """Keep what a person corrected on a page: its evidence is the person, and the reading was wrong there."""
    if not row["evidence"]:
        return ""
    records.note(tx, row["id"], world.clock(), evidence=_evidence(row, changes))
    drift.correct(tx, row["id"], tuple(dict.fromkeys(one.field for one in changes)), after.supplier_number)
    return drifting.watch(tx, world, after.supplier_number)


def _evidence(row: RowMapping, changes: Sequence[Change]) -> str | None:
    """The evidence of a page as it is stored, with a person for what was changed; None for what was no page."""
    return by_person(row["evidence"], {one.field: one.after for one in changes}) if row["evidence"] else None
