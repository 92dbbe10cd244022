"""Several processes on one ledger, on either database: each thing has one owner, and the chain one end."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from exchange.ledger import batches, events, files, records
from exchange.ledger.database import Ledger, open_ledger
from exchange.ledger.files import Seen
from exchange.ledger.schema import event
from tests.exchange.rival import LONGEST, ROUNDS, utc_now

ROOT = Path(__file__).parents[2]
FILES = 30
WRITERS = 4
LEASE = 300
Rival = subprocess.Popen[str]


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """A ledger with open files."""
    opened = open_ledger(ledger_url)
    with opened.write() as tx:
        batch_id = batches.start(tx, "invoices", "test", utc_now())
        for number in range(FILES):
            name = f"{number:02}.zip"
            seen = Seen(sha256=f"{number:064x}", flow="invoices", remote="lockbox", path=name, name=name, size=1)
            files.see(tx, seen, batch_id, utc_now())
    yield opened
    opened.close()


@contextmanager
def rival(url: str, name: str, deed: str) -> Iterator[Rival]:
    """Start a process that waits for a line; it is ended by its id."""
    command = [sys.executable, "-m", "tests.exchange.rival", url, name, deed]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()


def heard(process: Rival) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def begin(process: Rival) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def together(url: str, deed: str) -> list[list[str]]:
    """Let rivals do a deed at the same time; return what each got."""
    with ExitStack() as stack:
        rivals = [stack.enter_context(rival(url, f"rival {number}", deed)) for number in range(WRITERS)]
        assert ["ready"] * WRITERS == [heard(one) for one in rivals]
        for one in rivals:
            begin(one)
        return [json.loads(heard(one)) for one in rivals]


def test_four_processes_share_things_out_and_leave_one_chain_of_events(ledger: Ledger, ledger_url: str) -> None:
    """Each file, slot and business key has one owner."""
    got = [thing for each in together(ledger_url, "struggles") for thing in each]
    assert sorted({*got}) == sorted(got)
    assert FILES + 2 * ROUNDS == len(got)
    with ledger.read() as tx:
        count = tx.execute(select(func.count()).select_from(event)).scalar()
        assert (WRITERS * ROUNDS, []) == (count, list(events.broken_links(tx)))


def test_a_frozen_owner_is_taken_over_and_writes_no_intent_when_it_wakes_up(ledger: Ledger, ledger_url: str) -> None:
    sha256 = f"{0:064x}"
    with ledger.write() as tx:
        values = {"flow": "invoices", "sha256": sha256, "batch_id": 1, "business_key": "k", "payload_hash": "h"}
        record_id = records.add(tx, values | {"document": "{}"}, utc_now())
    with rival(ledger_url, "frozen", "clings") as frozen:
        assert heard(frozen) == "ready"
        begin(frozen)
        assert heard(frozen) == "claimed"
        frozen.send_signal(signal.SIGSTOP)
        time.sleep(1.2)
        with ledger.write() as tx:
            heir = files.claim(tx, sha256, "heir", utc_now(), LEASE)
        frozen.send_signal(signal.SIGCONT)
        begin(frozen)
        assert [] == json.loads(heard(frozen))
    assert heir is not None
    with ledger.write() as tx:
        assert (2, True) == (heir.fence, records.intend(tx, record_id, heir, utc_now(), LONGEST))
