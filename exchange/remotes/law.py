"""The law of remotes: nothing half, nothing replaced, nothing twice, whatever the place is made of."""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import BinaryIO, TypeVar

from exchange.errors import (
    RemoteDamagedError,
    RemoteError,
    RemoteExistsError,
    RemoteMissingError,
    RemoteRefusedError,
    RemoteUnreachableError,
)
from exchange.latency import timed
from exchange.remotes.base import FIRST_TRY, Entry, Fetched, Handover, Placed, Probe
from exchange.remotes.place import Place
from exchange.remotes.probe import probe

BLOCK_BYTES = 1 << 20
T = TypeVar("T")


class LawfulRemote:
    """A place under the law; see ``Remote`` for the contract of each verb. Threads take turns."""

    def __init__(self, place: Place, temporary: str = "temp") -> None:
        self.name = place.name
        self._place = place
        self._temporary = temporary
        self._turn = threading.Lock()

    def list(self, folder: str) -> Sequence[Entry]:
        """Return what lies in a folder, ordered by name."""
        with self._in_turn():
            entries = self._again(lambda: self._place.listing(folder))
        return sorted({entry.name: entry for entry in entries}.values(), key=lambda entry: entry.name)

    def fetch(self, path: str, into: BinaryIO, *, limit: int | None = None) -> Fetched:
        """Stream a file into ``into``; a lost connection is replaced once, and the file read from its start."""
        start = into.tell()
        with self._in_turn():
            return self._again(lambda: self._copy(path, into, start, limit))

    def put(
        self,
        source: BinaryIO,
        path: str,
        *,
        temporary: str,
        archive_folders: Sequence[str] = (),
        handover: Handover = FIRST_TRY,
    ) -> Placed:
        """Place a file whole or not at all, never over another one."""
        start = source.tell()
        content = _fingerprint(source)
        part = _join(temporary, f".{content.sha256[:16]}.part")
        with self._in_turn():
            before = self._placed_before(path, content, archive_folders)
            if before:
                self._remove(part)
                return before
            if handover.begun and self._look(part) is None:
                return Placed(path, content.size, content.sha256, already=True, read_back=False)
            self._again(lambda: self._write(part, source, start))
            read_back = self._verify(part, content)
            handover.begin()
            self._publish(part, path, content, archive_folders)
        return Placed(path, content.size, content.sha256, read_back=read_back)

    def rename(self, path: str, to: str) -> None:
        """Move a file without replacing any; already moved is success."""
        with self._in_turn():
            if self._look(to) is None or not self._moved(path, to):
                self._move(path, to)

    def remove(self, path: str) -> None:
        """Remove a file; already gone is success."""
        with self._in_turn():
            self._remove(path)

    def probe(self, folders: Sequence[str]) -> Sequence[Probe]:
        """Try everything the exchange will need."""
        with self._in_turn():
            return probe(self._place, folders, self._temporary)

    def close(self) -> None:
        """Let go of the connection."""
        with self._in_turn():
            self._place.close()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let one thread act at a time; its errors name the partner."""
        with self._turn, timed(self.name):
            try:
                yield
            except RemoteError as error:
                error.partner = self.name
                raise

    def _remove(self, path: str) -> None:
        with suppress(RemoteMissingError):
            self._again(lambda: self._place.remove(path))

    def _again(self, act: Callable[[], T]) -> T:
        """Do something that may be repeated: once more on a new connection when the old one is lost."""
        try:
            return act()
        except RemoteUnreachableError:
            if not self._place.reopen():
                raise
            return act()

    def _look(self, path: str) -> Entry | None:
        return self._again(lambda: self._place.look(path))

    def _copy(self, path: str, into: BinaryIO | None, start: int, limit: int | None) -> Fetched:
        if into is not None:
            into.seek(start)
            into.truncate()
        digest, size = hashlib.sha256(), 0
        with closing(self._place.read(path)) as blocks:
            for block in blocks:
                size += len(block)
                if limit is not None and size > limit:
                    raise RemoteDamagedError(f"{self.name}: {path} is longer than {limit} bytes; it was not read on")
                digest.update(block)
                if into is not None:
                    into.write(block)
        return Fetched(size, digest.hexdigest())

    def _content(self, path: str) -> Fetched:
        return self._again(lambda: self._copy(path, None, 0, None))

    def _write(self, part: str, source: BinaryIO, start: int) -> None:
        source.seek(start)
        self._place.write(part, source)

    def _placed_before(self, path: str, content: Fetched, archive_folders: Sequence[str]) -> Placed | None:
        """Return how it was placed by an earlier try; RemoteExistsError when other bytes have the name."""
        found = self._look(path)
        if found is not None:
            if self._holds(path, found, content):
                return Placed(path, content.size, content.sha256, already=True)
            raise RemoteExistsError(f"{self.name}: {path} exists already with other content; it was not replaced")
        return self._archived(path, content, archive_folders)

    def _archived(self, path: str, content: Fetched, archive_folders: Sequence[str]) -> Placed | None:
        for folder in archive_folders:
            there = _join(folder, path.rpartition("/")[2])
            found = self._look(there)
            if found is not None and self._holds(there, found, content):
                return Placed(there, content.size, content.sha256, already=True)
        return None

    def _holds(self, path: str, found: Entry, content: Fetched) -> bool:
        """Return whether a file has this content: by size first, then by its bytes where they may be read."""
        if found.size != content.size:
            return False
        try:
            return self._content(path) == content
        except RemoteRefusedError:
            return True

    def _verify(self, part: str, content: Fetched) -> bool:
        """Compare what arrived; False when the partner lets nobody read, so that only the size was compared."""
        try:
            arrived, read_back = self._content(part), True
        except RemoteRefusedError:
            found = self._look(part)
            arrived, read_back = Fetched(found.size if found else 0, content.sha256), False
        if arrived != content:
            raise RemoteDamagedError(f"{self.name}: {part} arrived with {arrived.size} of {content.size} bytes intact")
        return read_back

    def _publish(self, part: str, path: str, content: Fetched, archive_folders: Sequence[str]) -> None:
        """Give the verified file its final name; a partner may have taken it away before the answer is here."""
        try:
            self._move(part, path)
        except RemoteMissingError:
            if self._look(part) or not self._archived(path, content, archive_folders):
                raise

    def _move(self, path: str, to: str) -> None:
        """Rename; when the answer is no, or never came, look at both names to learn what became of it."""
        problem = self._try_rename(path, to)
        if problem is None or self._moved(path, to):
            return
        if not isinstance(problem, RemoteUnreachableError):
            raise problem
        self._place.rename(path, to)

    def _try_rename(self, path: str, to: str) -> RemoteError | None:
        try:
            self._place.rename(path, to)
        except RemoteError as error:
            if isinstance(error, RemoteUnreachableError) and not self._place.reopen():
                raise
            return error
        return None

    def _moved(self, path: str, to: str) -> bool:
        """Return whether the move has happened; raise what stands in its way, if anything does.

        A server that was stopped between giving the new name and taking the old one leaves the file under both.
        """
        source, target = self._look(path), self._look(to)
        if source is None and target is None:
            raise RemoteMissingError(f"{self.name}: there is neither {path} nor {to}")
        if source is not None and target is not None:
            if not source.is_file or not self._holds(to, target, self._content(path)):
                raise RemoteExistsError(f"{self.name}: {to} exists already; {path} was left where it is")
            self._remove(path)
        return target is not None


def _fingerprint(source: BinaryIO) -> Fetched:
    start, digest = source.tell(), hashlib.sha256()
    while block := source.read(BLOCK_BYTES):
        digest.update(block)
    return Fetched(source.tell() - start, digest.hexdigest())


def _join(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}" if folder else name
