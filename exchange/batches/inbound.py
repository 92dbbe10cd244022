"""Files on their way in: seen, kept, claimed, and tidied away last."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy import RowMapping

from exchange.batches.batch import Batch
from exchange.errors import ExchangeError, RemoteMissingError
from exchange.ledger import files
from exchange.ledger.files import Claim, Seen
from exchange.remotes.base import Entry

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a partner where files for us lie; without an archive the originals are removed in the end."""

    remote: str
    path: str
    archive: str = ""
    settle_seconds: float = 0


@dataclass(slots=True)
class Work:
    """A file that this batch holds the lease on."""

    claim: Claim
    row: RowMapping

    @property
    def sha256(self) -> str:
        """The content."""
        return self.claim.sha256

    @property
    def name(self) -> str:
        """The partner's name for it: data, never a path of ours."""
        return str(self.row["name"])


def collect(batch: Batch, folder: Folder) -> int:
    """Keep every complete file of a folder in the spool and write it in the ledger; return how many are new."""
    entries = _complete(batch, folder)
    fresh = 0
    for number, entry in enumerate(entries, 1):
        if not batch.go_on():
            break
        batch.world.progress.advance(number, len(entries), f"fetching {entry.name}")
        fresh += _fetch(batch, folder, entry)
    return fresh


def _complete(batch: Batch, folder: Folder) -> list[Entry]:
    """The files whose size and time did not change for a while: a file that still grows is left alone."""
    remote = batch.world.partners.named(folder.remote)
    before = {entry.name: entry for entry in remote.list(folder.path) if _wanted(entry)}
    if before and folder.settle_seconds:
        time.sleep(folder.settle_seconds)
        after = {entry.name: entry for entry in remote.list(folder.path)}
        before = {name: entry for name, entry in before.items() if after.get(name) == entry}
    return [before[name] for name in sorted(before)]


def _wanted(entry: Entry) -> bool:
    """Dot names are still being written; an empty file may be too; a name that is not safe is never touched."""
    return entry.is_file and entry.size > 0 and entry.safe and not entry.hidden


def _fetch(batch: Batch, folder: Folder, entry: Entry) -> bool:
    """Keep one file; False when its content was known already or it vanished meanwhile."""
    path = f"{folder.path}/{entry.name}"
    try:
        kept = batch.world.spool.keep(lambda stream: batch.world.partners.named(folder.remote).fetch(path, stream))
    except RemoteMissingError:
        return False
    if kept.size != entry.size:
        return False  # it grew while it was read: the next look takes it
    seen = Seen(sha256=kept.sha256, flow=batch.flow, remote=folder.remote, path=path, name=entry.name, size=kept.size)
    with batch.world.ledger.write() as tx:
        fresh = files.see(tx, seen, batch.id, batch.now())
        batch.event(
            tx, "file seen" if fresh else "file seen again", sha256=kept.sha256, path=path, remote=folder.remote
        )
    return fresh


def unfinished(batch: Batch) -> Iterator[Work]:
    """Claim the files of the flow with work left in them, one after the other."""
    with batch.world.ledger.read() as tx:
        rows = files.unfinished(tx, batch.flow)
    for number, row in enumerate(rows, 1):
        if not batch.go_on():
            return
        batch.world.progress.advance(number, len(rows), str(row["name"]))
        work = _claim(batch, row)
        if work is not None:
            yield work


def claim_file(batch: Batch, sha256: str) -> Work | None:
    """Claim one file; None when somebody else holds it."""
    with batch.world.ledger.read() as tx:
        row = files.get(tx, sha256)
    return _claim(batch, row)


def _claim(batch: Batch, row: RowMapping) -> Work | None:
    world = batch.world
    with world.ledger.write() as tx:
        claim = files.claim(tx, row["sha256"], world.owner, batch.now(), world.settings.ledger.lease_seconds)
    return Work(claim, row) if claim else None


@contextmanager
def finishing(batch: Batch, work: Work) -> Iterator[None]:
    """Give the lease back whatever happens.

    When the world fails, the file stays open and the batch ends. When the file itself cannot be worked, the batch
    goes on with the others, and the file is quarantined after so many tries.
    """
    try:
        yield
    except ExchangeError as error:
        _give_back(batch, work, files.OPEN, error)
        raise
    except Exception as error:  # a file nobody foresaw must not stop the others
        log.exception("a file could not be worked", file=work.name, sha256=work.sha256)
        poisoned = work.row["tries"] + 1 >= batch.world.settings.flows.invoices.tries
        _give_back(batch, work, files.QUARANTINED if poisoned else files.OPEN, error)
    else:
        _give_back(batch, work, files.OPEN, None)


def _give_back(batch: Batch, work: Work, state: str, error: Exception | None) -> None:
    """Release the lease; without effect on a file that was finished, for then nobody holds it."""
    with batch.world.ledger.write() as tx:
        files.release(tx, work.claim, state, str(error) if error else "")
        if error:
            what = "file quarantined" if state == files.QUARANTINED else "file failed"
            batch.event(tx, what, sha256=work.sha256, error=f"{type(error).__name__}: {error}")


def renew(batch: Batch, work: Work) -> bool:
    """Lengthen the lease; False when somebody else has taken over."""
    seconds = batch.world.settings.ledger.lease_seconds
    with batch.world.ledger.write() as tx:
        claim = files.renew(tx, work.claim, batch.now(), seconds)
    work.claim = claim or work.claim
    return claim is not None


def tidy(batch: Batch, folder: Folder) -> None:
    """Move the originals of finished files out of a folder; repeatable, for "already gone" is success."""
    with batch.world.ledger.read() as tx:
        rows = files.finished_sightings(tx, batch.flow, folder.remote)
    for row in rows:
        if row["path"].startswith(f"{folder.path}/"):
            _tidy(batch, folder, row)


def _tidy(batch: Batch, folder: Folder, row: RowMapping) -> None:
    remote = batch.world.partners.named(folder.remote)
    name = row["path"].rsplit("/", 1)[-1]
    if folder.archive:
        remote.rename(row["path"], f"{folder.archive}/{row['id']:06d}_{name}")
    else:
        remote.remove(row["path"])
    with batch.world.ledger.write() as tx:
        files.tidied(tx, row["id"], batch.now())
        batch.event(tx, "original tidied", sha256=row["sha256"], path=row["path"], remote=folder.remote)
