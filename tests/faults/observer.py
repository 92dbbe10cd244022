"""An observer who looks into the partners' folders all the time: what can be seen there must be whole at first sight.

No name is ever given twice by the exchange: one that is seen with two contents was half, or belongs to two files.
"""

import hashlib
import threading
import time
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG

WATCHED = (
    "lockbox/inbox", "lockbox/ack", "lockbox/archive", "erp/ok2pay", "erp/archive",
    "coupa/Incoming/Invoices", "coupa/Incoming/InvoicePayments",
)  # fmt: skip
PAUSE = 0.004


class Observer:
    """Remembers what each file looked like when it was seen first, and notes it when that changes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._first: dict[Path, str] = {}
        self._stamps: dict[Path, tuple[int, int, int]] = {}
        self._half: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def half_visible(self) -> set[str]:
        """Return the files that were seen before they were whole, and forget them."""
        found, self._half = self._half, set()
        return found

    def forget(self, path: Path) -> None:
        """Take a file of this name, which the trial itself removed, for a new one when it is seen again."""
        self._first.pop(path, None)

    def close(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.is_set():
            for folder in WATCHED:
                for path in (self._root / folder).iterdir():
                    with suppress(OSError):  # it was moved away meanwhile
                        self._look(path)
            time.sleep(PAUSE)

    def _look(self, path: Path) -> None:
        told = path.stat()
        stamp = (told.st_ino, told.st_size, told.st_mtime_ns)
        if stamp == self._stamps.get(path) or not S_ISREG(told.st_mode):
            return
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if path.name.startswith(".") or path.name.endswith(".part") or self._first.setdefault(path, digest) != digest:
            self._half.add(str(path))
        self._stamps[path] = stamp
