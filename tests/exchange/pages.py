"""Pages that arrive at a desk."""

from collections.abc import Mapping
from typing import Any

from exchange.batches import inbound, intake, judging, rerunning
from exchange.batches.batch import open_batch
from exchange.ledger import files, records
from exchange.ledger.files import Seen
from tests.exchange.desk import Desk
from tests.exchange.parties import utc_now


def take(desk: Desk, content: bytes, name: str = "page.pdf") -> Mapping[str, Any]:
    """Take in a page, judge it, and return its record."""
    kept = desk.world.spool.keep_bytes(content)
    seen = Seen(sha256=kept.sha256, flow="invoices", remote="lockbox", path=name, name=name, size=kept.size)
    with open_batch(desk.world, "invoices", "test") as batch:
        with desk.world.ledger.write() as tx:
            files.see(tx, seen, batch.id, utc_now())
        work = inbound.claim_file(batch, kept.sha256)
        assert work is not None
        with inbound.finishing(batch, work):
            intake.take_in(batch, work)
            judging.judge(batch, work)
    return desk.records(kept.sha256)[0]


def judge_again(desk: Desk, sha256: str) -> Mapping[str, Any]:
    """Judge the record of a page anew, and return it."""
    with desk.world.ledger.write() as tx:
        for row in records.of_file(tx, sha256):
            records.settle(tx, row["id"], records.NEW, utc_now(), **rerunning.FRESH)
    with open_batch(desk.world, "invoices", "test") as batch:
        work = inbound.claim_file(batch, sha256)
        assert work is not None
        with inbound.finishing(batch, work):
            judging.judge(batch, work)
    return desk.records(sha256)[0]
