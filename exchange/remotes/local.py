"""Folders on a mounted disk."""

import errno
import io
import os
import stat
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from exchange.errors import RemoteExistsError, RemoteRefusedError
from exchange.remotes.base import Entry, Probe
from exchange.remotes.faults import translated
from exchange.remotes.probe import attempt

BLOCK_BYTES = 1 << 20
NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EXDEV, errno.EMLINK}


class LocalPlace:
    """A place below one folder of this machine; no path leads out of it and no link is followed."""

    def __init__(self, name: str, root: Path) -> None:
        self.name = name
        self._root = root

    def listing(self, folder: str) -> list[Entry]:
        """Return the entries of a folder; what vanishes meanwhile is left out."""
        with translated(f"{self.name}: list {folder}"), os.scandir(self._at(folder)) as found:
            return [entry for entry in map(_entry, found) if entry is not None]

    def look(self, path: str) -> Entry | None:
        """Return one entry without following links, None when there is none."""
        with translated(f"{self.name}: look at {path}"):
            try:
                return _described(path.rpartition("/")[2], self._at(path).lstat())
            except (FileNotFoundError, NotADirectoryError):
                return None

    def read(self, path: str) -> Generator[bytes, None, None]:
        """Yield the bytes of a regular file."""
        with translated(f"{self.name}: read {path}"), self._open(path, os.O_RDONLY | os.O_NONBLOCK) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise RemoteRefusedError(f"{self.name}: {path} is not a regular file")
            while block := file.read(BLOCK_BYTES):
                yield block

    def write(self, path: str, source: BinaryIO) -> None:
        """Write a file from the first byte on and have it on the disk before returning."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with translated(f"{self.name}: write {path}"), self._open(path, flags) as file:
            while block := source.read(BLOCK_BYTES):
                file.write(block)
            os.fsync(file.fileno())

    def rename(self, path: str, to: str) -> None:
        """Rename without replacing: a hard link is made, which fails when the name is taken, and the old name goes."""
        source, target = self._at(path), self._at(to)
        with translated(f"{self.name}: rename {path} to {to}"):
            try:
                os.link(source, target, follow_symlinks=False)
            except OSError as error:
                if error.errno not in NO_LINKS:
                    raise
                self._rename_without_links(source, target)
            else:
                source.unlink()
            _flush_folder(target.parent)

    def remove(self, path: str) -> None:
        """Remove a file."""
        with translated(f"{self.name}: remove {path}"):
            self._at(path).unlink()

    def opening(self) -> Sequence[Probe]:
        """Tell whether the folder is there, and mounted."""
        remedy = f"Create or mount {self._root}, or correct path."
        return [attempt("open", lambda: f"{self._root} has {len(self.listing(''))} entries", remedy)]

    def reopen(self) -> bool:
        """Return False: there is no connection to lose."""
        return False

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _at(self, path: str) -> Path:
        parts = path.split("/") if path else []
        if any(part in {"", ".", ".."} or "\0" in part for part in parts):
            raise RemoteRefusedError(f"{self.name}: {path!r} is not a path below the root folder")
        return self._root.joinpath(*parts)

    def _open(self, path: str, flags: int) -> io.FileIO:
        handle = os.open(self._at(path), flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
        return io.FileIO(handle, "wb" if flags & os.O_WRONLY else "rb")

    def _rename_without_links(self, source: Path, target: Path) -> None:
        if os.path.lexists(target):
            raise RemoteExistsError(f"{self.name}: {target.name} exists already")
        source.rename(target)


def _entry(found: "os.DirEntry[str]") -> Entry | None:
    with suppress(FileNotFoundError):
        return _described(found.name, found.stat(follow_symlinks=False))
    return None


def _described(name: str, found: os.stat_result) -> Entry:
    return Entry(name, found.st_size, found.st_mtime, stat.S_ISREG(found.st_mode))


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
