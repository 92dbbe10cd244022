"""Sending: nothing leaves for Coupa before its intent is committed, and nothing leaves too late.

The time for a request begins before its intent is written. A process that was frozen between the two finds its time
over by the monotonic clock and sends nothing, for by then somebody else may have looked the record up and sent it.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import RowMapping

from exchange.batches.batch import Batch
from exchange.batches.inbound import Work
from exchange.coupa.deadline import ends_after
from exchange.errors import BusyError, CoupaBusyError, CoupaUnreachableError
from exchange.killpoints import Point, reached
from exchange.ledger import files, records


class TakenOverError(BusyError):
    """Another process works this file now; nothing was sent."""


def is_too_early(batch: Batch, row: RowMapping) -> bool:
    """True while Coupa may still be making up its mind about a request whose outcome nobody knows."""
    window = dt.timedelta(seconds=batch.world.settings.coupa.unknown_seconds)
    return bool(row["state"] == records.INTENT and batch.now() < row["intent_at"] + window)


@contextmanager
def sending(batch: Batch, work: Work, row: RowMapping, what: str, at: Point = Point.INTENT) -> Iterator[None]:
    """Commit to one request on a record and send it inside; TakenOverError when the lease is lost.

    A request that Coupa turned away, or that could not be sent, leaves no doubt: the record is ``new`` again.
    """
    with ends_after(batch.world.settings.coupa.deadline_seconds):
        _intend(batch, work, row, what)
        reached(at)
        try:
            yield
        except (CoupaBusyError, CoupaUnreachableError) as error:
            with batch.world.ledger.write() as tx:
                if records.withdraw(tx, row["id"], work.claim, batch.now()):
                    batch.event(tx, "not sent", record_id=row["id"], error=str(error))
            raise


def _intend(batch: Batch, work: Work, row: RowMapping, what: str) -> None:
    settings = batch.world.settings
    longest = dt.timedelta(seconds=settings.coupa.deadline_seconds)
    with batch.world.ledger.write() as tx:
        claim = files.renew(tx, work.claim, batch.now(), settings.ledger.lease_seconds)
        if claim is None or not records.intend(tx, row["id"], claim, batch.now(), longest):
            raise TakenOverError
        work.claim = claim
        batch.event(tx, "intent", record_id=row["id"], number=row["number"], to=what)
