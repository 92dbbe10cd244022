"""The other parties for the tests of the exchange: one sandbox process a test, and settings that point at it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from exchange.batches.world import World, open_world
from exchange.demo import Parties, parties, prepare, sandbox, write_settings
from exchange.settings import load_settings

SAMPLES = Path(__file__).parents[2] / "sample_files"


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextmanager
def open_parties(folder: Path, changes: Mapping[str, Any] | None = None) -> Iterator[tuple[World, Parties]]:
    """Start a seeded sandbox and open a world that talks to it; ``changes`` replace text in the settings file."""
    prepare(folder, SAMPLES)
    with sandbox(folder, SAMPLES) as ready, parties(ready) as others:
        path = write_settings(folder, SAMPLES, ready)
        text = path.read_text(encoding="utf-8")
        for old, new in (changes or {}).items():
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        with open_world(load_settings(path), utc_now) as world:
            yield world, others
