"""Files of partners that are never touched, for an unsafe name or for their size: refused and reported."""

import hashlib
from collections.abc import Mapping

import structlog

from exchange.batches.batch import Batch
from exchange.batches.findings import write_findings
from exchange.ledger import records
from exchange.remotes.base import LONGEST_NAME, Entry
from formats import delivery, rules
from formats.findings import Finding, Source
from payables.verdicts import Decision

log = structlog.get_logger()
LONGEST_KEY = 400
MEGA = 1_000_000
NUMBER = "{:06d}_"


def archived(number: int, name: str) -> str:
    """Return the name under which an original is archived: behind a number, so that no name is given twice."""
    head = NUMBER.format(number)
    return head + name.encode()[: LONGEST_NAME - len(head)].decode(errors="ignore")


def refusal(entry: Entry, largest: int) -> Finding | None:
    """Return why a file is never touched: its name is not safe, or it has more bytes than ``largest``; else None."""
    if not entry.safe:
        return _finding(entry.name)
    if entry.size > largest:
        message = f"it has {entry.size / MEGA:,.1f} MB, {largest / MEGA:,.0f} MB are allowed"
        return Finding(Source(plain(entry.name)[:80]), rules.DELIVERY_TOO_LARGE, message)
    return None


def report(batch: Batch, remote: str, folder: str, refused: Mapping[str, Finding]) -> None:
    """Write a rejected record for each refused file of a folder that was never reported before."""
    for name, finding in refused.items():
        key = f"NAME|{remote}|{plain(name)}"[:LONGEST_KEY]
        with batch.world.ledger.write() as tx:
            if records.owner(tx, batch.flow, key) is None:
                record_id = records.add(tx, _values(batch, name, key), batch.now())
                outcome = {
                    "decision": Decision.REJECT.value,
                    "reasons": finding.rule.id,
                    "explanation": f"The file was not touched: {finding.message}.",
                    "suggestion": finding.rule.remedy,
                }
                records.settle(tx, record_id, records.REJECTED, batch.now(), **outcome)
                write_findings(batch, tx, [finding], record_id=record_id)
                batch.event(tx, "file refused", record_id=record_id, remote=remote, folder=folder, name=plain(name))
                log.warning("a file was refused", remote=remote, folder=folder, name=plain(name), why=finding.message)


def plain(name: str) -> str:
    """Return a name as printable ASCII, with escapes for everything else."""
    return ascii(name)[1:-1]


def _values(batch: Batch, name: str, key: str) -> dict[str, object]:
    return {
        "flow": batch.flow,
        "batch_id": batch.id,
        "business_key": key,
        "payload_hash": hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest(),
        "document": "",
        "number": plain(name),
    }


def _finding(name: str) -> Finding:
    """The finding on a name; what only remotes refuse is a character that nobody can see."""
    unseen = Finding(Source(plain(name)[:80]), rules.DELIVERY_NAME_UNSAFE, "it has a character that cannot be printed")
    return delivery.check_name(name) or unseen
