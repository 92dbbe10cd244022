"""Files on their way in, from a local folder: each content once, nothing unread moved away, no name trusted."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.batches import inbound
from exchange.batches.batch import Batch, open_batch
from exchange.batches.inbound import Folder
from exchange.batches.world import World, open_world
from exchange.errors import SettingsError
from exchange.ledger import batches, files
from exchange.settings import check_settings
from tests.exchange.parties import SAMPLES, utc_now

OUTBOX = Folder("lockbox", "outbox", "archive")
WAITING = Folder("lockbox", "outbox", "archive", deadline_seconds=60)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    for folder in ("outbox", "archive"):
        (tmp_path / "lockbox" / folder).mkdir(parents=True)
    policy = tomllib.loads((SAMPLES / "policy.toml").read_text(encoding="utf-8"))["policy"]
    lockbox = {"kind": "local", "path": str(tmp_path / "lockbox")}
    settings = check_settings({"home": str(tmp_path / "home"), "lockbox": lockbox, "policy": policy}, "test")
    with open_world(settings, utc_now) as opened:
        yield opened


def place(world: World, folder: str, name: str = "") -> Path:
    return Path(world.settings.lockbox.path) / folder / name


def lay(world: World, name: str, content: bytes) -> Path:
    path = place(world, "outbox", name)
    path.write_bytes(content)
    return path


def finish(batch: Batch) -> None:
    """Call every file of the flow finished."""
    for work in inbound.unfinished(batch):
        with batch.world.ledger.write() as tx:
            files.release(tx, work.claim, files.DONE)


def names(world: World, folder: str) -> list[str]:
    return sorted(path.name for path in place(world, folder).iterdir())


def test_the_same_content_under_two_names_is_one_file_and_both_are_archived(world: World) -> None:
    lay(world, "a.csv", b"content\n")
    lay(world, "b.csv", b"content\n")
    with open_batch(world, "invoices", "test") as batch:
        fresh = inbound.collect(batch, OUTBOX)
        finish(batch)
        inbound.tidy(batch, OUTBOX)
    assert (1, [], ["000001_a.csv", "000002_b.csv"]) == (fresh, names(world, "outbox"), names(world, "archive"))


def test_what_took_the_place_of_a_file_meanwhile_is_read_before_it_is_moved(world: World) -> None:
    path = lay(world, "a.csv", b"first\n")
    with open_batch(world, "invoices", "test") as batch:
        inbound.collect(batch, OUTBOX)
        finish(batch)
        path.write_bytes(b"other\n")
        os.utime(path, (1_700_000_000, 1_700_000_000))
        inbound.tidy(batch, OUTBOX)
    assert (["a.csv"], []) == (names(world, "outbox"), names(world, "archive"))
    with open_batch(world, "invoices", "test") as batch:
        fresh = inbound.collect(batch, OUTBOX)
        finish(batch)
        inbound.tidy(batch, OUTBOX)
    assert (1, b"other\n") == (fresh, place(world, "archive", "000002_a.csv").read_bytes())


def test_an_original_that_somebody_took_away_is_tidied(world: World) -> None:
    path = lay(world, "a.csv", b"content\n")
    with open_batch(world, "invoices", "test") as batch:
        inbound.collect(batch, OUTBOX)
        finish(batch)
        path.unlink()
        inbound.tidy(batch, OUTBOX)
        with world.ledger.read() as tx:
            assert [] == files.finished_sightings(tx, "invoices", "lockbox")


@pytest.mark.parametrize("age", [0, 59, -59])
def test_a_file_without_its_end_is_waited_for(world: World, age: float) -> None:
    path = lay(world, "a.pdf", b"%PDF-1.7 and then nothing")
    changed = utc_now().timestamp() - age
    os.utime(path, (changed, changed))
    with open_batch(world, "invoices", "test") as batch:
        assert (0, []) == (inbound.collect(batch, WAITING), list(inbound.unfinished(batch)))


@pytest.mark.parametrize("age", [61, 1_000_000_000, -1_000_000_000])
def test_a_file_without_its_end_is_taken_when_its_time_is_up(world: World, age: float) -> None:
    path = lay(world, "a.pdf", b"%PDF-1.7 and then nothing")
    changed = utc_now().timestamp() - age
    os.utime(path, (changed, changed))
    with open_batch(world, "invoices", "test") as batch:
        assert 1 == inbound.collect(batch, WAITING)


def test_nothing_of_an_incomplete_file_stays_in_the_spool(world: World) -> None:
    lay(world, "a.zip", b"PK\x03\x04 and then nothing")
    with open_batch(world, "invoices", "test") as batch:
        inbound.collect(batch, WAITING)
    assert [] == [path for path in world.spool.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["a\nb.csv", "a\u202ecsv.b", "a\\b.csv", "e\u0301.csv", "\ue000.csv", "\udcff.csv"])
def test_a_name_that_is_not_safe_is_a_rejected_record_once(world: World, name: str) -> None:
    lay(world, name, b"content\n")
    told = []
    for _ in range(2):
        with open_batch(world, "invoices", "test") as batch:
            inbound.collect(batch, OUTBOX)
            with world.ledger.read() as tx:
                found = [one["rule"] for one in batches.findings(tx, batch.id)]
                told.append([(row["state"], row["number"], found) for row in batches.records(tx, batch.id)])
    assert [[("rejected", ascii(name)[1:-1], ["delivery-name-unsafe"])], []] == told
    assert ([name], b"content\n") == (names(world, "outbox"), place(world, "outbox", name).read_bytes())


def test_an_archive_takes_the_longest_name(world: World) -> None:
    lay(world, f"{'ü' * 127}x", b"content\n")
    with open_batch(world, "invoices", "test") as batch:
        inbound.collect(batch, OUTBOX)
        finish(batch)
        inbound.tidy(batch, OUTBOX)
    assert [f"000001_{'ü' * 124}"] == names(world, "archive")


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"coupa": {"deadline_seconds": 90, "unknown_seconds": 90}}, "unknown_seconds"),
        ({"coupa": {"deadline_seconds": 90}, "ledger": {"lease_seconds": 90}}, "lease_seconds"),
    ],
)
def test_times_that_would_break_the_promise_are_refused(values: dict[str, object], key: str) -> None:
    with pytest.raises(SettingsError, match=key):
        check_settings(values, "exchange.toml")
