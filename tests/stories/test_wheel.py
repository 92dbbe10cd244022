"""The wheel: built, installed into an empty environment, and run from a folder that is not the checkout."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from exchange.flow import FlowName
from exchange.schedule import load_schedules
from exchange.settings import load_settings

ROOT = Path(__file__).parents[2]
SITE = Path(pytest.__file__).parents[1]  # where the test environment keeps its packages

pytestmark = pytest.mark.story


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an empty environment with our wheel in it; everybody else's packages are lent to it by a path."""
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)], folder)
    (wheel,) = folder.glob("coupa_exchange-*.whl")
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], folder)
    python = folder / "env" / "bin" / "python"
    _run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)], folder
    )
    (own,) = (folder / "env" / "lib").glob("python*/site-packages")
    # A .pth file inside a lent folder is not followed, so the checkout that is installed there stays out of sight.
    (own / "lent.pth").write_text(f"{SITE}\n", encoding="utf-8")
    return python.parent


def test_the_code_that_runs_is_that_of_the_wheel(programs: Path, tmp_path: Path) -> None:
    rooms = "import exchange, formats, capture, payables, sandbox as s; print(exchange.__file__, s.__file__)"
    for path in _run([str(programs / "python"), "-c", rooms], tmp_path).split():
        assert Path(path).is_relative_to(programs.parent)


def test_nothing_but_the_five_rooms_is_installed(programs: Path, tmp_path: Path) -> None:
    trial = "import importlib.util as u; print([n for n in ('tests', 'sample_files', 'scripts') if u.find_spec(n)])"
    assert "[]" == _run([str(programs / "python"), "-c", trial], tmp_path).strip()


@pytest.mark.parametrize("program", ["exchange", "exchange-sandbox"])
def test_a_program_tells_what_it_can_do(programs: Path, tmp_path: Path, program: str) -> None:
    assert "Usage" in _run([str(programs / program), "--help"], tmp_path)


def test_init_writes_files_that_can_be_read(programs: Path, tmp_path: Path) -> None:
    _run([str(programs / "exchange"), "init"], tmp_path)
    assert tmp_path / "exchange-home" == load_settings(tmp_path / "exchange.toml").home
    assert len(FlowName) == len(load_schedules(tmp_path / "schedules.yaml").schedules)


def test_what_lies_beside_the_code_is_in_the_wheel(programs: Path, tmp_path: Path) -> None:
    """Migrations, templates, vocabulary and models are found: only Coupa's address is missing after `init`."""
    _run([str(programs / "exchange"), "init"], tmp_path)
    proofs = json.loads(_run([str(programs / "exchange"), "check", "--json"], tmp_path, expected=2))
    assert [("coupa", "settings")] == [(one["about"], one["what"]) for one in proofs if one["state"] == "failed"]


def test_the_wheel_carries_the_version_of_the_project(programs: Path, tmp_path: Path) -> None:
    told = "from importlib.metadata import version; print(version('coupa-exchange'))"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == _run([str(programs / "python"), "-c", told], tmp_path).strip()


def _run(command: Sequence[str], folder: Path, *, expected: int = 0) -> str:
    """Run a command in a folder with nothing of the checkout in its environment; return what it printed."""
    hidden = ("PYTHONPATH", "EXCHANGE_CONFIG", "EXCHANGE_SCHEDULES", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert expected == done.returncode, done.stdout + done.stderr
    return done.stdout
