"""Files on their way out: made in the spool, written in the ledger, then put in place whole."""

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO, TextIO, TypeVar

from sqlalchemy import Connection, RowMapping

from exchange.batches import sealing
from exchange.batches.batch import Batch
from exchange.errors import BusyError, RemoteError, RemoteExistsError
from exchange.killpoints import Point, reached
from exchange.ledger import outgoing
from exchange.ledger.outgoing import Hold
from exchange.remotes.base import Handover
from exchange.spool import Kept
from formats.manifest import Manifest

T = TypeVar("T")
MANIFEST = ".manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file for a partner that lies ready in the spool; ``totals`` are its control totals by currency."""

    remote: str
    path: str
    kept: Kept
    records: int
    totals: Mapping[str, Any] = field(default_factory=dict)
    answers: str | None = None


def file_name(batch: Batch, name: str, ending: str, part: int = 0) -> str:
    """Return a name that is never given twice: ``Suppliers_20261122_040812Z_17.csv``.

    A batch that makes several of a kind numbers them: their ``part`` is behind the batch, in alphanumeric order.
    """
    return f"{name}_{batch.now():%Y%m%d_%H%M%SZ}_{batch.id}{f'_{part:04d}' if part else ''}.{ending}"


def plain_name(name: str) -> str:
    """Return a partner's file name with everything but letters, digits, dot, hyphen and underscore replaced."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip(".")[:120] or "unnamed"


def keep_text(batch: Batch, write: Callable[[TextIO], T]) -> tuple[Kept, T]:
    """Keep what ``write`` writes as UTF-8 without a byte order mark; return it and what ``write`` returned."""
    results: list[T] = []

    def encode(stream: BinaryIO) -> None:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        results.append(write(text))
        text.flush()
        text.detach()

    kept = batch.world.spool.keep(encode)
    return kept, results[0]


def prepare(batch: Batch, tx: Connection, parcel: Parcel) -> int:
    """Write in the ledger that a file will leave, in the transaction of what it is made from; return its id."""
    path, kept = sealing.sealed(batch, parcel.remote, parcel.path, parcel.kept)
    values = {
        "batch_id": batch.id,
        "flow": batch.flow,
        "remote": parcel.remote,
        "path": path,
        "sha256": kept.sha256,
        "size": kept.size,
        "records": parcel.records,
        "totals": json.dumps(parcel.totals, default=str),
        "answers": parcel.answers,
    }
    outgoing_id = outgoing.add(tx, values, batch.now())
    batch.event(tx, "file prepared", sha256=kept.sha256, path=path, remote=parcel.remote)
    return outgoing_id


def with_manifest(batch: Batch, parcel: Parcel, rows: int) -> list[Parcel]:
    """Return a parcel and, behind it, the manifest that proves it to a partner who is to get one."""
    if not getattr(batch.world.settings, parcel.remote).manifest:
        return [parcel]
    money = {currency: Decimal(amount) for currency, amount in parcel.totals.items()}
    note = Manifest(
        name=parcel.path.rpartition("/")[2],
        sha256=parcel.kept.sha256,
        size=parcel.kept.size,
        records=parcel.records,
        rows=rows,
        money=money,
    )
    kept = batch.world.spool.keep_bytes(note.dump().encode())
    return [parcel, Parcel(remote=parcel.remote, path=parcel.path + MANIFEST, kept=kept, records=0)]


def publish(batch: Batch, only: str = "") -> int:
    """Put every file of the flow that waits in place, also those of an interrupted batch; return how many.

    A partner that fails keeps none of the others waiting; the first error is raised in the end. ``only`` names the
    one partner whose files are to go.
    """
    with batch.world.ledger.read() as tx:
        waiting = [row for row in outgoing.waiting(tx, batch.flow) if only in ("", row["remote"])]
    failed: dict[str, RemoteError] = {}
    for number, row in enumerate(waiting, 1):
        batch.world.progress.advance(number, len(waiting), f"sending {row['path']}")
        if row["remote"] not in failed and (held := _claim(batch, row)):
            try:
                _put(batch, row, held)
            except BusyError:
                continue  # whoever took over sends it
            except RemoteError as error:
                failed[row["remote"]] = error
    for first in failed.values():
        raise first
    return len(waiting)


def _claim(batch: Batch, row: RowMapping) -> Hold | None:
    world = batch.world
    with world.ledger.write() as tx:
        held = outgoing.claim(tx, row["id"], world.owner, batch.now(), world.settings.ledger.lease_seconds)
    reached(Point.UPLOAD_CLAIMED)
    return held


def _put(batch: Batch, row: RowMapping, held: Hold) -> None:
    """Put one file in place; its lease is given back whatever happens."""

    def begin() -> None:
        with batch.world.ledger.write() as tx:
            if not outgoing.begin(tx, held, batch.now()):
                raise BusyError(f"Another process has taken over sending {row['path']}.")
        reached(Point.UPLOAD_VERIFIED)

    try:
        _place_somewhere(batch, row, held, Handover(held.begun, begin))
        reached(Point.UPLOAD_RENAMED)
        with batch.world.ledger.write() as tx:
            outgoing.published(tx, row["id"], batch.now())
            batch.event(tx, "file published", sha256=row["sha256"], path=row["path"], remote=row["remote"])
    except BaseException:
        with batch.world.ledger.write() as tx:
            outgoing.give_back(tx, held)
        raise
    reached(Point.UPLOAD_PUBLISHED)


def _place_somewhere(batch: Batch, row: RowMapping, held: Hold, handover: Handover) -> None:
    """Place a file; where other bytes have its name, as after a ledger was restored, under a name of its own."""
    try:
        _place(batch, row, row["path"], handover)
    except RemoteExistsError:
        head, dot, ending = str(row["path"]).rpartition(".")
        path = f"{head}_{row['sha256'][:16]}{dot}{ending}"
        if path == row["path"] or row["sha256"][:16] in head:
            raise
        with batch.world.ledger.write() as tx:
            outgoing.rename(tx, held, path)
            batch.event(tx, "name was taken", sha256=row["sha256"], path=row["path"], instead=path)
        _place(batch, row, path, handover)


def _place(batch: Batch, row: RowMapping, path: str, handover: Handover) -> None:
    remote, temporary = batch.world.partners.named(row["remote"]), temporary_folder(batch, row["remote"])
    folders = archives(batch, row["remote"], path)
    with batch.world.spool.open(row["sha256"]) as stream:
        remote.put(stream, path, temporary=temporary, archive_folders=folders, handover=handover)


def archives(batch: Batch, remote: str, path: str) -> tuple[str, ...]:
    """Return where a partner keeps what it took from a path: Coupa's loader moves files away before it reads them."""
    settings = batch.world.settings.coupa.files
    inside = path.removeprefix(f"{settings.incoming}/").rpartition("/")[0]
    return (f"{settings.archive}/{inside}",) if remote == "coupa" else ()


def temporary_folder(batch: Batch, remote: str) -> str:
    """Return the folder of a partner that nobody scans."""
    settings = batch.world.settings
    return {"lockbox": settings.lockbox, "erp": settings.erp, "coupa": settings.coupa.files}[remote].temporary
