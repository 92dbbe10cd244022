"""The spool: every byte that came in or goes out, kept under its SHA-256 before anything is done with it."""

import datetime as dt
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from exchange.errors import NotFoundError
from exchange.killpoints import Point, reached

BLOCK = 1 << 20
PART = ".part-"


@dataclass(frozen=True, slots=True)
class Kept:
    """A content in the spool: its SHA-256 in hexadecimal and its size in bytes."""

    sha256: str
    size: int


class Spool:
    """A folder of contents; nothing in it is ever changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # the mode is that of the last folder alone
        folder.mkdir(exist_ok=True, mode=0o700)

    def keep(self, write: Callable[[BinaryIO], object]) -> Kept:
        """Keep what ``write`` puts into the file it is given, whole or not at all; what it raises is passed on."""
        part = self.folder / f"{PART}{secrets.token_hex(8)}"
        try:
            with part.open("x+b") as stream:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            reached(Point.PART_WRITTEN)
            return self._settle(part)
        finally:
            part.unlink(missing_ok=True)

    def keep_bytes(self, content: bytes) -> Kept:
        """Keep a content that is already in memory."""
        return self.keep(lambda stream: stream.write(content))

    def holds(self, sha256: str) -> bool:
        """True when a content lies in the spool."""
        return self._place(sha256).is_file()

    def contents(self) -> Iterator[str]:
        """Yield the SHA-256 of every content."""
        for folder in self.folder.iterdir():
            if not folder.name.startswith(PART) and folder.is_dir():
                yield from (place.name for place in folder.iterdir())

    def path(self, sha256: str) -> Path:
        """Return where a content lies; NotFoundError if it is not in the spool."""
        path = self._place(sha256)
        if not path.is_file():
            raise NotFoundError(f"The spool does not hold {sha256}; was the home folder moved?")
        return path

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        """Open a content for reading; NotFoundError if it is not in the spool."""
        with self.path(sha256).open("rb") as stream:
            yield stream

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Lend a folder that is removed with all that lies in it; after a crash, by `sweep`."""
        part = self.folder / f"{PART}{secrets.token_hex(8)}"
        part.mkdir(mode=0o700)
        try:
            yield part
        finally:
            _remove(part)

    def sweep(self, before: dt.datetime) -> int:
        """Remove what an interrupted `keep` or `scratch` left behind and nobody wrote to since; return how many."""
        parts = [part for part in self.folder.glob(f"{PART}*") if _touched(part) < before.timestamp()]
        for part in parts:
            _remove(part)
        return len(parts)

    def _settle(self, part: Path) -> Kept:
        with part.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        place = self._place(sha256)
        place.parent.mkdir(exist_ok=True, mode=0o700)
        size = part.stat().st_size
        part.replace(place)
        place.chmod(0o400)
        _sync_folder(place.parent)
        reached(Point.CONTENT_KEPT)
        return Kept(sha256, size)

    def _place(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256


def _remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)


def _touched(path: Path) -> float:
    """The time of the last write, the far future for what another process has finished meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _sync_folder(folder: Path) -> None:
    """Make a rename durable: the folder's own entry must reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
