"""Pages that arrive at a desk."""

from collections.abc import Mapping
from typing import Any

from exchange.batches import inbound, intake, judging
from exchange.batches.batch import open_batch
from exchange.ledger import files
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
        intake.take_in(batch, work)
        judging.judge(batch, work)
    return desk.records(kept.sha256)[0]
