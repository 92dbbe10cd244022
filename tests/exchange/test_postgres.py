"""What is the ledger's own on PostgreSQL: its time, its cut of frozen writers, and values that SQLite would take."""

import datetime as dt
import sys
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from exchange.errors import EngineMissingError, LedgerError
from exchange.ledger import batches, files, records
from exchange.ledger.database import Ledger, open_ledger
from exchange.ledger.files import Seen
from exchange.ledger.schema import METADATA
from tests.exchange.postgres import Server
from tests.exchange.rival import utc_now

SHA = "a" * 64
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def ledger(postgres_server: Server) -> Iterator[Ledger]:
    """A ledger on PostgreSQL with one file."""
    opened = open_ledger(postgres_server.fresh())
    with opened.write() as tx:
        batch_id = batches.start(tx, "invoices", "test", utc_now())
        seen = Seen(sha256=SHA, flow="invoices", remote="lockbox", path="a.zip", name="a.zip", size=1)
        files.see(tx, seen, batch_id, utc_now())
    yield opened
    opened.close()


def test_the_migrations_make_the_tables_that_the_code_expects(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        assert [] == compare_metadata(MigrationContext.configure(connection), METADATA)


def test_a_host_whose_clock_is_fast_takes_no_file_over(ledger: Ledger) -> None:
    with ledger.write() as tx:
        first = files.claim(tx, SHA, "right", utc_now(), 300)
        second = files.claim(tx, SHA, "fast", utc_now() + HOUR, 300)
    assert first is not None
    assert second is None


@pytest.mark.parametrize("wrong", [-HOUR, HOUR])
def test_every_host_goes_by_the_clock_of_the_database(ledger: Ledger, wrong: dt.timedelta) -> None:
    clock = ledger.clock(lambda: utc_now() + wrong)
    assert abs(clock() - utc_now()) < dt.timedelta(seconds=10)


def test_the_time_does_not_jump_with_the_clock_of_the_host(ledger: Ledger) -> None:
    jumps = iter([dt.timedelta(0)] * 2)
    clock = ledger.clock(lambda: utc_now() + next(jumps, HOUR))
    before = clock()
    assert abs(clock() - before) < dt.timedelta(seconds=10)


def test_a_writer_that_freezes_keeps_the_others_waiting_for_a_minute_at_most(ledger: Ledger) -> None:
    with ledger.write() as tx:
        shown = [tx.execute(text(f"SHOW {name}")).scalar() for name in _LIMITS]
    assert [*_LIMITS.values()] == shown


_LIMITS = {"idle_in_transaction_session_timeout": "1min", "lock_timeout": "90s"}


@pytest.mark.parametrize("key", ["S1|" + "9" * 10_000 + "|INV", "S1|4\x007|INV"])
def test_what_a_page_may_hold_is_taken_and_found_again(ledger: Ledger, key: str) -> None:
    values = {"flow": "invoices", "sha256": SHA, "batch_id": 1, "business_key": key, "payload_hash": "h"}
    with ledger.write() as tx:
        first, second = (records.add(tx, values | {"document": "{}", "currency": "\x00" * 40}, utc_now()) for _ in "12")
        found, other = records.owner(tx, "invoices", key), records.get(tx, second)
    assert found is not None
    assert (first, None) == (found["id"], other["owned_key"])


def test_without_its_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(EngineMissingError, match="postgres"):
        open_ledger("postgresql://nobody:secret@127.0.0.1:1/none")


@pytest.mark.parametrize("url", ["nonsense secret", "mysql://nobody:secret@127.0.0.1/none"])
def test_another_database_is_refused_and_no_password_is_told(url: str) -> None:
    with pytest.raises(LedgerError) as raised:
        open_ledger(url)
    assert "secret" not in str(raised.value)
