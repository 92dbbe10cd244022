"""Outages: a partner, the disk or the database is away for a while, which costs a delay and one alarm."""

import os
import signal
import threading
import time
from collections.abc import Callable

from exchange.dispatch import Queue
from exchange.killpoints import Point
from exchange.ledger.database import open_ledger
from tests.exchange.line import Line
from tests.exchange.sshd import free_port
from tests.faults.counting import count
from tests.faults.crew import KILLED
from tests.faults.stage import Run, Stage
from tests.faults.trials import Result, Strike, Trial, into, struck

DROP = {"QUIET_SECONDS": "0.2", "POLL_SECONDS": "0.5"}
AWAY_SECONDS = 10.0  # after the alarm: a second one would be seen
LONGEST_DELAY = 90.0
STORM = 10_000


def full_disk(run: Run) -> bool:
    """No file of this process may grow beyond a few bytes: neither spool nor ledger can be written."""
    return run.wait(run.start("run", "invoices", limits={"file_bytes": 600})) not in (0, KILLED)


def killed_database(flow: str, point: Point) -> Strike:
    """Return the strike of a database that dies as if with its host while the process is at a point, and comes back."""

    def strike(run: Run) -> bool:
        server = run.stage.server
        pid = run.start("run", flow, EXCHANGE_STOP_AT=point)
        if server is None or not run.is_stopped(pid):
            return False
        server.end(signal.SIGQUIT)
        server.start()
        run.thaw(pid)
        return True

    return strike


def emptied_queue(run: Run) -> bool:
    """The queue forgets every job while the workers are frozen, and they are killed: others know it from the ledger."""
    pid = run.start("run", "invoices", EXCHANGE_STOP_AT=Point.FILE_CLAIMED)
    if not run.is_stopped(pid):
        return False
    Queue(run.database, 3).empty()
    for worker in run.crews[pid].workers:
        os.kill(worker, signal.SIGKILL)
    return run.wait(pid) == KILLED


def locked_ledger(run: Run) -> bool:
    """Somebody else holds the ledger's write lock for some seconds."""
    run.go("receipts")
    ledger = open_ledger(run.database)
    writing = threading.Event()

    def hold() -> None:
        with ledger.write():
            writing.set()
            time.sleep(3)

    holder = threading.Thread(target=hold)
    holder.start()
    writing.wait()
    done = run.go("invoices") == 0
    holder.join()
    ledger.close()
    return done


def away(flow: str, party: str, times: int = 3) -> Trial:
    """Return the trial of a partner that refuses every connection while the flow is tried several times."""

    def strike(run: Run) -> bool:
        run.sites[party] = {"port": free_port()}
        run.configure()
        codes = {run.go(flow) for _ in range(times)}
        run.sites = {}
        run.configure()
        return codes == {21}

    return struck(flow, strike)


def other_host_key(run: Run) -> bool:
    """The lockbox shows a key that is not pinned: nothing may be sent to it."""
    run.sites["lockbox"] = {"host_key": run.stage.ready["sftp"]["erp"]["host_key"]}
    run.configure()
    refused = run.go("invoices") == 22
    run.sites = {}
    run.configure()
    return refused


def away_from_daemon(stage: Stage) -> Result:
    """The lockbox dies while the daemon serves, with letters there and in the drop folder; later it is back."""
    run = stage.run()
    line = Line(stage.ready["sftp"]["lockbox"]["port"])
    line.frozen = True
    run.sites = {"lockbox": {"port": line.port}}

    def outage() -> None:
        _until_told(run)
        line.frozen = False

    result = _served(run, outage)
    line.close()
    return result


def daemon_without_database(stage: Stage) -> Result:
    """The database dies under the daemon as if with its host, with letters waiting; later it is back."""
    run, server = stage.run(), stage.server

    def outage() -> None:
        assert server is not None
        server.end(signal.SIGQUIT)
        _until_told(run)
        server.start()

    return _served(run, outage)


def unmounted_drop(stage: Stage) -> Result:
    """The drop folder is gone for a while, with the letter in it, and comes back."""
    run = stage.run()

    def outage() -> None:
        away = (run.folder / "drop").rename(run.folder / "unmounted")
        time.sleep(3)
        away.rename(run.folder / "drop")

    return _served(run, outage, alarms=0)


def silent_drop(stage: Stage) -> Result:
    """The drop folder sends no events: it is another one than that which is watched, with the letter in it."""
    run = stage.run()

    def outage() -> None:
        watched = (run.folder / "drop").rename(run.folder / "watched")
        (run.folder / "drop").mkdir()
        (run.folder / "drop" / run.letters[0].name).write_bytes(run.letters[0].content)
        (watched / run.letters[0].name).unlink(missing_ok=True)

    return _served(run, outage, alarms=0)


def storm_in_drop(stage: Stage) -> Result:
    """Ten thousand files come and go in the drop folder while the letter lies there."""
    run = stage.run()

    def outage() -> None:
        for number in range(STORM):
            passing = run.folder / "drop" / f".passing-{number}"
            passing.touch()
            passing.unlink()

    return _served(run, outage, alarms=0)


def _until_told(run: Run) -> None:
    """Wait for the alarm, and for some time longer."""
    until = time.monotonic() + LONGEST_DELAY
    while not run.alarms() and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(AWAY_SECONDS)


def _served(run: Run, outage: Callable[[], None], alarms: int = 1) -> Result:
    """Serve through an outage until all is done; so many alarms by then, and an orderly end."""
    drop = run.folder / "drop"
    drop.mkdir()
    run.env = {"EXCHANGE_DROP__FOLDER": str(drop)} | {f"EXCHANGE_DROP__{key}": text for key, text in DROP.items()}
    (run.folder / "schedules.yaml").write_text("schedules:\n  - {flow: suppliers, cron: '0 0 29 2 *'}\n")
    run.configure()
    run.deliver(*run.letters[1:])
    (drop / run.letters[0].name).write_bytes(run.letters[0].content)
    pid = run.start("serve", "--schedules", str(run.folder / "schedules.yaml"))
    until = time.monotonic() + LONGEST_DELAY
    while '"serving"' not in run.said() and time.monotonic() < until:
        time.sleep(0.05)
    outage()
    before, began = run.alarms(), time.monotonic()
    while time.monotonic() - began < LONGEST_DELAY and (run.open() or not [*(drop / "done").glob("*")]):
        run.crews[pid].has_ended()
        time.sleep(0.2)
    seconds = time.monotonic() - began
    os.kill(pid, signal.SIGTERM)
    ended = run.wait(pid)
    counted = count(run, run.letters[1:], paid=False)
    into(run, counted, run.letters[0])
    return Result().take(run, counted, seconds, happened=(before, ended) == (alarms, 0))
