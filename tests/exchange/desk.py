"""A desk without partners: a ledger in a folder, reference data and invoices put there by hand, and a judge."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.batches import inbound, intake, judging
from exchange.batches.batch import open_batch
from exchange.batches.entries import entry
from exchange.batches.world import World, open_world
from exchange.ledger import files, records, reference
from exchange.ledger.files import Seen
from exchange.settings import load_settings
from formats.coupa.invoices import InvoiceImport
from formats.documents import Document, Invoice
from tests.exchange.parties import utc_now

POLICY = """
[policy]
chart_of_accounts = "ACME UK"
[policy.gates]
amount = { "*" = 100000 }
confidence = 0.95
new_supplier = "load"
[policy.tolerances]
price = { above = { percent = 2, amount = 50, combine = "all" }, below = "unlimited" }
quantity = "none"
amount_line = "none"
order_total = { above = { percent = 2, amount = 100, combine = "all" } }
tax = "none"
charges = "none"
total = "none"
budget = { above = { percent = "unlimited", amount = 100 } }
supplier_budget = { above = { percent = "unlimited", amount = 500 } }
[[policy.phases]]
phase = "auto"
"""


@dataclass(frozen=True)
class Desk:
    """A world with a ledger of its own."""

    world: World
    config: Path

    def know(self, *documents: Document) -> None:
        """Put documents into the reference store, as if Coupa had told them."""
        with self.world.ledger.write() as tx:
            reference.put(tx, [entry(document) for document in documents], utc_now())

    def judge(self, *invoices: Invoice) -> list[Mapping[str, Any]]:
        """Take in a file of invoices, judge it, and return its records."""
        text = io.StringIO(newline="")
        InvoiceImport.write(invoices, text)
        kept = self.world.spool.keep_bytes(text.getvalue().encode())
        name = f"{kept.sha256[:8]}.csv"
        seen = Seen(
            sha256=kept.sha256, flow="invoices", remote="lockbox", path=f"outbox/{name}", name=name, size=kept.size
        )
        with open_batch(self.world, "invoices", "test") as batch:
            with self.world.ledger.write() as tx:
                files.see(tx, seen, batch.id, utc_now())
            work = inbound.claim_file(batch, kept.sha256)
            assert work is not None
            intake.take_in(batch, work)
            judging.judge(batch, work)
        return self.records(kept.sha256)

    def records(self, sha256: str) -> list[Mapping[str, Any]]:
        """Return the records of a file."""
        with self.world.ledger.read() as tx:
            return [{str(name): value for name, value in row.items()} for row in records.of_file(tx, sha256)]


@contextmanager
def open_desk(folder: Path, *changes: tuple[str, str], policy: str = POLICY) -> Iterator[Desk]:
    """Open a desk in a folder; ``changes`` replace text in its policy."""
    for old, new in changes:
        assert old in policy
        policy = policy.replace(old, new, 1)
    config = folder / "exchange.toml"
    config.write_text(f'home = "{folder / "home"}"\n{policy}', encoding="utf-8")
    with open_world(load_settings(config), utc_now) as world:
        yield Desk(world, config)
