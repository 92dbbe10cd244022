"""Folders in memory, for rehearsals and tests."""

from collections.abc import Generator, Sequence
from typing import BinaryIO

from exchange.errors import RemoteExistsError, RemoteMissingError
from exchange.remotes.base import Entry, Probe


class MemoryPlace:
    """A place that lasts as long as its process; a folder must be in ``folders`` before files are put there."""

    def __init__(self, name: str, folders: Sequence[str] = ()) -> None:
        self.name = name
        self.folders = {"", *folders}
        self.files: dict[str, bytes] = {}

    def listing(self, folder: str) -> list[Entry]:
        """Return the entries of a folder."""
        self._need(folder)
        here = f"{folder}/" if folder else ""
        names = [path.removeprefix(here) for path in self.files if path.startswith(here)]
        return [Entry(name, len(self.files[here + name])) for name in names if "/" not in name]

    def look(self, path: str) -> Entry | None:
        """Return one entry, None when there is none."""
        return Entry(path.rpartition("/")[2], len(self.files[path])) if path in self.files else None

    def read(self, path: str) -> Generator[bytes, None, None]:
        """Yield the bytes of a file."""
        yield self._content(path)

    def write(self, path: str, source: BinaryIO) -> None:
        """Write a file."""
        self._need(path.rpartition("/")[0])
        self.files[path] = source.read()

    def rename(self, path: str, to: str) -> None:
        """Rename without replacing."""
        content = self._content(path)
        self._need(to.rpartition("/")[0])
        if to in self.files:
            raise RemoteExistsError(f"{self.name}: {to} exists already")
        self.files[to] = content
        del self.files[path]

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._content(path)
        del self.files[path]

    def opening(self) -> Sequence[Probe]:
        """Tell that memory is always open."""
        return [Probe("open", ok=True, message=f"{len(self.files)} files in memory")]

    def reopen(self) -> bool:
        """Return False: there is no connection to lose."""
        return False

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _content(self, path: str) -> bytes:
        if path not in self.files:
            raise RemoteMissingError(f"{self.name}: there is no {path}")
        return self.files[path]

    def _need(self, folder: str) -> None:
        if folder not in self.folders:
            raise RemoteMissingError(f"{self.name}: there is no folder {folder}")
