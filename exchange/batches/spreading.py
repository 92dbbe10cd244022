"""Reading many files, several at a time: each process loads what reads, the one that starts them does not."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from capture.choices import Choice
from exchange.crew import Crew, Failed

SECONDS = 600.0  # of a whole document, above what its own limit allows


def predict_all(
    paths: Iterable[Path], choice: Choice, processes: int, memory: Path | None = None
) -> Iterator[dict[str, Any]]:
    """Predict for all files in order, several at a time; a file whose process crashes or hangs goes to review."""
    listed = list(paths)
    if processes == 1:
        yield from map(_reader(choice, memory, 0), listed)
        return
    crew = Crew(partial(_reader, choice, memory, 1), processes, SECONDS)
    for path, result in zip(listed, crew.map(listed), strict=True):
        yield _unread(path) if isinstance(result, Failed) else result


def _reader(choice: Choice, memory: Path | None, threads: int) -> Callable[[Path], dict[str, Any]]:
    from exchange.batches.predicting import reader  # noqa: PLC0415 - half a second that only who reads should pay

    return reader(choice, memory, threads)


def _unread(path: Path) -> dict[str, Any]:
    from exchange.batches.predicting import unread  # noqa: PLC0415 - the same

    return unread(path, SECONDS)
