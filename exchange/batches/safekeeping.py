"""Safekeeping: a backup is a copy of the ledger, what suppliers' pages taught, and every content of the spool.

A target folder holds any number of backups. Contents never change, so all share one ``spool`` and each backup adds only
what is new. A backup is there when its manifest is: it is written last.
"""

import datetime as dt
import getpass
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, func, select, union

from exchange.batches import templates
from exchange.batches.progress import Progress
from exchange.batches.world import Clock, World
from exchange.errors import BusyError, ExchangeError, NotFoundError
from exchange.ledger import backups, controls, events, heartbeats, outgoing, schema
from exchange.ledger.database import Ledger, open_ledger
from exchange.settings import Settings
from exchange.spool import PART, Spool

MANIFEST = "manifest.json"
SPOOL = "spool"
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds: the ledger's copy by name and SHA-256, its last event, and how much there is."""

    made_at: str
    ledger: str
    sha256: str
    last_event: int
    chain: str
    files: int
    records: int
    contents: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did: from which moment the ledger is, and where the former one is kept."""

    folder: str
    made_at: dt.datetime
    contents: int
    former: str


def backup(world: World, target: Path) -> tuple[Path, Manifest]:
    """Make a backup in a folder while others go on working, and return it; ledger first, for the spool only grows."""
    folder = target / f"{world.clock():{STAMP}}"
    part = target / f"{PART}{folder.name}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    world.progress.step("copying the ledger")
    copied = backups.copy(world.settings.ledger_url, part)
    taught = world.settings.home / templates.FOLDER
    if taught.is_dir():
        shutil.copytree(taught, part / templates.FOLDER)
    contents = _copy_contents(world.spool, Spool(target / SPOOL), world.progress)
    manifest = _manifest(world, copied, contents, Spool(target / SPOOL))
    (part / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    part.rename(folder)
    return folder, manifest


def _manifest(world: World, copied: Path, contents: int, spool: Spool) -> Manifest:
    """What the ledger names by now is at most more than its copy does: whatever the copy names is in the spool."""
    with world.ledger.read() as tx:
        last = tx.execute(select(schema.event.c.id, schema.event.c.chain).order_by(schema.event.c.id.desc())).first()
        missing = tuple(sorted(sha for sha in _named(tx) if not spool.holds(sha)))
        counts = [
            tx.execute(select(func.count()).select_from(one)).scalar_one() for one in (schema.file, schema.record)
        ]
    return Manifest(
        made_at=world.clock().isoformat(),
        ledger=copied.name,
        sha256=_sha256(copied),
        last_event=last[0] if last else 0,
        chain=last[1] if last else "",
        files=counts[0],
        records=counts[1],
        contents=contents,
        missing=missing,
    )


def _named(tx: Connection) -> Iterator[str]:
    """The contents that the ledger names."""
    columns = (schema.file.c.sha256, schema.record.c.image_sha256, schema.outgoing.c.sha256)
    for sha256 in tx.execute(union(*(select(column) for column in columns))).scalars():
        if sha256:
            yield str(sha256)


def _copy_contents(source: Spool, target: Spool, progress: Progress) -> int:
    """Copy what the other spool does not hold, each proved by its SHA-256; return how many there are in all."""
    held = sorted(source.contents())
    for number, sha256 in enumerate(held, 1):
        if not target.holds(sha256):
            progress.advance(number, len(held), "copying what came and went")
            with source.open(sha256) as stream:
                kept = target.keep(partial(shutil.copyfileobj, stream))
            if kept.sha256 != sha256:
                raise ExchangeError(f"The spool is damaged: {source.path(sha256)} holds {kept.sha256}.")
    return len(held)


def restore(settings: Settings, source: Path, clock: Clock, progress: Progress, *, force: bool = False) -> Restored:
    """Put a backup in place, and stop the exchange until a person has seen what the world did meanwhile.

    The former ledger is kept aside. BusyError while a daemon or worker is alive on it; ExchangeError when there is a
    ledger and ``force`` is not given.
    """
    folder, manifest = _chosen(source)
    if _sha256(folder / manifest.ledger) != manifest.sha256:
        raise ExchangeError(f"{folder / manifest.ledger} is not what was backed up.")
    backups.prove(folder / manifest.ledger)
    _refuse_to_lose(settings, clock, force=force)
    progress.step("restoring the spool")
    contents = _copy_contents(Spool(folder.parent / SPOOL), Spool(settings.home / SPOOL), progress)
    if (folder / templates.FOLDER).is_dir():
        shutil.copytree(folder / templates.FOLDER, settings.home / templates.FOLDER, dirs_exist_ok=True)
    progress.step("restoring the ledger")
    former = backups.put_back(settings.ledger_url, folder / manifest.ledger, f"before-{clock():{STAMP}}")
    made_at = dt.datetime.fromisoformat(manifest.made_at)
    ledger = open_ledger(settings.ledger_url)
    try:
        _doubt(ledger, made_at, clock())
    finally:
        ledger.close()
    return Restored(folder=str(folder), made_at=made_at, contents=contents, former=former)


def _chosen(source: Path) -> tuple[Path, Manifest]:
    """The backup that is meant: the folder itself, or the latest in it that is whole."""
    found = (
        [source] if (source / MANIFEST).is_file() else sorted(place.parent for place in source.glob(f"*/{MANIFEST}"))
    )
    if not found:
        raise NotFoundError(f"There is no backup in {source}.")
    told = json.loads((found[-1] / MANIFEST).read_text(encoding="utf-8"))
    return found[-1], Manifest(**told | {"missing": tuple(told["missing"])})


def _refuse_to_lose(settings: Settings, clock: Clock, *, force: bool) -> None:
    if not backups.exists(settings.ledger_url):
        return
    if not force:
        raise ExchangeError("There is a ledger. --force puts it aside and the backup in its place.")
    ledger = open_ledger(settings.ledger_url)
    try:
        with ledger.read() as tx:
            alive = [row["owner"] for row in heartbeats.known(tx) if row["until"] > clock()]
    finally:
        ledger.close()
    if alive:
        raise BusyError(f"{', '.join(alive)} is at work on this ledger; stop it first (`systemctl stop exchange`).")


def _doubt(ledger: Ledger, made_at: dt.datetime, now: dt.datetime) -> None:
    """Stop everything, and remember that partners may have seen more than the ledger knows."""
    who = getpass.getuser()
    why = f"restored from the backup of {made_at:%Y-%m-%d %H:%M} UTC; `exchange reconcile` tells what it does not know"
    with ledger.write() as tx:
        controls.switch(tx, controls.STOP, why, who, now, active=True)
        controls.switch(tx, controls.RESTORED, made_at.isoformat(), who, now, active=True)
        held = outgoing.hold(tx, "erp")  # what the ERP got twice might be paid twice
        events.append(tx, events.Event(at=now, what="restored", who=who, detail={"made_at": made_at, "held": held}))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
