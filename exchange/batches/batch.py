"""A batch: one run of one flow, from the row that opens it to the counts that close it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection

from capture.templates import Template
from exchange.batches.counts import Counts, count_records
from exchange.batches.master import SupplierMaster
from exchange.batches.world import World
from exchange.errors import ExchangeError, StoppedError
from exchange.ledger import batches, controls, events, partners
from exchange.remotes.base import Entry

DONE = "done"
FAILED = "failed"
UNFINISHED = "unfinished"


@dataclass(slots=True)
class Batch:
    """One run of one flow; ``counts`` are those of records that have no row of their own in the ledger.

    ``fetched`` are the files that it read: by remote and path, how they lay there, and their SHA-256.
    """

    id: int
    flow: str
    world: World
    counts: Counts = field(default_factory=Counts)
    master: SupplierMaster | None = None
    accounts: dict[str, frozenset[str] | None] = field(default_factory=dict)
    templates: Mapping[str, Template] | None = None
    fetched: dict[tuple[str, str], tuple[Entry, str]] = field(default_factory=dict)

    def now(self) -> dt.datetime:
        """Return the time."""
        return self.world.clock()

    def event(
        self, tx: Connection, what: str, *, sha256: str = "", record_id: int | None = None, **detail: object
    ) -> None:
        """Write down that something happened in this batch."""
        happened = events.Event(
            at=self.now(),
            what=what,
            who=self.world.owner,
            batch_id=self.id,
            sha256=sha256 or None,
            record_id=record_id,
            detail=detail,
        )
        events.append(tx, happened)

    def go_on(self) -> bool:
        """Say whether there is time for one more record; StoppedError when the kill switch is on."""
        with self.world.ledger.read() as tx:
            stop = controls.active(tx, controls.STOP)
        if stop is not None:
            raise StoppedError(
                f"The exchange was stopped by {stop['set_by']}: {stop['value']}. `exchange resume` ends it."
            )
        return not self.world.leave.is_set()

    def tally(self) -> Counts:
        """Return the counts of the batch as they stand now."""
        with self.world.ledger.read() as tx:
            rows = batches.records(tx, self.id)
        return count_records(rows) if rows else self.counts


@contextmanager
def open_batch(world: World, flow: str, trigger: str, slot: dt.datetime | None = None) -> Iterator[Batch]:
    """Open a batch, run what is inside, and close it with its counts; the conservation law must hold."""
    with world.ledger.write() as tx:
        batch_id = batches.start(tx, flow, trigger, world.clock(), slot)
    batch = Batch(batch_id, flow, world)
    with structlog.contextvars.bound_contextvars(flow=flow, batch=batch_id):
        try:
            batch.go_on()
            yield batch
        except BaseException as error:
            _close(batch, FAILED, error)
            raise
        counts = batch.tally()
        counts.check()
        _close(batch, UNFINISHED if counts.open else DONE)


def _close(batch: Batch, outcome: str, error: BaseException | None = None) -> None:
    summary, why = batch.tally().as_json(), _sentence(error)
    with batch.world.ledger.write() as tx:
        batches.end(tx, batch.id, batch.now(), outcome, summary, why)
        batch.event(tx, f"batch {outcome}", error=why)
        if error is None:
            partners.worked(tx, batch.flow)
        elif isinstance(error, ExchangeError) and error.partner:
            partners.failed(tx, batch.flow, error, batch.now())


def _sentence(error: BaseException | None) -> str:
    if error is None:
        return ""
    return str(error) if isinstance(error, ExchangeError) else f"{type(error).__name__}: {error}"
