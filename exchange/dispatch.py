"""Dispatch: who works the files that a batch found. The ledger alone says what is to be done; a queue only wakes.

In one process the files are worked one after the other. On PostgreSQL a queue (Procrastinate) carries their SHA-256 to
any number of workers. Losing the queue loses nothing: it is filled again from the ledger.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from sqlalchemy import make_url

from exchange.errors import EngineMissingError, LedgerError

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.jobs import JobDeferrer

log = structlog.get_logger()

TASK = "work-file"
FILES, SWEEPS = "files", "sweeps"
SWEEP_CRON = "* * * * * */5"  # every five seconds: the sixth field is that of seconds
STALLED_SECONDS = 20.0  # a worker that was silent for so long is taken for dead; the lease of its file must end as well
BEATS = 4  # signs of life within that time
LOCK = 0x434F555042  # any number that nothing else in the database locks

Body = Callable[[str], None]
Asked = Callable[[], Iterable[str]]


class Dispatcher(Protocol):
    """Whoever has files worked."""

    def send(self, sha256s: Iterable[str]) -> None:
        """Have files worked, now or later, here or elsewhere."""


class InProcess:
    """The default: files are worked here, one after the other."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def send(self, sha256s: Iterable[str]) -> None:
        """Work each file before the next is asked for."""
        for sha256 in sha256s:
            self._body(sha256)


class Queue:
    """The queue of files in the ledger's PostgreSQL."""

    def __init__(self, url: str, lease_seconds: float) -> None:
        self._stalled_seconds = min(STALLED_SECONDS, lease_seconds)  # waiting longer than for the lease wins nothing
        self._conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with _translated():
            self._prepare()

    def send(self, sha256s: Iterable[str]) -> None:
        """Have files worked by whoever is free; a file that waits already waits once."""
        from procrastinate import App, SyncPsycopgConnector  # noqa: PLC0415  (needed for a queue only)
        from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415

        connector = SyncPsycopgConnector(conninfo=self._conninfo, min_size=1, max_size=1)
        with _translated(), App(connector=connector).open() as app:
            for sha256 in sha256s:
                with suppress(AlreadyEnqueued):
                    _job(app, sha256).defer(sha256=sha256)

    def work(self, body: Body, lapsed: Asked, leave: threading.Event) -> None:
        """Work files until the process is asked to end; LedgerError when the database is lost.

        ``lapsed`` names files whose owners are gone: they are sent again.
        """
        with _translated():
            asyncio.run(self._work(body, lapsed, leave))
        if not leave.is_set():
            raise LedgerError("The worker lost its database; start it again.")

    async def _work(self, body: Body, lapsed: Asked, leave: threading.Event) -> None:
        from procrastinate import App, PsycopgConnector  # noqa: PLC0415

        app = App(connector=PsycopgConnector(conninfo=self._conninfo, min_size=1, max_size=4))

        @app.task(name=TASK, queue=FILES)
        def work_file(sha256: str) -> None:
            body(sha256)

        _add_sweep(app, lapsed, self._stalled_seconds)
        async with app.open_async():
            worker = asyncio.ensure_future(
                app.run_worker_async(
                    queues=[FILES, SWEEPS],
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=self._stalled_seconds / BEATS,
                    stalled_worker_timeout=self._stalled_seconds,
                )
            )
            with _signals(worker, leave), suppress(asyncio.CancelledError):
                await worker

    def empty(self) -> None:
        """Forget every job; the ledger knows them all."""
        import psycopg  # noqa: PLC0415

        with _translated(), psycopg.connect(self._conninfo) as connection:
            connection.execute("TRUNCATE procrastinate_jobs CASCADE")

    def _prepare(self) -> None:
        """Make the queue's tables where they are missing; two processes that start at once wait for each other."""
        import psycopg  # noqa: PLC0415
        from procrastinate.schema import SchemaManager  # noqa: PLC0415

        with psycopg.connect(self._conninfo) as connection:
            connection.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
            found = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
            if found == (None,):
                connection.execute(SchemaManager.get_schema())


def _job(app: "App", sha256: str) -> "JobDeferrer":
    """A job that waits once (queueing lock) and is worked by one worker at a time (lock)."""
    return app.configure_task(TASK, queue=FILES, lock=sha256, queueing_lock=sha256)


def _add_sweep(app: "App", lapsed: Asked, stalled_seconds: float) -> None:
    """Let every worker look for what dead ones left; without a lock, or a dead worker's sweep would stop all others."""
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException  # noqa: PLC0415
    from procrastinate.jobs import Status  # noqa: PLC0415

    @app.periodic(cron=SWEEP_CRON)
    @app.task(name="sweep", queue=SWEEPS, queueing_lock="sweep", priority=1)
    async def sweep(timestamp: int) -> None:
        del timestamp
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_seconds):
            log.warning("a worker is gone", task=job.task_name, file=job.lock)
            try:
                await app.job_manager.retry_job(job)
            except ConnectorException:  # it waits a second time already
                await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
        for sha256 in await asyncio.to_thread(lambda: list(lapsed())):
            with suppress(AlreadyEnqueued):
                await _job(app, sha256).defer_async(sha256=sha256)


@contextmanager
def _signals(worker: "asyncio.Future[Any]", leave: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT finish the record in hand and leave."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        leave.set()
        worker.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


@contextmanager
def _translated() -> Iterator[None]:
    """Tell what goes wrong in the queue as an error of the ledger."""
    try:
        import psycopg  # noqa: PLC0415
        from procrastinate.exceptions import ConnectorException  # noqa: PLC0415
        from psycopg_pool import PoolTimeout  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise EngineMissingError(f"Workers need {error.name}: pip install 'coupa-exchange[postgres]'") from error
    try:
        yield
    except (psycopg.Error, ConnectorException, PoolTimeout) as error:
        raise LedgerError(f"The queue of the ledger cannot be reached: {error}") from error
