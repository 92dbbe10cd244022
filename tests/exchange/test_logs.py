"""Logs tell what went wrong and where, and never what stood in the variables."""

import json
import sys
from collections.abc import Iterator

import pytest
import structlog

from exchange.cli import logs

SECRET = "".join(map(chr, range(97, 105)))  # the source lines of a traceback do not have it


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def fail() -> None:
    passphrase = SECRET
    raise OSError(f"{len(passphrase)} bytes could not be written")


@pytest.mark.parametrize("watched", [False, True], ids=["for machines", "for people"])
def test_a_traceback_shows_no_values(
    watched: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watched, raising=False)
    logs.start()
    try:
        fail()
    except OSError:
        structlog.get_logger().exception("a file could not be worked")
    told = capsys.readouterr().err
    assert ("8 bytes could not be written" in told, "fail" in told, SECRET in told) == (True, True, False)


def test_a_log_for_machines_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start()
    structlog.get_logger().info("a file", file="a.csv")
    assert "a.csv" == json.loads(capsys.readouterr().err)["file"]
