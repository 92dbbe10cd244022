"""What is deployed: the units are well formed and shut in, and the container starts what there is."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from exchange.cli import app

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = ("exchange.service", "exchange-worker@.service")
MOST_EXPOSED = 25  # tenths, as systemd-analyze counts: 100 is a service that may do anything

systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd is not installed: no unit was read"
)


def on_this_machine(unit: str, folder: Path) -> Path:
    """A unit whose program and user exist here, which is all that the checker would miss."""
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    text = re.sub(r"^(User|Group)=.*$", r"\1=root", text, flags=re.MULTILINE)
    path = folder / unit.replace("@.", "@1.")
    path.write_text(text.replace("/srv/exchange/venv/bin/exchange", "/bin/true"), encoding="utf-8")
    return path


def analyze(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@systemd
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: str, tmp_path: Path) -> None:
    assert (0, "") == analyze("verify", str(on_this_machine(unit, tmp_path)))


@systemd
@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_shut_in(unit: str, tmp_path: Path) -> None:
    path = str(on_this_machine(unit, tmp_path))
    code, told = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", path)
    assert 0 == code, told


@pytest.mark.parametrize("name", [*UNITS, "Containerfile"])
def test_what_is_started_is_a_command(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    started = re.findall(r"bin/exchange (\w+)|CMD exchange (\w+)|\"exchange\", \"(\w+)\"", text)
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert started
    assert [] == ["".join(one) for one in started if "".join(one) not in commands]


def test_the_container_copies_what_there_is() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for name in line.split()]
    assert [] == [name for name in copied if not (DEPLOY.parent / name).exists()]


@pytest.mark.parametrize(("status", "healthy"), [(0, True), (1, True), (2, False), (40, False)])
def test_only_what_is_critical_makes_a_container_unhealthy(status: int, healthy: bool) -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    (check,) = re.findall(r"^HEALTHCHECK .* CMD (.*)$", text, re.MULTILINE)
    done = subprocess.run(["sh", "-c", f"exchange() {{ return {status}; }}; {check}"], check=False)
    assert healthy == (done.returncode == 0)
