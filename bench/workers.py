"""How loading grows with workers: `python -m bench.workers [FILES]` prints files a second for 1 and 2 workers.

Coupa takes a while for each request, as over a real line; PostgreSQL, the sandbox and the workers share this machine.
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from tests.exchange import postgres
from tests.stories import small
from tests.stories.office import open_office, wait_for

WORKERS = (1, 2)
FILES = 30
SECONDS_A_REQUEST = 0.25
SLOW = {"kind": "latency", "seconds": SECONDS_A_REQUEST, "times": 100_000, "match": {"path": "/api/invoices"}}
SPENT = """select extract(epoch from max(at::timestamptz) - min(at::timestamptz))
    from event where what in ('file taken in', 'file finished')"""
READY = "select count(*) from procrastinate_workers"


def measure(server: postgres.Server, files: int, workers: int) -> float:
    """Return the files a second from the first that was taken in to the last that was finished."""
    url = server.fresh()
    engine = create_engine(url)
    more = {"EXCHANGE_LEDGER__URL": url, "EXCHANGE_LEDGER__DISPATCH": "workers"}
    with tempfile.TemporaryDirectory() as folder, open_office(Path(folder) / "office", **more) as office:
        mail = office.folder / "mail"
        mail.mkdir()
        small.write(mail, files)
        office.tell("lockbox/deliver", {"folder": str(mail)})
        with ExitStack() as stack:
            for number in range(workers):
                stack.enter_context(office.started("worker", log=f"worker-{number}.log"))
            wait_for(lambda: _ask(engine, READY) == workers, 120)
            office.tell("faults", SLOW)
            told = office.json("run", "invoices")
        if told["loaded"] != files:
            raise RuntimeError(f"not everything was loaded: {told}")
        spent = _ask(engine, SPENT)
    engine.dispose()
    return files / spent


def _ask(engine: Engine, sql: str) -> float:
    with engine.connect() as connection:
        if sql == READY and connection.execute(text("select to_regclass('procrastinate_workers')")).scalar() is None:
            return 0.0
        return float(connection.execute(text(sql)).scalar_one())


def main() -> None:
    """Measure and print."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with postgres.started() as server:
        for workers in WORKERS:
            sys.stdout.write(f"{workers} workers: {measure(server, files, workers):5.2f} files a second\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
