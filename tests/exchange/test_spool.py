"""The spool: contents whole or not at all, known by their hash."""

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from exchange.errors import NotFoundError
from exchange.spool import Spool

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def test_a_content_is_found_by_its_hash(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    kept = spool.keep_bytes(b"invoice")
    with spool.open(kept.sha256) as stream:
        assert (b"invoice", hashlib.sha256(b"invoice").hexdigest(), 7) == (stream.read(), kept.sha256, kept.size)


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert spool.keep_bytes(b"same") == spool.keep_bytes(b"same")
    assert 1 == len([path for path in tmp_path.rglob("*") if path.is_file()])


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise OSError("cut")

    with pytest.raises(OSError, match="cut"):
        Spool(tmp_path).keep(fail)
    assert [] == [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for name, hours in ((".part-dead", 2), (".part-alive", 0)):
        (tmp_path / name).write_bytes(b"half")
        moment = (NOW - dt.timedelta(hours=hours)).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    before = NOW - dt.timedelta(hours=1)
    swept = spool.sweep(before), spool.sweep(before)
    assert ((1, 0), [".part-alive"]) == (swept, [path.name for path in tmp_path.iterdir()])


def test_a_content_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Spool(tmp_path).path("0" * 64)


def test_contents_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    kept = Spool(tmp_path).keep_bytes(b"secret")
    assert "400" == oct(Spool(tmp_path).path(kept.sha256).stat().st_mode)[-3:]
