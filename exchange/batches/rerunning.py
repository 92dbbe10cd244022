"""Working records again: what failed, what a person released, what a person rejected."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping

from exchange.batches import (
    adopting,
    answering,
    booking,
    delivery,
    inbound,
    judging,
    loader,
    loading,
    outbound,
    quarantine,
    references,
    remittances,
    voiding,
)
from exchange.batches.batch import Batch, open_batch
from exchange.batches.counts import OPEN
from exchange.batches.world import World
from exchange.errors import ExchangeError, NotFoundError
from exchange.flow import FlowName
from exchange.ledger import batches, files, outgoing, records
from payables.verdicts import Decision

FAILED = (records.HELD, records.REJECTED)
AGAIN = (*FAILED, records.NEW, records.INTENT)
FRESH: dict[str, Any] = {"judgement": None, "decision": None, "reasons": "", "explanation": None, "suggestion": None}


def rerun(
    world: World, batch_id: int, *, only_failed: bool = False, key: str = "", dry_run: bool = False
) -> list[dict[str, Any]]:
    """Work again what a batch did not load, and return its records as they stand then.

    Files that a batch sent are put in place again under the same name with the same bytes.
    ``key`` is the id or the invoice number of one record; NotFoundError when the batch has none such.
    """
    with world.ledger.read() as tx:
        former = batches.get(tx, batch_id)
        rows = _chosen(batches.records(tx, batch_id), FAILED if only_failed else AGAIN, key)
    if dry_run:
        return _preview(world, former, rows)
    with open_batch(world, former["flow"], f"rerun of {batch_id}") as batch:
        if not key and not only_failed:
            _send_again(batch, batch_id)
        return _work(batch, rows, FRESH)


def release(world: World, record_id: int, who: str, why: str) -> dict[str, Any]:
    """Load a held record because a person says so; NotFoundError when it is not held."""
    with world.ledger.read() as tx:
        row = held(tx, record_id)
    if not row["document"]:
        raise ExchangeError(f"Record {record_id} could not be read, so it cannot be loaded; ask for a new file.")
    decided = {"decision": Decision.LOAD.value, "explanation": f"Released by {who}: {why}", "suggestion": None}
    with open_batch(world, row["flow"], f"release of record {record_id}") as batch:
        return _work(batch, [row], decided)[0]


def reject(world: World, record_id: int, who: str, why: str) -> dict[str, Any]:
    """Reject a held record for good because a person says so; NotFoundError when it is not held."""
    with world.ledger.read() as tx:
        row = held(tx, record_id)
    with open_batch(world, row["flow"], f"rejection of record {record_id}") as batch:
        told = {"decision": Decision.REJECT.value, "explanation": f"Rejected by {who}: {why}", "owned_key": None}
        with world.ledger.write() as tx:
            records.settle(tx, record_id, records.REJECTED, batch.now(), **told)
            batch.event(tx, "rejected by a person", record_id=record_id, by=who, why=why)
        return _count(batch, [record_id])[0]


def refuse(world: World, sha256: str, who: str, why: str) -> RowMapping:
    """Finish a file in quarantine as rejected because a person says so, and answer it; what may be at Coupa is not."""
    file = quarantine.find(world, sha256)
    with open_batch(world, file["flow"], f"refusal of {file['name']}") as batch:
        with world.ledger.write() as tx:
            _reject_all(batch, tx, file, f"Refused by {who}: {why}")
            files.set_state(tx, file["sha256"], files.OPEN)
            batch.event(tx, "file refused", sha256=file["sha256"], by=who, why=why)
        if work := inbound.claim_file(batch, file["sha256"]):
            with inbound.finishing(batch, work):
                _work_file(batch, work)
        outbound.publish(batch)
    quarantine.forget(world, file)
    return file


def _reject_all(batch: Batch, tx: Connection, file: RowMapping, why: str) -> None:
    """Reject what a file holds; a file that nobody could read becomes one rejected record, so that it is counted."""
    rows = records.of_file(tx, file["sha256"])
    if doubtful := [row["number"] for row in rows if row["state"] == records.INTENT or row["remote_id"]]:
        raise ExchangeError(f"{', '.join(doubtful)} may be at Coupa; release the file, so that it is looked up.")
    told = {"decision": Decision.REJECT.value, "explanation": why, "owned_key": None}
    values = {"flow": batch.flow, "sha256": file["sha256"], "batch_id": batch.id, "number": file["name"]}
    unread = {"business_key": f"UNREADABLE|{file['sha256']}", "payload_hash": file["sha256"], "document": ""}
    ids = [row["id"] for row in rows if row["state"] not in records.OUTCOMES]
    for record_id in ids if rows else [records.add(tx, values | unread, batch.now())]:
        records.settle(tx, record_id, records.REJECTED, batch.now(), **told)


def held(tx: Connection, record_id: int) -> RowMapping:
    """Return a record that a person may decide on; NotFoundError when it is not held or rejected."""
    row = records.get(tx, record_id)
    if row["state"] not in FAILED:
        raise NotFoundError(f"Record {record_id} is {row['state']}, not held; there is nothing to decide.")
    return row


def _chosen(rows: Sequence[RowMapping], states: Iterable[str], key: str) -> list[RowMapping]:
    chosen = [row for row in rows if row["state"] in states and key in ("", str(row["id"]), row["number"])]
    if key and not chosen:
        raise NotFoundError(f"The batch has no record {key!r} that could be worked again.")
    return [row for row in chosen if row["document"]]


def _preview(world: World, former: RowMapping, rows: list[RowMapping]) -> list[dict[str, Any]]:
    """What judging would say now; nothing is written and nothing is sent."""
    if former["flow"] != FlowName.INVOICES:
        return [_plain(row) for row in rows]
    batch = Batch(former["id"], former["flow"], world)
    return [_plain(row) | judging.judged_values(judging.consider(batch, row)[1].judgement) for row in rows]


def _work(batch: Batch, rows: list[RowMapping], values: dict[str, Any]) -> list[dict[str, Any]]:
    """Put records back to the start and work their files."""
    if batch.flow == FlowName.INVOICES and rows:
        references.refresh(batch, at_once=True)  # a person has just repaired something
    for sha256 in dict.fromkeys(row["sha256"] for row in rows):
        _reopen(batch, sha256, [row for row in rows if row["sha256"] == sha256], values)
        work = inbound.claim_file(batch, sha256)
        if work is not None:
            with inbound.finishing(batch, work):
                _work_file(batch, work)
    _load_by_file(batch)
    outbound.publish(batch)
    return _count(batch, [row["id"] for row in rows])


def _reopen(batch: Batch, sha256: str, rows: list[RowMapping], values: dict[str, Any]) -> None:
    with batch.world.ledger.write() as tx:
        files.set_state(tx, sha256, files.OPEN)
        for row in rows:
            # An open intent keeps its state: its outcome must be looked up before anything is sent again.
            state = row["state"] if row["state"] == records.INTENT else records.NEW
            records.settle(tx, row["id"], state, batch.now(), **({} if state == records.INTENT else values))
            batch.event(tx, "record reopened", record_id=row["id"])


def _work_file(batch: Batch, work: inbound.Work) -> None:
    if batch.flow == FlowName.PAYMENTS:
        remittances.book(batch, work)
        return
    voiding.void(batch, work)
    adopting.adopt(batch, work)
    judging.judge(batch, work)
    delivery.deliver(batch, work)
    answering.answer(batch, work)


def _load_by_file(batch: Batch) -> None:
    """Send what goes by Coupa's loader, and learn what became of what went."""
    if batch.flow == FlowName.INVOICES:
        loading.load(batch)
    elif batch.flow == FlowName.PAYMENTS:
        booking.load(batch)


def _send_again(batch: Batch, batch_id: int) -> None:
    """Put the files of a batch in place again, but for those that Coupa's loader would load a second time."""
    with batch.world.ledger.write() as tx:
        for row in batches.outgoings(tx, batch_id):
            if row["remote"] == loader.REMOTE:
                continue
            outgoing.again(tx, row["id"])
            batch.event(tx, "file sent again", sha256=row["sha256"], path=row["path"])


def _count(batch: Batch, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Count the records in this batch, although they belong to an earlier one, and return them."""
    with batch.world.ledger.read() as tx:
        rows = [records.get(tx, record_id) for record_id in ids]
    for row in rows:
        batch.counts.take(row["currency"], row["amount"])
        state = row["state"] if row["state"] in records.OUTCOMES else OPEN
        batch.counts.settle(state, row["currency"], row["amount"])
    return [_plain(row) for row in rows]


def _plain(row: RowMapping) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}
