"""A real PostgreSQL for one test run: its own data folder, its own port and password, never as root."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

DEBIAN = Path("/usr/lib/postgresql")  # Debian keeps the server's programs out of the path
UNPRIVILEGED = ("postgres", "nobody")
START_SECONDS = 60
CONFIG = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # in tests only: a server that loses power loses its data
    "max_connections": "60",
    "shared_buffers": "16MB",
    "logging_collector": "off",
}


def programs() -> Path | None:
    """Return the folder with initdb and postgres, None when this machine has none."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(DEBIAN.glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "postgres").exists() and (place / "initdb").exists()), None)


def missing() -> str:
    """Say what is missing for tests on PostgreSQL, "" when nothing is."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed (the extra `postgres`): the ledger was not tested on PostgreSQL"
    return "" if programs() else "PostgreSQL is not installed: the ledger was not tested on it"


@dataclass
class Server:
    """A running server: where it listens, how to get in, and how it is started again."""

    port: int
    password: str
    command: list[str]
    user: int | None
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            folder = self.log.parent
            self.process = subprocess.Popen(self.command, user=self.user, cwd=folder, stdout=log, stderr=log)
        self._wait(self.process)

    def end(self, number: signal.Signals) -> None:
        """Stop it: SIGINT in order ("fast"), SIGQUIT as if its host had died ("immediate")."""
        if self.process:
            self.process.send_signal(number)
            self.process.wait(30)

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        until = time.monotonic() + START_SECONDS
        engine = create_engine(self.url("postgres"))
        while True:
            try:
                engine.connect().close()
                break
            except OperationalError:
                alive = process.poll() is None and time.monotonic() < until
                assert alive, self.log.read_text(errors="replace")[-2000:]
                time.sleep(0.1)
        engine.dispose()

    def url(self, database: str) -> str:
        """Return the URL of a database as it stands in settings."""
        return f"postgresql+psycopg://exchange:{self.password}@127.0.0.1:{self.port}/{database}"

    def fresh(self, like: str = "template1") -> str:
        """Make a database, empty or like another one that nobody uses, and return its URL."""
        name = f"ledger_{secrets.token_hex(6)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            # From 15 on a copy is logged, but its sequences may fall back when the server dies; 14 knows no other way.
            whole = " STRATEGY FILE_COPY" if (connection.dialect.server_version_info or (0,)) >= (15,) else ""
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}{whole}"))
        engine.dispose()
        return self.url(name)


@contextmanager
def started() -> Iterator[Server]:
    """Start a server and stop it by its process id; skipped, loudly, where there is no PostgreSQL."""
    place = programs()
    if missing() or place is None:
        pytest.skip(missing())
    folder = Path(tempfile.mkdtemp(prefix="exchange-postgres-"))
    try:
        yield from _run(place, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(place: Path, folder: Path) -> Iterator[Server]:
    password, port = secrets.token_hex(16), _free_port()
    (folder / "password").write_text(password, encoding="ascii")
    user = _give_away(folder)
    command = [str(place / "initdb"), "-D", str(folder / "db"), "-U", "exchange", "-E", "UTF8", "--locale=C"]
    command += ["--auth=scram-sha-256", f"--pwfile={folder / 'password'}", "--no-sync"]
    told = subprocess.run(command, user=user, cwd=folder, capture_output=True, check=False)
    assert told.returncode == 0, told.stderr.decode()
    options = [part for name, value in (CONFIG | {"port": str(port)}).items() for part in ("-c", f"{name}={value}")]
    command = [str(place / "postgres"), "-D", str(folder / "db"), *options]
    server = Server(port, password, command, user, folder / "log")
    try:
        server.start()
        yield server
    finally:
        server.end(signal.SIGINT)


def _give_away(folder: Path) -> int | None:
    """Give the folder to a user without rights when we are root, for PostgreSQL refuses root; return that user."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    user = next(names[name] for name in UNPRIVILEGED if name in names)
    for path in (folder, *folder.iterdir()):
        os.chown(path, user, -1)
    return user


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
