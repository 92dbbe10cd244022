"""Upgrade: a ledger of the version before, killed in the middle of a batch, opens, and what it had begun ends right.

``upgrade/ledger-0004.sql`` is what `exchange run invoices` of that version left behind when it was killed between
sending invoice F00001A and noting that it had: F00001B was judged and not sent, E00001 was fetched and not read.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files as resources
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, func, select, text

from exchange.batches import reconciling
from exchange.batches.batch import open_batch
from exchange.batches.world import World
from exchange.flows import FLOWS
from exchange.ledger import schema
from exchange.ledger.events import broken_links
from exchange.monitor.health import Level, look
from formats import stored
from formats.documents import Invoice
from tests.exchange.parties import open_parties
from tests.faults.letters import letters

BEFORE = "0004"
DUMP = Path(__file__).parent / "upgrade" / f"ledger-{BEFORE}.sql"


def left_behind(place: Path) -> Path:
    """Make the SQLite ledger that the dump tells of."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(place)) as opened:
        opened.executescript(DUMP.read_text(encoding="utf-8"))
    return place


def move_to_postgres(place: Path, url: str) -> None:
    """Make the same ledger on PostgreSQL, with the tables of that version."""
    engine = create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(resources("exchange.ledger") / "migrations"))
    with engine.begin() as target, create_engine(f"sqlite:///{place}").connect() as source:
        config.attributes["connection"] = target
        command.upgrade(config, BEFORE)
        tables = MetaData()
        tables.reflect(target)
        for table in tables.sorted_tables:
            rows = source.execute(select(*(table.c[name] for name in table.c.keys()))).mappings().all()  # noqa: SIM118
            if table.name != "alembic_version" and rows:
                target.execute(table.insert(), [dict(row) for row in rows])
                if "id" in table.c:
                    last = target.execute(select(func.max(table.c.id))).scalar_one()
                    target.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})"))
    engine.dispose()


@dataclass(frozen=True)
class Upgraded:
    """What is there when the new version has run the flow once."""

    world: World
    at_coupa: Counter[str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    """The new version opens the ledger, and runs the flow against a Coupa that has what was sent."""
    folder = tmp_path_factory.mktemp("upgrade")
    demo, old = folder / "demo", left_behind(folder / "old.sqlite")
    url = f"sqlite:///{old}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_server").fresh()
        move_to_postgres(old, url)
    changes = {"[coupa]": f'[ledger]\nurl = "{url}"\n[flows.invoices]\nsecond_reading = false\n[coupa]'}
    with open_parties(demo, changes) as (world, _):
        for letter in letters(1):
            (demo / "sandbox/sftp/lockbox/outbox" / letter.name).write_bytes(letter.content)
        world.spool.keep_bytes(letters(1)[0].content)
        record = schema.record
        with world.ledger.read() as tx:
            sent = tx.execute(select(record.c.document).where(record.c.state == "intent")).scalar_one()
        world.partners.coupa.create_invoice(stored.load(Invoice, sent))
        for flow in ("suppliers", "invoices"):
            with open_batch(world, flow, "test") as batch:
                FLOWS[flow](batch)
        with closing(sqlite3.connect(demo / "sandbox/coupa.sqlite")) as coupa:
            numbers = Counter(row[0] for row in coupa.execute("select number from objects where kind = 'invoices'"))
        yield Upgraded(world, numbers)


def test_what_was_sent_is_found_and_what_was_not_is_sent(upgraded: Upgraded) -> None:
    wanted = ("F00001A", "F00001B", "E00001")
    assert dict.fromkeys(wanted, 1) == {number: upgraded.at_coupa[number] for number in wanted}


def test_every_record_has_its_outcome(upgraded: Upgraded) -> None:
    record = schema.record
    with upgraded.world.ledger.read() as tx:
        states = tx.execute(select(record.c.number, record.c.state).order_by(record.c.number)).all()
    assert [("E00001", "loaded"), ("F00001A", "loaded"), ("F00001B", "loaded")] == [tuple(row) for row in states]


def test_all_parties_agree(upgraded: Upgraded) -> None:
    assert [] == [check.as_json() for check in reconciling.reconcile(upgraded.world) if not check.ok]


def test_the_chain_of_events_goes_on(upgraded: Upgraded) -> None:
    with upgraded.world.ledger.read() as tx:
        assert [] == list(broken_links(tx))


def test_nothing_is_wrong_afterwards(upgraded: Upgraded) -> None:
    assert Level.OK == look(upgraded.world).level
