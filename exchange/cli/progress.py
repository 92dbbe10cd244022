"""Progress: a bar when a person watches, silence when a program does."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from exchange.batches.progress import Progress, Silence

COLUMNS = (
    SpinnerColumn(),
    TextColumn("{task.description}", markup=False),
    BarColumn(bar_width=24),
    MofNCompleteColumn(),
    TextColumn("{task.fields[item]}", style="dim", markup=False),
    TimeElapsedColumn(),
)


class Bar:
    """Progress drawn on standard error: the step, how far it is, and what is in hand."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task = bars.add_task("starting", total=None, item="")

    def step(self, text: str) -> None:
        """Begin a step."""
        self._bars.update(self._task, description=text, completed=0, total=None, item="")

    def advance(self, done: int, total: int | None, text: str) -> None:
        """Show how far the step is."""
        self._bars.update(self._task, completed=done, total=total, item=text)


@contextmanager
def watcher(*, quiet: bool = False) -> Iterator[Progress]:
    """Give a progress bar on a terminal, silence elsewhere or when asked to be quiet."""
    if quiet or not sys.stderr.isatty():
        yield Silence()
        return
    with Bars(*COLUMNS, console=Console(stderr=True), transient=True) as bars:
        yield Bar(bars)
