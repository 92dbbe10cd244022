"""What commands share that work in a world: where its settings are, and how it is opened."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from exchange.batches.world import World, open_world
from exchange.cli.progress import watcher
from exchange.errors import SettingsError
from exchange.schedule import Schedules, find_schedules_file, load_schedules
from exchange.settings import Settings, find_settings_file, load_settings

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file; else $EXCHANGE_CONFIG, else ./exchange.toml.")
]
SchedulesOption = Annotated[
    Path | None, typer.Option(help="Schedules file; else $EXCHANGE_SCHEDULES, else ./schedules.yaml.")
]


def clock() -> dt.datetime:
    """Return the time, in UTC."""
    return dt.datetime.now(dt.UTC)


def settings_of(config: Path | None) -> Settings:
    """Return the settings that a command works with."""
    return load_settings(find_settings_file(config))


def schedules_of(given: Path | None) -> Schedules | None:
    """Return the schedules; None where cron runs the flows and there is no file of them."""
    try:
        file = find_schedules_file(given)
    except SettingsError:
        if given:
            raise
        return None
    return load_schedules(file)


@contextmanager
def world_of(config: Path | None, *, quiet: bool = False) -> Iterator[World]:
    """Open the world that a command works in; progress is drawn when a person watches."""
    settings = settings_of(config)
    with watcher(quiet=quiet) as progress, open_world(settings, clock, progress) as world:
        yield world
