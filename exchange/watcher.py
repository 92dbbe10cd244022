"""The watcher of the drop folder. Its events only wake somebody up: what is complete is decided by looking."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watchdog.events import FileClosedEvent, FileCreatedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

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
