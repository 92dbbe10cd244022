"""What a remote is: a partner's folders, and the one law that files are moved in and out by."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

LONGEST_NAME = 255
UNPRINTABLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a partner's folder: ``size`` in bytes, ``mtime`` in seconds since 1970 where the partner tells it."""

    name: str
    size: int
    mtime: float | None = None
    is_file: bool = True

    @property
    def safe(self) -> bool:
        """True when the name may be used in a remote path; it never becomes a local one."""
        return is_safe(self.name)

    @property
    def hidden(self) -> bool:
        """True for dot names, which partners use for files that are still being written."""
        return self.name.startswith(".")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was read: its length in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Placed:
    """What was placed. ``already`` says that these bytes were there before; ``read_back`` that they were compared."""

    path: str
    size: int
    sha256: str
    already: bool = False
    read_back: bool = True


def _forget() -> None:
    """Remember nothing."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What the sender remembers of a file that it places, so that one a partner took at once is not placed twice.

    ``begin`` is called when all bytes were verified, right before the rename; what it raises stops the rename.
    ``begun`` says that an earlier try got as far.
    """

    begun: bool = False
    begin: Callable[[], None] = _forget


FIRST_TRY = Handover()


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that was tried on a partner, how it went, and what to do about it."""

    name: str
    ok: bool
    message: str
    remedy: str = ""


class Remote(Protocol):
    """A place where a partner's files lie; paths are relative to its root and separated by slashes.

    Threads may share a remote and take turns. Errors are those of ``exchange.errors``, nothing else.
    """

    name: str

    def list(self, folder: str) -> Sequence[Entry]:
        """Return what lies in a folder, ordered by name; RemoteMissingError when there is no such folder."""

    def fetch(self, path: str, into: BinaryIO, *, limit: int | None = None) -> Fetched:
        """Stream a file into ``into`` (seekable); RemoteDamagedError when it is longer than ``limit`` bytes."""

    def put(
        self,
        source: BinaryIO,
        path: str,
        *,
        temporary: str,
        archive_folders: Sequence[str] = (),
        handover: Handover = FIRST_TRY,
    ) -> Placed:
        """Place a file whole or not at all, never over another one.

        The bytes go to a name in the folder ``temporary`` that depends on nothing but the bytes, are read back and
        compared, and are then renamed. The same bytes under the final name, or in one of the ``archive_folders``
        into which the partner moves what it took, count as placed; other bytes there are a RemoteExistsError.
        Where the rename was begun and the temporary name is gone, the partner has taken the file: it is placed too.
        """

    def rename(self, path: str, to: str) -> None:
        """Move a file without replacing other bytes; already moved is success, RemoteMissingError if neither exists."""

    def remove(self, path: str) -> None:
        """Remove a file; already gone is success."""

    def probe(self, folders: Sequence[str]) -> Sequence[Probe]:
        """Try everything the exchange will need: connect, log in, list, write, read, rename, remove."""

    def close(self) -> None:
        """Let go of the connection; the next call opens it again."""


def is_safe(name: str) -> bool:
    """Return whether a partner's name is a plain, printable file name that means the same to every system."""
    return (
        name not in {"", ".", ".."}
        and "/" not in name
        and "\\" not in name
        and not any(unicodedata.category(sign) in UNPRINTABLE for sign in name)
        and len(name.encode("utf-8")) <= LONGEST_NAME
        and unicodedata.normalize("NFC", name) == name
    )
