"""The tables of the command line: a command loads what it needs, and no command is missing."""

import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import get_args

import pytest
from typer.main import get_command
from typer.models import ArgumentInfo, OptionInfo
from typer.testing import CliRunner

from exchange import cli

TABLES = (cli.Exchange.places, cli.Capture.places, cli.Formats.places)
HEAVY = {"sqlalchemy", "alembic", "httpx2", "paramiko", "pandas", "scipy", "exchange.settings"}
STARTED = (
    "import sys; from exchange.__main__ import main\ntry: main()\nfinally: sys.stderr.write(' '.join(sys.modules))"
)


def _modules(*words: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", STARTED, *words], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["capture", "read"], ["validate"], ["formats", "list"]])
def test_a_command_that_needs_neither_ledger_nor_partners_loads_neither(words: list[str]) -> None:
    loaded = _modules(*words, "--help")
    assert "exchange.cli.formatting" in loaded or "exchange.cli.capturing" in loaded
    assert set() == HEAVY & loaded


def test_the_command_that_starts_processes_to_read_does_not_load_what_they_read_with() -> None:
    assert set() == {"numpy", "cv2", "capture.reader"} & _modules("capture", "read", "--help")


def test_a_command_that_works_in_a_world_loads_it_and_no_other_room() -> None:
    loaded = _modules("backup", "--help")
    assert {"exchange.settings", "exchange.cli.keeping"} < loaded
    assert set() == {"exchange.cli.formatting", "exchange.cli.setup", "capture.calibration"} & loaded


def test_every_public_function_with_options_is_a_command() -> None:
    listed = {place for table in TABLES for place in table.values()}
    assert listed == {
        f"{name}:{function.__name__}"
        for _, name, _ in pkgutil.iter_modules(cli.__path__)
        for function in vars(import_module(f"{cli.__name__}.{name}")).values()
        if inspect.isfunction(function) and function.__module__ == f"{cli.__name__}.{name}" and _declares(function)
    }


def _declares(function: Callable[..., object]) -> bool:
    if function.__name__.startswith("_"):
        return False
    kinds = [get_args(one)[1:] for one in inspect.get_annotations(function).values()]
    return any(isinstance(told, ArgumentInfo | OptionInfo) for kind in kinds for told in kind)


def test_every_command_has_the_name_that_its_table_gives_it() -> None:
    exchange = get_command(cli.app).commands  # type: ignore[attr-defined]
    groups = (exchange, exchange["capture"].commands, exchange["formats"].commands)
    assert [] == [(name, one.name) for commands in groups for name, one in commands.items() if name != one.name]


def test_a_word_that_is_no_command_is_told_what_comes_near() -> None:
    told = CliRunner().invoke(cli.app, ["capture", "raed"])
    assert (2, True) == (told.exit_code, "Did you mean 'read'" in told.output)
