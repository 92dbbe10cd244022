"""Backup and restore: a copy made while others write, and a ledger that is older than the world loads nothing twice."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from exchange.batches import outbound, safekeeping
from exchange.batches.batch import open_batch
from exchange.batches.progress import Silence
from exchange.batches.world import World, open_world
from exchange.errors import BusyError, EngineMissingError, ExchangeError, LedgerError, NotFoundError, StoppedError
from exchange.flows import FLOWS
from exchange.ledger import controls, outgoing, schema
from exchange.ledger.events import broken_links
from exchange.monitor.watch import watching
from exchange.settings import Settings, load_settings
from tests.exchange.desk import Desk, open_desk
from tests.exchange.parties import open_parties, utc_now
from tests.exchange.postgres import Server
from tests.faults.letters import Letter, letters


def run(world: World, flow: str) -> None:
    with open_batch(world, flow, "test") as batch:
        FLOWS[flow](batch)


def restore(settings: Settings, source: Path, *, force: bool = True) -> safekeeping.Restored:
    return safekeeping.restore(settings, source, utc_now, Silence(), force=force)


@dataclass(frozen=True)
class Aftermath:
    """What is there after a restore, when the lockbox has delivered the whole day once more."""

    stopped: bool
    at_coupa: Mapping[str, int]
    states: Mapping[str, tuple[str, str]]
    at_erp: list[str]
    held: list[str]
    broken: list[int]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """A day goes on after its backup; then the ledger is lost, the backup restored, and all is delivered again."""
    folder = tmp_path_factory.mktemp("restore")
    demo = folder / "demo"
    before, after = letters(1), letters(2)
    changes = {"[coupa]": "[flows.invoices]\nsecond_reading = false\n[coupa]"}
    with open_parties(demo, changes) as (world, _):
        deliver(demo, before)
        run(world, "invoices")
        with open_batch(world, "ok2pay", "test") as batch, world.ledger.write() as tx:
            kept = world.spool.keep_bytes(b"vouchers")
            outbound.prepare(batch, tx, outbound.Parcel(remote="erp", path="ok2pay/v.csv", kept=kept, records=0))
        safekeeping.backup(world, folder / "backups")
        deliver(demo, after)
        run(world, "invoices")
        with open_batch(world, "ok2pay", "test") as batch:
            outbound.publish(batch)
        world.ledger.close()
        restore(world.settings, folder / "backups")
        (demo / "sandbox/sftp/erp/ok2pay/v.csv").unlink()  # the ERP took it
        deliver(demo, (*before, *after))
        with open_world(load_settings(demo / "exchange.toml"), utc_now) as restored:
            yield _live_on(demo, restored)


def deliver(demo: Path, these: tuple[Letter, ...]) -> None:
    for letter in these:
        (demo / "sandbox/sftp/lockbox/outbox" / letter.name).write_bytes(letter.content)


def _live_on(demo: Path, world: World) -> Aftermath:
    stopped = False
    try:
        run(world, "invoices")
    except StoppedError:
        stopped = True
    with world.ledger.write() as tx:
        controls.switch(tx, controls.STOP, "", "test", utc_now(), active=False)
    run(world, "invoices")
    with open_batch(world, "ok2pay", "test") as batch:
        outbound.publish(batch)
    record = schema.record
    with world.ledger.read() as tx:
        found = tx.execute(select(record.c.number, record.c.state, record.c.explanation)).all()
        held = [row["path"] for row in outgoing.held(tx)]
        broken = list(broken_links(tx))
    with closing(sqlite3.connect(demo / "sandbox/coupa.sqlite")) as coupa:
        numbers = Counter(row[0] for row in coupa.execute("select number from objects where kind = 'invoices'"))
    return Aftermath(
        stopped=stopped,
        at_coupa={number: numbers[number] for number, *_ in found},
        states={number: (state, why or "") for number, state, why in found},
        at_erp=[path.name for path in (demo / "sandbox/sftp/erp/ok2pay").iterdir()],
        held=held,
        broken=broken,
    )


def test_nothing_moves_after_a_restore_until_a_person_says_so(aftermath: Aftermath) -> None:
    assert aftermath.stopped


def test_a_ledger_that_is_older_than_the_world_loads_nothing_twice(aftermath: Aftermath) -> None:
    numbers = [number for number in aftermath.at_coupa if number]
    assert dict.fromkeys(("F00001A", "F00001B", "E00001", "F00002A", "F00002B", "E00002"), 1) == {
        number: aftermath.at_coupa[number] for number in numbers
    }


def test_what_was_loaded_after_the_backup_is_found(aftermath: Aftermath) -> None:
    late = {number: told for number, told in aftermath.states.items() if number in ("F00002A", "F00002B", "E00002")}
    assert dict.fromkeys(late, ("loaded", "It was found at Coupa after a restore.")) == late


def test_a_file_for_the_erp_that_may_have_left_is_not_sent_again(aftermath: Aftermath) -> None:
    assert ([], ["ok2pay/v.csv"]) == (aftermath.at_erp, aftermath.held)


def test_the_chain_of_events_goes_on_where_the_backup_ended(aftermath: Aftermath) -> None:
    assert [] == aftermath.broken


@pytest.fixture
def desk(tmp_path: Path, ledger_url: str) -> Iterator[Desk]:
    """A desk on either database."""
    with open_desk(tmp_path, ("[policy]", f'[ledger]\nurl = "{ledger_url}"\n[policy]')) as opened:
        yield opened


def something(desk: Desk, content: bytes) -> str:
    """Let a content come in, and return its SHA-256."""
    kept = desk.world.spool.keep_bytes(content)
    with open_batch(desk.world, "invoices", "test") as batch, desk.world.ledger.write() as tx:
        outbound.prepare(batch, tx, outbound.Parcel(remote="lockbox", path=f"ack/{kept.sha256}", kept=kept, records=1))
    return kept.sha256


def batches_in(settings: Settings) -> int:
    with open_world(settings, utc_now) as world, world.ledger.read() as tx:
        return len(tx.execute(select(schema.batch.c.id)).all())


def test_a_restored_ledger_is_that_of_the_backup_and_the_former_one_is_kept(desk: Desk, tmp_path: Path) -> None:
    something(desk, b"one")
    safekeeping.backup(desk.world, tmp_path / "backups")
    something(desk, b"two")
    desk.world.ledger.close()
    done = restore(desk.world.settings, tmp_path / "backups")
    assert (1, True) == (batches_in(desk.world.settings), "before" in done.former)


def test_a_restore_on_a_new_machine_brings_ledger_and_spool(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        sha256 = something(desk, b"one")
        safekeeping.backup(desk.world, tmp_path / "backups")
    there = desk.world.settings.model_copy(update={"home": tmp_path / "new"})
    restore(there, tmp_path / "backups", force=False)
    with open_world(there, utc_now) as world, world.spool.open(sha256) as stream:
        assert (1, b"one") == (batches_in(there), stream.read())


def test_backups_share_what_never_changes(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "backups"
    something(desk, b"one")
    first, _ = safekeeping.backup(desk.world, target)
    sha256 = something(desk, b"two")
    inode = next((target / "spool").glob("*/*")).stat().st_ino
    desk.world.clock = lambda: utc_now().replace(year=2031)
    second, manifest = safekeeping.backup(desk.world, target)
    kept = {path.name: path.stat().st_ino for path in (target / "spool").glob("*/*")}
    assert (2, 2, True) == (manifest.contents, len(kept), inode in kept.values())
    assert (first != second, sha256 in kept) == (True, True)


def test_a_backup_that_was_changed_is_refused(desk: Desk, tmp_path: Path) -> None:
    folder, manifest = safekeeping.backup(desk.world, tmp_path / "backups")
    with (folder / manifest.ledger).open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(ExchangeError, match="is not what was backed up"):
        restore(desk.world.settings, tmp_path / "backups")


def test_a_content_that_is_damaged_stops_the_backup(desk: Desk, tmp_path: Path) -> None:
    path = desk.world.spool.path(something(desk, b"one"))
    path.chmod(0o600)
    path.write_bytes(b"not one")
    with pytest.raises(ExchangeError, match="The spool is damaged"):
        safekeeping.backup(desk.world, tmp_path / "backups")


def test_a_content_that_is_gone_is_named(desk: Desk, tmp_path: Path) -> None:
    sha256 = something(desk, b"one")
    desk.world.spool.path(sha256).unlink()
    _, manifest = safekeeping.backup(desk.world, tmp_path / "backups")
    assert (sha256,) == manifest.missing


def test_a_ledger_is_put_aside_only_when_that_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    safekeeping.backup(desk.world, tmp_path / "backups")
    with pytest.raises(ExchangeError, match="--force"):
        restore(desk.world.settings, tmp_path / "backups", force=False)


def test_nothing_is_restored_under_a_daemon(desk: Desk, tmp_path: Path) -> None:
    safekeeping.backup(desk.world, tmp_path / "backups")
    with watching(desk.world, "serve"), pytest.raises(BusyError, match="is at work"):
        restore(desk.world.settings, tmp_path / "backups")


def test_a_backup_that_was_interrupted_is_none(desk: Desk, tmp_path: Path) -> None:
    folder, _ = safekeeping.backup(desk.world, tmp_path / "backups")
    (folder / safekeeping.MANIFEST).unlink()
    with pytest.raises(NotFoundError):
        restore(desk.world.settings, tmp_path / "backups")


def test_without_the_programs_of_postgresql_it_says_what_to_install(
    postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_desk(tmp_path, ("[policy]", f'[ledger]\nurl = "{postgres_server.fresh()}"\n[policy]')) as desk:
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(EngineMissingError, match="postgresql-client"):
            safekeeping.backup(desk.world, tmp_path / "backups")


def test_a_copy_of_the_one_database_is_not_put_into_the_other(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        folder, manifest = safekeeping.backup(desk.world, tmp_path / "backups")
        told: dict[str, Any] = json.loads((folder / safekeeping.MANIFEST).read_text(encoding="utf-8"))
        (folder / manifest.ledger).rename(folder / "ledger.dump")
        (folder / safekeeping.MANIFEST).write_text(json.dumps(told | {"ledger": "ledger.dump"}), encoding="utf-8")
        with pytest.raises(LedgerError):
            restore(desk.world.settings, folder)
