"""An observer who looks into the partners' folders all the time: whoever can be seen there must be whole."""

import hashlib
import threading
import time
from contextlib import suppress
from pathlib import Path

WATCHED = (
    "lockbox/inbox", "lockbox/ack", "lockbox/archive", "erp/ok2pay", "erp/archive",
    "coupa/Incoming/Invoices", "coupa/Incoming/InvoicePayments",
)  # fmt: skip
PAUSE = 0.004


class Observer:
    """Remembers what each file looked like when it was seen first, and compares it with what it looks like later."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._first: dict[Path, str] = {}
        self._half: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def half_visible(self) -> set[str]:
        """Return the files that were seen before they were whole, and forget them."""
        for path, first in tuple(self._first.items()):
            if _digest(path) not in (first, ""):
                self._half.add(str(path))
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
                    self._look(path)
            time.sleep(PAUSE)

    def _look(self, path: Path) -> None:
        if path in self._first or not path.is_file():
            return
        if path.name.startswith(".") or path.name.endswith(".part"):
            self._half.add(str(path))
        if digest := _digest(path):
            self._first[path] = digest


def _digest(path: Path) -> str:
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return ""
