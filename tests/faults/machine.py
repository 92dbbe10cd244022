"""Faults of the machine: a disk that turns read-only, memory that ends, a clock that is set, an upgrade cut short."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from exchange.killpoints import Point
from tests.faults.crew import KILLED
from tests.faults.stage import Run
from tests.faults.trials import Strike

MORE_MEMORY = 1 << 20  # enough to begin, not to end


def read_only_disk(run: Run) -> bool:
    """The exchange's home turns read-only, is so for two runs, and is writable again."""
    run.home.mkdir(mode=0o700, exist_ok=True)
    with _read_only(run.home):
        codes = {run.go("invoices") for _ in range(2)}
    return not codes & {0, KILLED}


@contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    """Take the right to write from everybody: by a mount where we are root, whom no mode stops."""
    if os.getuid() == 0:
        for options in (["--bind"], ["-o", "remount,bind,ro"]):
            subprocess.run(["mount", *options, str(folder), str(folder)], check=True)
    else:
        folder.chmod(0o500)
    try:
        yield
    finally:
        if os.getuid() == 0:
            subprocess.run(["umount", "--lazy", folder], check=True)
        else:
            folder.chmod(0o700)


def out_of_memory(run: Run) -> bool:
    """No process of the flow gets more memory than a little; later there is enough."""
    return run.wait(run.start("run", "invoices", limits={"more_memory": MORE_MEMORY})) != 0


def clock_set(before: float, after: float) -> Strike:
    """Return the strike of a clock that is set by so many seconds while nobody knows whether an invoice was made."""

    def strike(run: Run) -> bool:
        run.env = {"FAULTS_CLOCK": str(before)}
        killed = run.go("invoices", kill=Point.SENT) == KILLED
        run.env = {"FAULTS_CLOCK": str(after)}
        return killed

    return strike


def upgrade_cut_short(run: Run) -> bool:
    """A process is killed when it has made the ledger's tables and not yet committed them."""
    server = run.stage.server
    run.database = server.fresh() if server else f"sqlite:///{run.home / 'new.sqlite'}"
    run.configure()
    return run.go("invoices", kill=Point.TABLES_MADE) == KILLED


def rerun_beside_run(run: Run) -> bool:
    """A batch that was cut short is run again by hand while the flow runs."""
    run.go("invoices", kill=Point.INTENT)
    ((batch,),) = run.ledger("SELECT max(batch_id) FROM file WHERE flow = 'invoices'")
    time.sleep(3)
    pids = [run.start("run", "invoices"), run.start("rerun", str(batch))]
    return {run.wait(pid) for pid in pids} <= {0, 10}
