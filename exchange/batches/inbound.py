"""Files on their way in: seen, kept, claimed, and tidied away last."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import structlog
from sqlalchemy import RowMapping

from exchange.batches import names, quarantine
from exchange.batches.batch import Batch
from exchange.errors import ExchangeError, RemoteError, RemoteMissingError, RemoteRefusedError
from exchange.killpoints import Point, reached
from exchange.ledger import files
from exchange.ledger.files import Claim, Seen
from exchange.remotes.base import Entry
from formats import complete, delivery

log = structlog.get_logger()
HEAD_BYTES = 1 << 16


class _Unfinished(Exception):  # noqa: N818  (no failure: the file is left for a later look)
    """A file is still being written."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a partner where files for us lie; without an archive the originals are removed in the end.

    A file whose end is missing is left alone until it has not changed for ``deadline_seconds``; 0 takes it at once.
    """

    remote: str
    path: str
    archive: str = ""
    settle_seconds: float = 0
    deadline_seconds: float = 0

    def at(self, name: str) -> str:
        """Return the path of a file in this folder; the folder "" is the root of its remote."""
        return join(self.path, name)


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


def join(folder: str, name: str) -> str:
    """Return the path of a name in a folder of a remote."""
    return f"{folder}/{name}" if folder else name


def collect(batch: Batch, folder: Folder) -> int:
    """Keep every complete file of a folder in the spool and write it in the ledger; return how many are new.

    A file that is refused for its name or its size is never touched; it becomes a rejected record, once.
    """
    listed = [entry for entry in batch.world.partners.named(folder.remote).list(folder.path) if _written(entry)]
    largest = batch.world.settings.limits.file_megabytes * names.MEGA
    refused = {entry.name: finding for entry in listed if (finding := names.refusal(entry, largest))}
    names.report(batch, folder.remote, folder.path, refused)
    entries = _settled(batch, folder, [entry for entry in listed if entry.name not in refused])
    fresh = 0
    for number, entry in enumerate(entries, 1):
        if not batch.go_on():
            break
        batch.world.progress.advance(number, len(entries), f"fetching {entry.name}")
        fresh += _fetch(batch, folder, entry)
    return fresh


def collect_each(batch: Batch, folders: Iterable[Folder]) -> list[RemoteError]:
    """Collect from every folder that can be reached and return why the others could not be."""
    failed = []
    for folder in folders:
        try:
            collect(batch, folder)
        except RemoteError as error:
            log.warning("a folder cannot be read", folder=folder.path, remote=folder.remote, error=str(error))
            failed.append(error)
    return failed


def complain(failed: Sequence[RemoteError]) -> None:
    """Raise the first error of the folders that could not be read, once all else is done."""
    if failed:
        raise failed[0]


def _written(entry: Entry) -> bool:
    """Dot names are still being written; an empty file may be too."""
    return entry.is_file and entry.size > 0 and not entry.hidden


def _settled(batch: Batch, folder: Folder, entries: list[Entry]) -> list[Entry]:
    """The files whose size and time did not change for a while: a file that still grows is left alone."""
    if not entries or not folder.settle_seconds:
        return entries
    batch.world.leave.wait(folder.settle_seconds)
    after = {entry.name: entry for entry in batch.world.partners.named(folder.remote).list(folder.path)}
    return [entry for entry in entries if after.get(entry.name) == entry]


def _fetch(batch: Batch, folder: Folder, entry: Entry) -> bool:
    """Keep one file; False when its content was known already, or it is not complete, not readable or gone."""
    path = folder.at(entry.name)
    remote = batch.world.partners.named(folder.remote)

    def copy(stream: BinaryIO) -> None:
        fetched = remote.fetch(path, stream)
        if fetched.size != entry.size or _is_awaited(batch, folder, entry, stream):
            raise _Unfinished

    try:
        kept = batch.world.spool.keep(copy)
    except _Unfinished:
        log.info("a file is still being written", file=path, remote=folder.remote, size=entry.size)
        return False
    except RemoteMissingError:
        return False
    except RemoteRefusedError as error:  # one file without rights must not stop the others
        log.warning("a file may not be read", file=path, remote=folder.remote, error=str(error))
        return False
    batch.fetched[folder.remote, path] = (entry, kept.sha256)
    seen = Seen(sha256=kept.sha256, flow=batch.flow, remote=folder.remote, path=path, name=entry.name, size=kept.size)
    with batch.world.ledger.write() as tx:
        fresh = files.see(tx, seen, batch.id, batch.now())
        batch.event(
            tx, "file seen" if fresh else "file seen again", sha256=kept.sha256, path=path, remote=folder.remote
        )
    reached(Point.FILE_SEEN)
    return fresh


def _is_awaited(batch: Batch, folder: Folder, entry: Entry, stream: BinaryIO) -> bool:
    """True while the end of a file is missing and may still come; a time in the far future ends the wait as well."""
    if entry.mtime is None or abs(batch.now().timestamp() - entry.mtime) >= folder.deadline_seconds:
        return False
    stream.seek(0)
    kind = delivery.identify(stream.read(HEAD_BYTES))
    stream.seek(-min(entry.size, complete.TAIL), io.SEEK_END)
    return not complete.is_complete(kind, stream.read())


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
    reached(Point.FILE_CLAIMED)
    if claim and row["tries"] >= world.settings.flows.invoices.tries:
        why = f"{row['tries']} processes ended while they read it."
        _quarantine(batch, Work(claim, row), "process ended", why)
        return None
    return Work(claim, row) if claim else None


def _quarantine(batch: Batch, work: Work, error: str, why: str) -> None:
    """Put a file that failed again and again away, with the reason beside it, so that it cannot fail once more."""
    log.error("a file was quarantined", file=work.name, sha256=work.sha256, reason=why)
    told = quarantine.lay_aside(batch, work.row, error, why)
    with batch.world.ledger.write() as tx:
        if files.holds(tx, work.claim):
            quarantine.tell(batch, tx, told)
            files.release(tx, work.claim, files.QUARANTINED, why, blamed=True)
            batch.event(tx, "file quarantined", sha256=work.sha256, error=f"{error}: {why}")


def acquit(batch: Batch, work: Work) -> None:
    """Note that a file was read and judged; whatever ends a process from here on is not its fault."""
    if work.row["tries"]:
        with batch.world.ledger.write() as tx:
            files.acquit(tx, work.claim)


@contextmanager
def finishing(batch: Batch, work: Work) -> Iterator[None]:
    """Give the lease back whatever happens.

    When the world fails, the file stays open and the batch ends. When the file itself cannot be worked, the batch
    goes on with the others, and the file is quarantined after so many tries.
    """
    try:
        yield
    except ExchangeError as error:
        _give_back(batch, work, error)
        raise
    except Exception as error:  # a file nobody foresaw must not stop the others
        log.exception("a file could not be worked", file=work.name, sha256=work.sha256)
        if work.row["tries"] + 1 >= batch.world.settings.flows.invoices.tries:
            _quarantine(batch, work, type(error).__name__, str(error))
        else:
            _give_back(batch, work, error, blamed=True)
    else:
        _give_back(batch, work, None)


def _give_back(batch: Batch, work: Work, error: Exception | None, *, blamed: bool = False) -> None:
    """Release the lease; without effect on a file that was finished, for then nobody holds it."""
    with batch.world.ledger.write() as tx:
        files.release(tx, work.claim, files.OPEN, str(error) if error else "", blamed=blamed)
        if error:
            batch.event(tx, "file failed", sha256=work.sha256, error=f"{type(error).__name__}: {error}")


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
    rows = [row for row in rows if row["path"] == folder.at(_name(row))]
    lying = _lying(batch, folder) if rows else {}
    for row in rows:
        entry = lying.get(_name(row))
        fetched, sha256 = batch.fetched.get((folder.remote, row["path"]), (None, row["sha256"]))
        if entry is None or sha256 != row["sha256"]:
            _tidied(batch, row, "original gone")
        elif entry == fetched:
            _move_away(batch, folder, row)


def put_away(batch: Batch, folder: Folder, path: str) -> None:
    """Tidy one original of a finished file that was left lying: it is read once more, so nothing unread is moved."""
    entry = _lying(batch, folder).get(path.rpartition("/")[2])
    if entry is not None:
        remote = batch.world.partners.named(folder.remote)
        kept = batch.world.spool.keep(partial(remote.fetch, path))
        batch.fetched[folder.remote, path] = (entry, kept.sha256)
    tidy(batch, folder)


def _name(row: RowMapping) -> str:
    return str(row["path"].rpartition("/")[2])


def _lying(batch: Batch, folder: Folder) -> dict[str, Entry]:
    return {entry.name: entry for entry in batch.world.partners.named(folder.remote).list(folder.path)}


def _move_away(batch: Batch, folder: Folder, row: RowMapping) -> None:
    """Move one original; it was read in this batch and did not change since, so nothing unread is moved."""
    remote = batch.world.partners.named(folder.remote)
    if folder.archive:
        remote.rename(row["path"], join(folder.archive, names.archived(row["id"], _name(row))))
    else:
        remote.remove(row["path"])
    reached(Point.ORIGINAL_MOVED)
    _tidied(batch, row, "original tidied")


def _tidied(batch: Batch, row: RowMapping, what: str) -> None:
    with batch.world.ledger.write() as tx:
        files.tidied(tx, row["id"], batch.now())
        batch.event(tx, what, sha256=row["sha256"], path=row["path"], remote=row["remote"])
    reached(Point.ORIGINAL_TIDIED)
