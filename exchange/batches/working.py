"""Working the files that came in: claimed, taken in, judged, delivered, answered; here or by worker processes."""

import time
from collections.abc import Iterator, Sequence
from functools import partial

import structlog
from sqlalchemy import RowMapping

from exchange.batches import adopting, answering, delivery, inbound, intake, judging, voiding
from exchange.batches.batch import Batch, open_batch
from exchange.batches.counts import OPEN
from exchange.batches.world import World
from exchange.breaker import Breakers
from exchange.dispatch import Dispatcher, InProcess, Queue
from exchange.errors import ExchangeError, LedgerError
from exchange.flow import FlowName
from exchange.ledger import files, records

log = structlog.get_logger()
LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 60  # behind the end of a lease


def work_files(batch: Batch) -> None:
    """Work every open file of the flow, here or by the workers; then the batch waits until they have had each."""
    with batch.world.ledger.read() as tx:
        rows = files.unfinished(tx, batch.flow)
    elsewhere = batch.world.settings.ledger.dispatch == "workers"
    here: Dispatcher = InProcess(partial(work_file, batch))
    there = _queue(batch.world) if elsewhere and rows else here
    there.send(_one_by_one(batch, rows))
    if elsewhere:
        _await(batch, rows)
        _count(batch, rows)


def work_file(batch: Batch, sha256: str) -> None:
    """Work one file to its end, or as far as it goes now; without effect when somebody else holds it."""
    work = inbound.claim_file(batch, sha256)
    if work is None:
        return
    with inbound.finishing(batch, work):
        intake.take_in(batch, work)
        voiding.void(batch, work)
        adopting.adopt(batch, work)
        judging.judge(batch, work)
        delivery.deliver(batch, work)
        answering.answer(batch, work)


def serve(world: World) -> None:
    """Work files that other processes send, until the process is asked to end; what is left is sent on."""
    queue, breakers = _queue(world), Breakers()
    queue.send(_open(world))
    log.info("working")
    try:
        queue.work(partial(_job, world, breakers), partial(_lapsed, world), world.leave)
    finally:
        queue.send(_open(world))
    log.info("leaving")


def _job(world: World, breakers: Breakers, sha256: str) -> None:
    """Work one file in a batch of its own; what goes wrong stands in the ledger, and the worker lives on.

    A partner that is down is told of once; the sweep sends its files again.
    """
    with world.ledger.read() as tx:
        if not files.is_free(tx, sha256, world.clock()):
            return
    try:
        with open_batch(world, FlowName.INVOICES, "worker") as batch:
            work_file(batch, sha256)
    except LedgerError as error:  # the worker itself tells of it, once, when it finds its database gone
        log.warning("batch failed", file=sha256, error=str(error), retry=True)
    except ExchangeError as error:
        if not breakers.failed(FlowName.INVOICES, error, time.monotonic()):
            log.error("batch failed", file=sha256, error=str(error), retry=error.retry)  # noqa: TRY400
    else:
        breakers.worked(FlowName.INVOICES)
        log.info("file worked", file=sha256, batch=batch.id, **batch.tally().as_json())


def _queue(world: World) -> Queue:
    return Queue(world.settings.ledger_url, world.settings.ledger.lease_seconds)


def _open(world: World) -> list[str]:
    with world.ledger.read() as tx:
        return [row["sha256"] for row in files.unfinished(tx, FlowName.INVOICES)]


def _lapsed(world: World) -> list[str]:
    """The files whose owner let its lease run out: it is dead or frozen."""
    with world.ledger.read() as tx:
        return files.lapsed(tx, FlowName.INVOICES, world.clock())


def _one_by_one(batch: Batch, rows: Sequence[RowMapping]) -> Iterator[str]:
    for number, row in enumerate(rows, 1):
        if not batch.go_on():
            return
        batch.world.progress.advance(number, len(rows), str(row["name"]))
        yield row["sha256"]


def _await(batch: Batch, rows: Sequence[RowMapping]) -> None:
    """Wait until each file was in hand and was put down; a batch does not wait for ever for workers that are not."""
    batch.world.progress.step("waiting for the workers")
    patience = batch.world.settings.ledger.lease_seconds + PATIENCE_SECONDS
    before, since = list(rows), time.monotonic()
    while batch.go_on():
        now = [_look(batch, row["sha256"]) for row in rows]
        if all(_was_in_hand(old, new) for old, new in zip(rows, now, strict=True)):
            return
        if [*map(dict, now)] != [*map(dict, before)]:
            before, since = now, time.monotonic()
        if time.monotonic() - since > patience:
            log.error("no worker takes the files: is `exchange worker` running?", files=len(rows))
            return
        batch.world.leave.wait(LOOK_SECONDS)


def _look(batch: Batch, sha256: str) -> RowMapping:
    with batch.world.ledger.read() as tx:
        return files.get(tx, sha256)


def _was_in_hand(old: RowMapping, new: RowMapping) -> bool:
    put_down = new["owner"] is None and (new["fence"] > old["fence"] or old["owner"] is not None)
    return bool(new["state"] != files.OPEN or put_down)


def _count(batch: Batch, rows: Sequence[RowMapping]) -> None:
    """Count what the workers made of the files, although the records belong to batches of theirs."""
    for row in rows:
        with batch.world.ledger.read() as tx:
            made = records.of_file(tx, row["sha256"])
        for record in made:
            batch.counts.take(record["currency"], record["amount"])
            state = record["state"] if record["state"] in records.OUTCOMES else OPEN
            batch.counts.settle(state, record["currency"], record["amount"])
