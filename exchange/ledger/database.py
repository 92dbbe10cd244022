"""Opening the ledger: one engine, migrations from day one, short transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from exchange.errors import LedgerError
from exchange.killpoints import Point, reached
from exchange.ledger import postgres
from exchange.ledger.postgres import Clock

BUSY_SECONDS = 60


class Ledger:
    """The ledger database. `write` and `read` give a transaction; functions of this room work inside it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        one_moment = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = {"reading": True} | (one_moment if postgres.is_postgres(engine) else {})

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that is committed at the end, or undone by any exception.

        LedgerError when it cannot be written; ValueError when a value is none that a database takes.
        """
        try:
            with self.engine.begin() as transaction:
                yield transaction
        except DataError as error:  # the value is at fault, not the world: only its file is left out
            raise ValueError(f"The ledger does not take a value: {error.orig}") from error
        except SQLAlchemyError as error:
            raise LedgerError(f"The ledger could not be written: {error}") from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that is always undone at the end and sees one moment of the ledger."""
        try:
            with self.engine.connect().execution_options(**self._reading) as transaction:
                yield transaction
        except SQLAlchemyError as error:
            raise LedgerError(f"The ledger could not be read: {error}") from error

    def clock(self, own: Clock) -> Clock:
        """Return the clock of all processes on this ledger: the database's where it has one, else the host's own."""
        return postgres.SharedClock(self.engine, own) if postgres.is_postgres(self.engine) else own

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def open_ledger(url: str) -> Ledger:
    """Open the ledger at a database URL, bringing its tables up to date; LedgerError if it cannot be."""
    target = _target(url)
    try:
        engine = _engine(target)
        migrate(engine)
    except (SQLAlchemyError, OSError) as error:
        raise LedgerError(f"The ledger {target.render_as_string()} cannot be opened: {error}") from error
    return Ledger(engine)


def _target(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:  # its message would show the password
        raise LedgerError("ledger.url is not the URL of a database.") from None


def _engine(url: URL) -> Engine:
    match url.get_backend_name():
        case "sqlite":
            return _sqlite(url)
        case postgres.BACKEND:
            return postgres.engine(url)
        case other:
            raise LedgerError(f"A ledger lies on sqlite or postgresql, not on {other}.")


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version; two processes that start at once wait for each other."""
    config = Config()
    config.set_main_option("script_location", str(files("exchange.ledger") / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise LedgerError(f"A newer version wrote this ledger; install that one again ({error}).") from error
        reached(Point.TABLES_MADE)


def _sqlite(url: URL) -> Engine:
    """An SQLite engine: write-ahead log, full synchronisation, and a writer takes its lock when it begins."""
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        Path(url.database).touch(mode=0o600)  # SQLite gives the files beside it the same rights
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        for pragma in (
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that turns into a write fails at once in spite of the busy timeout.
        mode = "DEFERRED" if connection.get_execution_options().get("reading") else "IMMEDIATE"
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine
