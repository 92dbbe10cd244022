"""Coupa's loader: files laid before it, each record committed to its file, and what the loader says of them.

Coupa looks into its folders every few minutes, moves a file away before it reads it, and reports by
``data_file_sources``; there is no answer file (Coupa: file conventions, Data File Sources API). A record that left
in a file stays in ``intent`` until that report is read, so it is never sent in a second file.
"""

import csv
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

import structlog
from sqlalchemy import Connection, RowMapping

from exchange.batches import outbound
from exchange.batches.batch import Batch
from exchange.errors import BusyError
from exchange.killpoints import Point, reached
from exchange.ledger import outgoing, records
from exchange.spool import Kept
from formats.coupa.rest import FileLoad, RowError
from formats.split import BYTES, ROWS

log = structlog.get_logger()

REMOTE = "coupa"
LARGEST, MOST_ROWS = BYTES, ROWS
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
WHOLE = -1  # what concerns the whole file, not one document in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A file that lies ready in the spool, the records in it and its control totals by currency."""

    kept: Kept
    ending: str
    record_ids: Sequence[int]
    totals: Mapping[str, str] = field(default_factory=dict)


def by_file(batch: Batch) -> bool:
    """True when the flow that runs delivers through the loader."""
    return bool(getattr(batch.world.settings.flows, batch.flow).deliver == "file")


def carries(batch: Batch, row: RowMapping) -> bool:
    """True when a record is to go, or went, in a file; what Coupa has as a draft can be changed by API only."""
    if row["state"] == records.INTENT:
        return row["outgoing_id"] is not None
    return by_file(batch) and not row["remote_id"]


def ship(batch: Batch, folder: str, shipment: Shipment, part: int) -> None:
    """Write a file and the intent of every record in it in the ledger, in one transaction."""
    name = outbound.file_name(batch, folder, shipment.ending, part)
    parcel = outbound.Parcel(
        remote=REMOTE,
        path=f"{_place(batch, folder)}{name}",
        kept=shipment.kept,
        records=len(shipment.record_ids),
        totals=shipment.totals,
    )
    with batch.world.ledger.write() as tx:
        outgoing_id = outbound.prepare(batch, tx, parcel)
        if not records.dispatch(tx, shipment.record_ids, outgoing_id, batch.now()):
            raise BusyError("Another process is sending some of these records; the next batch sends the rest.")
        for record_id in shipment.record_ids:
            batch.event(tx, "intent", record_id=record_id, path=parcel.path)
    reached(Point.SHIPPED)


def results(batch: Batch, folder: str) -> Iterator[tuple[RowMapping, FileLoad]]:
    """Yield each file of a folder that waits for the loader with its result, until all have one or time is up.

    A file comes again as long as some of its records are still in ``intent``.
    """
    until = time.monotonic() + batch.world.settings.flows.invoices.loader_minutes * 60
    pause = FIRST_PAUSE
    while waiting := _waiting(batch, folder):
        for row in waiting:
            batch.world.progress.step(f"waiting for Coupa to load {_name(row)}")
            result = _result(batch, row)
            if result is not None:
                yield row, result
                _close(batch, row, result)
        if not batch.go_on() or not _waiting(batch, folder) or time.monotonic() + pause > until:
            return
        batch.world.leave.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def overdue(batch: Batch, row: RowMapping) -> bool:
    """True when a file arrived so long ago that its records must be at Coupa, or never will be."""
    settings = batch.world.settings
    longest = settings.flows.invoices.loader_minutes * 60 + settings.coupa.unknown_seconds
    return bool((batch.now() - row["published_at"]).total_seconds() > longest)


def _place(batch: Batch, folder: str) -> str:
    return f"{batch.world.settings.coupa.files.incoming}/{folder}/"


def _name(row: RowMapping) -> str:
    return str(row["path"]).rpartition("/")[2]


def _waiting(batch: Batch, folder: str) -> list[RowMapping]:
    with batch.world.ledger.read() as tx:
        rows = outgoing.unanswered(tx, batch.flow, REMOTE)
    return [row for row in rows if row["path"].startswith(_place(batch, folder))]


def _result(batch: Batch, row: RowMapping) -> FileLoad | None:
    """Return what became of a file: its first good load, for a second one only finds what the first one made."""
    loads = [load for load in batch.world.partners.coupa.file_loads(_name(row)) if isinstance(load, FileLoad)]
    finished = [load for load in loads if load.finished]
    return next((load for load in finished if load.status == "Done"), finished[-1] if finished else None)


def _close(batch: Batch, row: RowMapping, result: FileLoad) -> None:
    with batch.world.ledger.write() as tx:
        if not records.of_outgoing(tx, row["id"], records.INTENT):
            _acknowledge(batch, tx, row, result)
    reached(Point.LOAD_ACKNOWLEDGED)


def _acknowledge(batch: Batch, tx: Connection, row: RowMapping, result: FileLoad) -> None:
    outgoing.acknowledged(tx, row["id"])
    said = result.result or result.status
    log.info("coupa loaded a file", path=row["path"], status=result.status, result=said)
    batch.event(tx, "file loaded", sha256=row["sha256"], path=row["path"], status=result.status, result=said)


def owners(stream: TextIO, head: str = "") -> list[int]:
    """Return, row by row, the index of the document that a CSV row belongs to, and WHOLE for header rows.

    ``head`` is the keyword of the row that begins a document, "" where every row is one; a row may have several lines.
    """
    index, found = -1, list[int]()
    seen: set[str] = set()
    for cells in csv.reader(stream, strict=True):
        kind = cells[0] if head else ""
        index += kind in seen and kind == head
        found.append(index if kind in seen else WHOLE)
        seen.add(kind)
    return found


def blame(result: FileLoad, owned: Sequence[int]) -> dict[int, str]:
    """Return Coupa's reasons by index of document; those of no row, or of a file that failed, are under WHOLE."""
    reasons = defaultdict[int, list[str]](list)
    for error in result.errors:
        row = int(error.row) if error.row.isdecimal() else 0
        reasons[owned[row - 1] if 0 < row <= len(owned) else WHOLE].append(_say(error))
    if result.status != "Done" and not reasons[WHOLE]:
        reasons[WHOLE].append(result.result or f"the load of the file ended as {result.status}")
    return {index: "; ".join(dict.fromkeys(told)) for index, told in reasons.items() if told}


def _say(error: RowError) -> str:
    where = f"{error.field} {error.value!r}: " if error.field and error.value else ""
    return f"{where}{error.message or 'refused without a reason'}"
