"""The eight bare acts that a kind of place must be capable of; the law above them is written once, in ``law``."""

from collections.abc import Generator, Sequence
from typing import BinaryIO, Protocol

from exchange.remotes.base import Entry, Probe


class Place(Protocol):
    """Folders somewhere. Every failure is a RemoteError; RemoteUnreachableError means that the connection is lost."""

    name: str

    def listing(self, folder: str) -> list[Entry]:
        """Return the entries of a folder in any order."""

    def look(self, path: str) -> Entry | None:
        """Return one entry, None when there is none."""

    def read(self, path: str) -> Generator[bytes, None, None]:
        """Yield the bytes of a file."""

    def write(self, path: str, source: BinaryIO) -> None:
        """Write a file from the first byte on, over whatever stood there."""

    def rename(self, path: str, to: str) -> None:
        """Rename without replacing."""

    def remove(self, path: str) -> None:
        """Remove a file; RemoteMissingError when there is none."""

    def opening(self) -> Sequence[Probe]:
        """Open the place step by step and tell how each step went."""

    def reopen(self) -> bool:
        """Replace a lost connection; False when there was none to lose."""

    def close(self) -> None:
        """Let go of the connection."""
