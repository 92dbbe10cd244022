"""The ledger on PostgreSQL: one writer at a time as on SQLite, readers that see one moment, and the database's time.

A transaction that writes takes one advisory lock when it begins. So what is looked up in it is still true when it is
written, the chain of events has one end, and no two writers wait for each other in a ring. A writer that froze or whose
host died is cut off by the server, which undoes its transaction and gives the lock to the next.
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError

from exchange.errors import EngineMissingError, LedgerError

BACKEND = "postgresql"
DRIVER = "postgresql+psycopg"
LOCK = 0x434F555041  # "COUPA": any number that nothing else in the database locks
SESSION = {
    "lock_timeout": "90s",  # how long a writer waits for another
    "idle_in_transaction_session_timeout": "60s",  # how long a frozen writer can keep the others waiting
    "timezone": "UTC",
}
ASK_AGAIN_SECONDS = 60.0
JUMP = dt.timedelta(seconds=1)

Clock = Callable[[], dt.datetime]


def is_postgres(where: Engine | Connection) -> bool:
    """True when this is a PostgreSQL database."""
    return where.dialect.name == BACKEND


def engine(url: URL) -> Engine:
    """Return an engine on PostgreSQL; EngineMissingError when psycopg is not installed."""
    target = url.set(drivername=DRIVER) if url.drivername == BACKEND else url
    try:
        made = create_engine(target, isolation_level="READ COMMITTED", pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise EngineMissingError(
            f"A ledger on PostgreSQL needs {error.name}: pip install 'coupa-exchange[postgres]'"
        ) from error

    @event.listens_for(made, "connect")
    def _configure(connection: Any, _: object) -> None:  # noqa: ANN401  (psycopg need not be installed)
        connection.adapters.register_dumper(str, _dumper())
        for name, value in SESSION.items():
            connection.execute(f"SET {name} = '{value}'")
        connection.commit()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("reading"):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")

    return made


def _dumper() -> type:
    """How text is written: PostgreSQL takes no NUL, which pages of strangers may hold; it becomes U+FFFD."""
    from psycopg.types.string import StrDumper  # noqa: PLC0415  (psycopg need not be installed)

    class NulFree(StrDumper):
        def dump(self, obj: str) -> Any:  # noqa: ANN401  (whatever buffer psycopg has)
            return super().dump(obj.replace("\0", "\ufffd"))

    return NulFree


def moment(tx: Connection, now: dt.datetime) -> dt.datetime:
    """Return the time by which leases are told: that of the database on PostgreSQL, for hosts differ; else ``now``."""
    if not is_postgres(tx):
        return now
    told: dt.datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return told


class SharedClock:
    """The database's time on every host: asked for now and then, counted on by the monotonic clock in between."""

    def __init__(self, asked: Engine, own: Clock) -> None:
        self._engine = asked
        self._own = own
        self._told = self._host = own()
        self._at = -ASK_AGAIN_SECONDS

    def __call__(self) -> dt.datetime:
        """Return the time; LedgerError when the database cannot be asked."""
        if not self._is_fresh():
            self._ask()
        return self._told + self._passed()

    def _passed(self) -> dt.timedelta:
        return dt.timedelta(seconds=time.monotonic() - self._at)

    def _is_fresh(self) -> bool:
        """True while the answer is young and the host's own clock went on as evenly as the monotonic one."""
        passed = self._passed()
        return passed.total_seconds() < ASK_AGAIN_SECONDS and abs(self._own() - self._host - passed) < JUMP

    def _ask(self) -> None:
        try:
            with self._engine.connect().execution_options(reading=True) as connection:
                self._host, self._at = self._own(), time.monotonic()
                self._told = moment(connection, self._host)
        except SQLAlchemyError as error:
            raise LedgerError(f"The ledger could not be asked for the time: {error}") from error
