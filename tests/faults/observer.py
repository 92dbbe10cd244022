"""An observer who looks into the partners' folders all the time: what can be seen there must be whole at first sight.

No name is ever given twice by the exchange: one that is seen with two contents was half, or belongs to two files.
"""

import hashlib
import threading
from contextlib import suppress
from itertools import count
from pathlib import Path
from stat import S_ISREG

WATCHED = (
    "lockbox/inbox", "lockbox/ack", "lockbox/archive", "erp/ok2pay", "erp/archive",
    "coupa/Incoming/Invoices", "coupa/Incoming/InvoicePayments",
)  # fmt: skip
PAUSE = 0.004
AGAIN = 50  # how many looks at what is new come to one look at everything


class Observer:
    """Remembers what each file looked like when it was seen first, and notes it when that changes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._first: dict[Path, str] = {}
        self._stamps: dict[Path, tuple[int, int, int]] = {}
        self._half: set[str] = set()
        self._turn = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def half_visible(self) -> set[str]:
        """Return the files that were seen before they were whole, and forget them."""
        self._look_at_all(again=True)
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
        for turn in count():
            if self._stop.wait(PAUSE):
                break
            self._look_at_all(again=turn % AGAIN == 0)

    def _look_at_all(self, *, again: bool) -> None:
        """Look at what is new, and again at what was there before."""
        for folder in WATCHED:
            for path in (self._root / folder).iterdir():
                with self._turn, suppress(OSError):  # it was moved away meanwhile
                    if again or path not in self._stamps:
                        self._look(path)

    def _look(self, path: Path) -> None:
        told = path.stat()
        stamp = (told.st_ino, told.st_size, told.st_mtime_ns)
        if stamp == self._stamps.get(path) or not S_ISREG(told.st_mode):
            return
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if path.name.startswith(".") or path.name.endswith(".part") or self._first.setdefault(path, digest) != digest:
            self._half.add(str(path))
        self._stamps[path] = stamp
