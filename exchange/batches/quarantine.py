"""Quarantine: a file that nobody can work lies apart, with the reason beside it in words that programs read.

On this machine: ``quarantine`` in the home folder holds each file's bytes and its ``.reason.json``. At the partner the
reason lies beside the original in the archive.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, RowMapping, select

from exchange.batches import names, outbound
from exchange.batches.batch import Batch
from exchange.batches.world import World
from exchange.errors import NotFoundError
from exchange.ledger import events, files, schema

FOLDER = "quarantine"
REASON = ".reason.json"
NEXT = (
    "Ask the sender for a corrected file: it has other bytes, so it is a new file.",
    "When the cause was ours and is repaired: exchange quarantine SHA256 --release --why ...",
    "To refuse it, and tell the sender: exchange quarantine SHA256 --refuse --why ...",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a file is in quarantine."""

    file: str
    sha256: str
    size: int
    flow: str
    kind: str
    tries: int
    error: str
    reason: str
    taken_at: str
    quarantined_at: str
    batch: int
    next_steps: tuple[str, ...] = NEXT

    def dump(self) -> str:
        """Return the reason as JSON."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def lay_aside(batch: Batch, row: RowMapping, error: str, reason: str) -> Reason:
    """Lay a file's bytes and its reason into the quarantine folder; repeatable, so it is done before it is noted."""
    told = Reason(
        file=row["name"],
        sha256=row["sha256"],
        size=row["size"],
        flow=row["flow"],
        kind=row["kind"],
        tries=row["tries"] + 1,
        error=error,
        reason=reason,
        taken_at=row["taken_at"].isoformat(),
        quarantined_at=batch.now().isoformat(),
        batch=batch.id,
    )
    place = _place(batch.world, row)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    if not place.exists():
        shutil.copyfile(batch.world.spool.path(row["sha256"]), place)
        place.chmod(0o400)
    place.with_name(place.name + REASON).write_text(told.dump(), encoding="utf-8")
    return told


def tell(batch: Batch, tx: Connection, told: Reason) -> None:
    """Let the reason follow the original into the archive of lockbox or ERP, in the transaction that notes it."""
    sighting = schema.sighting
    query = select(sighting).where(sighting.c.sha256 == told.sha256, sighting.c.tidied_at.is_(None))
    folders = {"lockbox": batch.world.settings.lockbox.archive, "erp": batch.world.settings.erp.archive}
    kept = batch.world.spool.keep_bytes(told.dump().encode())
    for row in tx.execute(query).mappings().all():
        if folder := folders.get(row["remote"]):
            name = names.archived(row["id"], row["path"].rpartition("/")[2]) + f".{batch.id}{REASON}"
            parcel = outbound.Parcel(remote=row["remote"], path=f"{folder}/{name}", kept=kept, records=0)
            outbound.prepare(batch, tx, parcel)


def release(world: World, sha256: str, who: str, why: str) -> RowMapping:
    """Let the next run work a file again because a person says so; NotFoundError when it is not in quarantine."""
    row = find(world, sha256)
    with world.ledger.write() as tx:
        files.set_state(tx, row["sha256"], files.OPEN)
        told = events.Event(at=world.clock(), what="file released", who=who, sha256=row["sha256"], detail={"why": why})
        events.append(tx, told)
    forget(world, row)
    return row


def forget(world: World, row: RowMapping) -> None:
    """Remove a file that is no longer in quarantine from the folder; its bytes stay in the spool."""
    place = _place(world, row)
    for path in (place, place.with_name(place.name + REASON)):
        path.unlink(missing_ok=True)


def find(world: World, sha256: str) -> RowMapping:
    """Return the one file in quarantine whose SHA-256 begins so; NotFoundError when there is none, or several."""
    with world.ledger.read() as tx:
        found = [row for row in files.in_state(tx, files.QUARANTINED) if row["sha256"].startswith(sha256.lower())]
    if len(found) != 1:
        raise NotFoundError(f"{len(found)} files in quarantine begin with {sha256}. `exchange quarantine` lists them.")
    return found[0]


def _place(world: World, row: RowMapping) -> Path:
    return world.settings.home / FOLDER / f"{row['sha256'][:16]}_{outbound.plain_name(row['name'])}"
