"""What every command shares: where the settings are, how results are shown, and the world that is opened."""

import datetime as dt
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from exchange.batches.world import World, open_world
from exchange.cli.progress import watcher
from exchange.settings import Settings, find_settings_file, load_settings

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file; else $EXCHANGE_CONFIG, else ./exchange.toml.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

console = Console()
LEAST = 16  # a column of text is never narrower than this
GAP = 2
SHORT = ("batch", "flow", "state", "outcome", "currency", "number", "id")


def clock() -> dt.datetime:
    """Return the time, in UTC."""
    return dt.datetime.now(dt.UTC)


def settings_of(config: Path | None) -> Settings:
    """Return the settings that a command works with."""
    return load_settings(find_settings_file(config))


@contextmanager
def world_of(config: Path | None, *, quiet: bool = False) -> Iterator[World]:
    """Open the world that a command works in; progress is drawn when a person watches."""
    settings = settings_of(config)
    with watcher(quiet=quiet) as progress, open_world(settings, clock, progress) as world:
        yield world


def print_json(value: Any) -> None:  # noqa: ANN401  (whatever JSON can hold)
    """Print a value as one JSON document."""
    sys.stdout.write(json.dumps(value, indent=2, default=str, ensure_ascii=False) + "\n")


def print_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[str] = ()
) -> None:
    """Print rows as a table; columns named in ``right`` are numbers, which are never cut or broken."""
    table = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    needed = 0
    for place, column in enumerate(columns):
        whole = column in right or column in SHORT
        longest = max((len(_cell(row[place])) for row in rows), default=0)
        least = max(len(column), longest) if whole else min(LEAST, longest)
        table.add_column(
            column, justify="right" if column in right else "left", overflow="fold", no_wrap=whole, min_width=least
        )
        needed += least + GAP
    for row in rows:
        table.add_row(*(Text(_cell(cell)) for cell in row))
    console.print(table, width=max(console.width, needed), crop=False)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row of the ledger as a plain dictionary."""
    return {str(name): value for name, value in row.items()}
