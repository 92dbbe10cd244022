"""The watcher of the drop folder. Its events only wake somebody up: what is complete is decided by looking."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from watchdog.events import FileClosedEvent, FileCreatedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from exchange.settings import DropSettings

log = structlog.get_logger()
Lying = frozenset[tuple[str, int, int]]
WAKING = (FileClosedEvent, FileMovedEvent, FileCreatedEvent)


class _Waker(FileSystemEventHandler):
    """Sets an event when a file was closed, moved in or made."""

    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Wake up for whatever may have completed a file."""
        if isinstance(event, WAKING):
            self._wake.set()


@contextmanager
def watching(folder: Path, wake: threading.Event) -> Iterator[None]:
    """Set ``wake`` whenever something happens in a folder that may have completed a file."""
    observer = Observer()
    observer.schedule(_Waker(wake), str(folder), recursive=False)
    observer.start()
    try:
        yield
    finally:
        observer.stop()
        observer.join()


class DropFolder:
    """Says when something new lies in a drop folder; what was left there is looked at again when its time is up."""

    def __init__(self, settings: DropSettings, leave: threading.Event) -> None:
        self._settings = settings
        self._folder = Path(settings.folder)
        self._leave = leave
        self._due = threading.Event()
        self._left: Lying = frozenset()
        self._looked = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look when something happens in the folder, and every so often because events may get lost."""
        self._folder.mkdir(parents=True, exist_ok=True)
        wake = threading.Event()
        with watching(self._folder, wake):
            threading.Thread(target=self._poll, args=(wake,), name="drop folder", daemon=True).start()
            yield

    def take(self) -> Lying | None:
        """Return what lies in the folder when it is time to work it, None when it is not."""
        if not self._due.is_set():
            return None
        self._due.clear()
        lying = self._lying()
        overdue = time.monotonic() - self._looked >= self._settings.deadline_seconds
        return lying if lying - self._left or (lying and overdue) else None

    def worked(self, lying: Lying) -> None:
        """Remember that all of this was looked at: what still lies there was left on purpose."""
        self._left = lying
        self._looked = time.monotonic()

    def _poll(self, wake: threading.Event) -> None:
        """Wait for an event or for the next poll, then for quiet, and say that it is time to look."""
        while not self._leave.is_set():
            wake.wait(self._settings.poll_seconds)
            if self._lying():
                wake.clear()
                self._leave.wait(self._settings.quiet_seconds)
                self._due.set()

    def _lying(self) -> Lying:
        """The files in the folder by name, size and time; none while it is not mounted."""
        try:
            return frozenset(
                (path.name, found.st_size, found.st_mtime_ns)
                for path in self._folder.iterdir()
                if path.is_file() and not path.name.startswith(".") and (found := path.stat()).st_size
            )
        except OSError as error:
            log.warning("the drop folder cannot be looked at", folder=str(self._folder), error=str(error))
            return frozenset()
