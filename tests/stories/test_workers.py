"""PostgreSQL as the ledger and two workers: each invoice is loaded once, also when a worker dies or freezes."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from exchange.dispatch import Queue
from exchange.ledger.database import open_ledger
from tests.exchange import postgres
from tests.stories import small
from tests.stories.office import Office, Process, open_office, wait_for

pytestmark = pytest.mark.story

COUNT = 12
SLOW = {"kind": "latency", "seconds": 0.4, "times": 200, "match": {"path": "/api/invoices$", "method": "POST"}}
CREATED = "select distinct who from event where what = 'created at Coupa'"
IMPATIENT = {
    "EXCHANGE_LEDGER__DISPATCH": "workers",
    "EXCHANGE_LEDGER__LEASE_SECONDS": "6",
    "EXCHANGE_COUPA__DEADLINE_SECONDS": "3",
    "EXCHANGE_COUPA__UNKNOWN_SECONDS": "4",
}


class Shared:
    """An office whose ledger lies on PostgreSQL."""

    def __init__(self, office: Office, url: str) -> None:
        self.office, self.url = office, url

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Ask the ledger."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            answer = [dict(row) for row in connection.execute(text(sql)).mappings()]
        engine.dispose()
        return answer

    def is_done(self) -> bool:
        """True when every file is finished."""
        return [{"state": "done"}] == self.ask("select distinct state from file")

    @contextmanager
    def workers(self, count: int) -> Iterator[list[Process]]:
        """Start workers."""
        with ExitStack() as stack:
            yield [stack.enter_context(self.office.started("worker", log=f"w{one}.log")) for one in range(count)]


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.started() as running:
        yield running


@contextmanager
def opened(server: postgres.Server, folder: Path) -> Iterator[Shared]:
    """Open an office with small deliveries in the lockbox."""
    url = server.fresh()
    open_ledger(url).close()
    with open_office(folder / "office", EXCHANGE_LEDGER__URL=url, **IMPATIENT) as office:
        mail = office.folder / "mail"
        mail.mkdir()
        small.write(mail, COUNT)
        office.tell("lockbox/deliver", {"folder": str(mail)})
        yield Shared(office, url)


def wanted() -> dict[str, int]:
    return {small.number(one): 1 for one in range(COUNT)}


def busy(shared: Shared, worker: Process) -> bool:
    """True while a worker has an intent whose outcome is not known."""
    sql = "select owner from file join record using (sha256) where record.state = 'intent' and remote_id is null"
    return any(f":{worker.pid}:" in (row["owner"] or "") for row in shared.ask(sql))


def test_two_workers_share_the_files_and_each_invoice_is_loaded_once(server: postgres.Server, tmp_path: Path) -> None:
    """The run that sent them waits, tells what became of them, answers the lockbox and tidies up."""
    with opened(server, tmp_path) as shared, shared.workers(2) as workers:
        shared.office.tell("faults", SLOW)
        told = shared.office.json("run", "invoices")
        assert (COUNT, COUNT, 0) == (told["read"], told["loaded"], told["open"])
        assert wanted() == shared.office.at_coupa()
        assert 2 == len(shared.ask(CREATED))
        assert COUNT == len(list((shared.office.lockbox / "archive").iterdir()))
        assert COUNT == len(list((shared.office.lockbox / "ack").glob("*.csv")))
        shared.office.exchange("audit")
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        assert [0, 0] == [worker.wait(30) for worker in workers]
        assert [] == shared.ask("select id from procrastinate_jobs")


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_what_a_dead_or_frozen_worker_had_in_hand_is_finished_by_the_other(
    server: postgres.Server, tmp_path: Path, blow: signal.Signals
) -> None:
    """An outcome that nobody knows waits for a later run; the frozen one wakes up in the end and does no harm."""
    with opened(server, tmp_path) as shared, shared.workers(2) as workers:
        shared.office.tell("faults", SLOW)
        with shared.office.started("run", "invoices") as sent:
            wait_for(lambda: busy(shared, workers[0]), 60)
            workers[0].send_signal(blow)
            assert 0 == sent.wait(150)
        workers[0].send_signal(signal.SIGCONT)
        wait_for(lambda: shared.office.exchange("run", "invoices") and shared.is_done(), 150)
        assert wanted() == shared.office.at_coupa()
        assert all(check["agree"] for check in shared.office.json("reconcile"))
        shared.office.exchange("audit")


def test_a_lost_queue_is_filled_again_from_the_ledger(server: postgres.Server, tmp_path: Path) -> None:
    with opened(server, tmp_path) as shared:
        with shared.office.started("run", "invoices"):
            wait_for(lambda: _waiting(shared) == COUNT, 60)
        Queue(shared.url, 300).empty()
        assert 0 == _waiting(shared)
        with shared.workers(1):
            wait_for(shared.is_done, 90)
        assert wanted() == shared.office.at_coupa()


def _waiting(shared: Shared) -> int:
    if not shared.ask("select 1 from information_schema.tables where table_name = 'procrastinate_jobs'"):
        return 0
    return len(shared.ask("select id from procrastinate_jobs where status = 'todo'"))


def test_a_password_in_the_url_is_told_to_nobody(server: postgres.Server, tmp_path: Path) -> None:
    with opened(server, tmp_path) as shared:
        office = shared.office
        elsewhere = shared.url.replace(f":{server.port}/", ":1/")
        lost = Office(office.folder, office.ready, {**office.environment, "EXCHANGE_LEDGER__URL": elsewhere})
        told = lost.exchange("batches", "--json", expected=11)
        assert "cannot be opened" in told
        assert server.password not in told
