"""Copies of the ledger: SQLite by its own online backup, PostgreSQL by pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from exchange.errors import EngineMissingError, LedgerError
from exchange.ledger.postgres import BACKEND, DRIVER

NAMES = {"sqlite": "ledger.sqlite", BACKEND: "ledger.dump"}
BESIDE = ("", "-wal", "-shm")
PAGES = 4096  # in one step; between two steps others may write


def copy(url: str, folder: Path) -> Path:
    """Copy the ledger at a moment into a folder while others go on working; LedgerError when the copy is not whole."""
    source = make_url(url)
    target = folder / NAMES[source.get_backend_name()]
    if source.get_backend_name() == BACKEND:
        _run(
            "pg_dump",
            source,
            ["--format=custom", "--schema=public", "--no-owner", "--no-privileges", f"--file={target}"],
        )
    else:
        _copy_sqlite(Path(str(source.database)), target)
    return target


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as ours,
            closing(sqlite3.connect(target)) as copy,
        ):
            ours.backup(copy, pages=PAGES)
            copy.execute("PRAGMA journal_mode=DELETE")  # so that the copy is one file
    except sqlite3.Error as error:
        raise LedgerError(f"The ledger {source} cannot be copied: {error}") from error
    prove(target)


def prove(copied: Path) -> None:
    """LedgerError unless a copy is whole."""
    if copied.name == NAMES[BACKEND]:
        _run("pg_restore", None, ["--list", str(copied)])
        return
    try:
        with closing(sqlite3.connect(f"file:{copied}?mode=ro", uri=True)) as opened:
            told = opened.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        told = str(error)
    if told != "ok":
        raise LedgerError(f"The copy {copied} is damaged: {told}")


def exists(url: str) -> bool:
    """True when there is a ledger at a URL that a restore would put aside."""
    place = make_url(url)
    if place.get_backend_name() != BACKEND:
        return Path(str(place.database)).exists()
    engine = create_engine(place.set(drivername=DRIVER))
    try:
        return bool(inspect(engine).get_table_names())
    except SQLAlchemyError as error:
        raise LedgerError(f"The database cannot be asked: {error}") from error
    finally:
        engine.dispose()


def put_back(url: str, copied: Path, aside: str) -> str:
    """Put a copy in the place of the ledger and return where the former one is kept, "" when there was none."""
    place = make_url(url)
    if copied.name != NAMES[place.get_backend_name()]:
        raise LedgerError(f"{copied.name} is no copy for {place.get_backend_name()}; check [ledger] url.")
    if place.get_backend_name() == BACKEND:
        return _put_back_postgres(place, copied, aside)
    return _put_back_sqlite(Path(str(place.database)), copied, aside)


def _put_back_sqlite(ledger: Path, copied: Path, aside: str) -> str:
    """The former ledger is renamed with its log, which must never be applied to another file."""
    former = ledger.with_name(f"{ledger.name}.{aside}")
    ledger.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = ledger.with_name(f".part-{ledger.name}")
    shutil.copyfile(copied, part)
    part.chmod(0o600)
    kept = ledger.exists()
    for ending in BESIDE:
        if (beside := ledger.with_name(ledger.name + ending)).exists():
            beside.replace(former.with_name(former.name + ending))
    part.replace(ledger)
    return str(former) if kept else ""


def _put_back_postgres(place: URL, copied: Path, aside: str) -> str:
    """The former tables are kept in a schema of their own."""
    former = aside.replace("-", "_")
    kept = exists(place.render_as_string(hide_password=False))
    engine = create_engine(place.set(drivername=DRIVER))
    try:
        with engine.begin() as connection:
            if kept:
                connection.execute(text(f'ALTER SCHEMA public RENAME TO "{former}"'))
                connection.execute(text("CREATE SCHEMA public"))
    except SQLAlchemyError as error:
        raise LedgerError(f"The former tables cannot be put aside: {error}") from error
    finally:
        engine.dispose()
    options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", place, [*options, f"--dbname={place.database}", "--schema=public", str(copied)])
    return f"schema {former}" if kept else ""


def _run(program: str, place: URL | None, arguments: Sequence[str]) -> None:
    """Run a program of PostgreSQL; the password goes by its environment, where no list of processes shows it."""
    found = shutil.which(program)
    if found is None:
        raise EngineMissingError(f"{program} is not installed; Debian has it in postgresql-client.")
    told = {} if place is None else {"PGHOST": place.host, "PGPORT": place.port, "PGUSER": place.username}
    told |= {} if place is None else {"PGPASSWORD": place.password, "PGDATABASE": place.database}
    environment = os.environ | {name: str(value) for name, value in told.items() if value is not None}
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603  (found by its name)
    if done.returncode:
        raise LedgerError(f"{program} failed: {' '.join(done.stderr.split())}")
