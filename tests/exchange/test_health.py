"""Health: what is wrong is named for as long as it lasts, with an exit code that monitoring understands."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from exchange.batches.batch import open_batch
from exchange.cli import app
from exchange.errors import ExchangeError, LedgerError, RemoteError, RemoteRefusedError, RemoteUnreachableError
from exchange.flow import FlowName
from exchange.ledger import controls, files, heartbeats, schema, slots
from exchange.ledger.files import Seen
from exchange.monitor.health import Level, look
from exchange.monitor.watch import watching
from exchange.schedule import Schedule, Schedules, slot_name
from tests.exchange.desk import POLICY, Desk, open_desk
from tests.exchange.parties import utc_now

HOUR = dt.timedelta(hours=1)
HOURLY = Schedules(schedules=(Schedule(flow=FlowName.INVOICES, cron="0 * * * *"),))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as opened:
        yield opened


def problems(desk: Desk, schedules: Schedules | None = None) -> dict[str, Level]:
    return {problem.topic: problem.level for problem in look(desk.world, schedules).problems}


def batch(desk: Desk, flow: str = "invoices", error: ExchangeError | None = None, partner: str = "lockbox") -> None:
    """Run a batch that does nothing, or fails."""
    if error is None:
        with open_batch(desk.world, flow, "test"):
            return
    if isinstance(error, RemoteError):
        error.partner = partner
    with pytest.raises(ExchangeError), open_batch(desk.world, flow, "test"):
        raise error


def open_file(desk: Desk, content: bytes = b"x") -> str:
    kept = desk.world.spool.keep_bytes(content)
    seen = Seen(sha256=kept.sha256, flow="invoices", remote="lockbox", path="outbox/x", name="x", size=kept.size)
    with open_batch(desk.world, "invoices", "test") as one, desk.world.ledger.write() as tx:
        files.see(tx, seen, one.id, utc_now())
    return kept.sha256


def test_nothing_is_wrong_where_nothing_has_run(desk: Desk) -> None:
    assert (Level.OK, {}) == (look(desk.world).level, problems(desk))


def test_a_partner_that_failed_once_is_a_warning(desk: Desk) -> None:
    batch(desk, error=RemoteUnreachableError())
    assert {"partner lockbox": Level.WARNING} == problems(desk)


def test_a_partner_that_failed_three_times_is_critical_and_named_once_for_all_its_flows(desk: Desk) -> None:
    for flow in ("invoices", "suppliers", "suppliers"):
        batch(desk, flow, RemoteUnreachableError())
    assert {"partner lockbox": Level.CRITICAL} == problems(desk)


def test_a_partner_that_refuses_is_critical_at_once(desk: Desk) -> None:
    batch(desk, error=RemoteRefusedError())
    assert {"partner lockbox": Level.CRITICAL} == problems(desk)


def test_a_partner_is_back_when_a_flow_that_failed_at_it_ran_to_its_end(desk: Desk) -> None:
    batch(desk, error=RemoteUnreachableError())
    batch(desk, "suppliers", RemoteUnreachableError())
    batch(desk)
    assert "partner lockbox" not in problems(desk)


def test_a_flow_that_failed_by_itself_is_critical_until_it_runs_well(desk: Desk) -> None:
    batch(desk, error=ExchangeError("no template"))
    failed = problems(desk)
    batch(desk)
    assert ({"flow invoices": Level.CRITICAL}, {}) == (failed, problems(desk))


def test_a_stopped_exchange_is_a_warning(desk: Desk) -> None:
    with desk.world.ledger.write() as tx:
        controls.switch(tx, controls.STOP, "upgrade", "anna", utc_now(), active=True)
    assert {"switch": Level.WARNING} == problems(desk)


def test_a_daemon_that_gives_signs_of_life_is_well(desk: Desk) -> None:
    with watching(desk.world, "serve"):
        assert {} == problems(desk)


def test_a_daemon_that_was_asked_to_leave_is_a_warning(desk: Desk) -> None:
    with watching(desk.world, "serve"):
        pass
    assert {"daemon": Level.WARNING} == problems(desk)


def test_a_daemon_that_died_is_critical(desk: Desk) -> None:
    with desk.world.ledger.write() as tx:
        heartbeats.beat(tx, "host:1", "serve", utc_now() - HOUR, dt.timedelta(minutes=1))
    assert {"daemon": Level.CRITICAL} == problems(desk)


def test_the_next_daemon_takes_the_place_of_one_that_died(desk: Desk) -> None:
    with desk.world.ledger.write() as tx:
        heartbeats.beat(tx, "host:1", "serve", utc_now() - HOUR, dt.timedelta(minutes=1))
    with watching(desk.world, "serve"):
        assert [desk.world.owner] == [row["owner"] for row in look(desk.world).owners]


def test_a_slot_that_nobody_began_is_critical(desk: Desk) -> None:
    due = utc_now() - 4 * HOUR
    with desk.world.ledger.write() as tx:
        slots.take(tx, "invoices", slot_name(due), "host:1", due)
    assert {"late invoices": Level.CRITICAL} == problems(desk, HOURLY)


def test_a_slot_is_late_only_after_a_while(desk: Desk) -> None:
    desk.world.clock = lambda: dt.datetime(2026, 3, 4, 10, 20, tzinfo=dt.UTC)
    before = dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC)
    with desk.world.ledger.write() as tx:
        slots.take(tx, "invoices", slot_name(before), "host:1", before)
    assert {} == problems(desk, HOURLY)


def test_the_next_slot_of_a_flow_is_told(desk: Desk) -> None:
    desk.world.clock = lambda: dt.datetime(2026, 3, 4, 10, 20, tzinfo=dt.UTC)
    due = {flow.flow: flow.due for flow in look(desk.world, HOURLY).flows if flow.due}
    assert {"invoices": dt.datetime(2026, 3, 4, 11, tzinfo=dt.UTC)} == due


def test_a_file_that_is_not_finished_for_hours_is_a_warning(desk: Desk) -> None:
    open_file(desk)
    young = problems(desk)
    desk.world.clock = lambda: utc_now() + 3 * HOUR
    assert ({}, {"oldest file": Level.WARNING}) == (young, problems(desk))


def test_a_file_in_quarantine_is_a_warning(desk: Desk) -> None:
    sha256 = open_file(desk)
    with desk.world.ledger.write() as tx:
        files.set_state(tx, sha256, files.QUARANTINED, "it ended five processes")
    assert {f"file {sha256[:16]}": Level.WARNING} == problems(desk)


def test_a_disk_that_is_nearly_full_is_critical(tmp_path: Path) -> None:
    with open_desk(tmp_path, ("[policy]", "[health]\ndisk_megabytes = 100000000\n[policy]")) as desk:
        assert {"disk": Level.CRITICAL} == problems(desk)


def test_status_ends_with_the_exit_code_that_monitoring_asks_for(desk: Desk) -> None:
    codes = [_status(desk).exit_code]
    for _ in range(3):
        batch(desk, error=RemoteUnreachableError("no answer"))
        codes.append(_status(desk).exit_code)
    assert [0, 1, 1, 2] == codes


def test_the_first_line_of_status_says_what_is_wrong(desk: Desk) -> None:
    batch(desk, error=RemoteRefusedError("the host key was changed"))
    first = " ".join(_status(desk).stdout.split("\n\n")[0].split())
    assert first.startswith("CRITICAL: lockbox failed at ")
    assert "the host key was changed" in first


def test_status_tells_programs_the_same(desk: Desk) -> None:
    batch(desk, error=RemoteUnreachableError())
    told = json.loads(_status(desk, "--json").stdout)
    assert ("WARNING", ["partner lockbox"]) == (told["level"], [one["topic"] for one in told["problems"]])


def test_a_ledger_that_cannot_be_read_is_critical(tmp_path: Path) -> None:
    (tmp_path / "exchange.toml").write_text(f'home = "{tmp_path}"\n[ledger]\nurl = "sqlite:////dev/null/x"\n{POLICY}')
    result = CliRunner().invoke(app, ["status", "--config", str(tmp_path / "exchange.toml")])
    assert (2, True) == (result.exit_code, result.stdout.startswith("CRITICAL: "))


def test_a_watch_that_finds_no_ledger_lets_the_work_go_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise LedgerError

    monkeypatch.setattr(heartbeats, "beat", away)
    with watching(desk.world, "serve"):
        batch(desk)
    with desk.world.ledger.read() as tx:
        assert ["done"] == list(tx.execute(schema.batch.select().with_only_columns(schema.batch.c.outcome)).scalars())


def _status(desk: Desk, *more: str) -> Result:
    return CliRunner().invoke(app, ["status", "--config", str(desk.config), *more])
