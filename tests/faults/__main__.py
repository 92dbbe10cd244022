"""`make faults`: every fault through real processes, counted at the other side, one table.

``python -m tests.faults [--database sqlite] [--only PATTERN] [--kills N] [--write docs/faults.md]``
"""

import argparse
import datetime as dt
import re
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.exchange.postgres import missing
from tests.faults.catalogue import FAULTS, Fault, kill_points
from tests.faults.stage import Stage, open_stage
from tests.faults.trials import Result, random_kills

HEAD = "| no. | fault | runs | lost | duplicated | half-visible | seconds until work went on | alarms |"
RULE = "|---|---|---:|---:|---:|---:|---:|---:|"
DATABASES = {
    "sqlite": "On SQLite, one process a flow",
    "postgresql": "On PostgreSQL, invoices worked by two workers beside it",
}
LANES = 3  # of each database

SEEDS = (7, 11, 13)  # of the random kills, one for each lane
HEADING = """# Faults

Each row is one business day in small, on loopback: a CSV with two invoices and an e-invoice with its page come in, are
loaded, approved, sent to the ERP, paid and booked, by processes that may die. Then what Coupa, the lockbox and the ERP
have is counted invoice by invoice: numbers, images, attachments, answers, originals, vouchers, flags, payments, money.
An observer looks into the partners' folders always. Leases last 3 s here and the window of unknown outcomes 2.5 s.
Alarms: of how many partners, or things of our own, errors were told. An outage of a partner, of the disk or of the
ledger has to make exactly one, or its row fails.

On PostgreSQL the files of invoices are worked by two `exchange worker` processes that are killed and frozen like the
rest; a worker that dies is started again, as a supervisor would. Ok2Pay and payments do not go to workers: the process
of the flow works them itself on both databases. With `--short` the day of a fault that strikes the invoices ends with
them.

`make faults` runs both databases; `--database` runs one and leaves the other's table as it was.
"""
Row = tuple[str, Fault, Result]
"""The database, what was done, and how it came out."""


def main() -> None:
    """Run, print and write; exit 1 when anything was lost, doubled or seen half."""
    asked = _arguments()
    databases = [asked.database] if asked.database else [*DATABASES]
    if "postgresql" in databases and missing():
        sys.exit(missing())
    faults = [
        one for one in _faults(asked.kills // len(databases)) if re.search(asked.only, f"{one.number} {one.name}")
    ]
    began = time.monotonic()
    jobs = [(database, lane) for lane in range(LANES) for database in databases]
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, ThreadPoolExecutor(asked.lanes) as lanes:
        work = partial(_lane, Path(folder), [fault for fault in faults if fault.trial], asked.short)
        table = [row for rows in lanes.map(work, jobs) for row in rows]
    reasons = [fault for fault in FAULTS if not fault.trial]
    minutes = (time.monotonic() - began) / 60
    before = asked.write.read_text(encoding="utf-8") if asked.write and asked.write.exists() else ""
    text = "\n".join(_page(table, reasons, minutes, before))
    if asked.write:
        asked.write.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    sys.exit(not all(result.clean for _, _, result in table))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--database", choices=[*DATABASES], help="both unless told otherwise")
    parser.add_argument("--only", default="", help="only rows whose number and name match")
    parser.add_argument("--short", action="store_true", help="end the day with the flow of invoices if that is struck")
    parser.add_argument("--kills", type=int, default=210)
    parser.add_argument("--lanes", type=int, default=LANES + 1, help="how many run at a time")
    parser.add_argument("--write", type=Path)
    return parser.parse_args()


def _faults(kills: int) -> list[Fault]:
    each = -(-kills // LANES)
    chaos = [Fault("31", f"killed at random moments, seed {seed}", random_kills(each, seed)) for seed in SEEDS]
    return [*FAULTS, *kill_points(), *(chaos if each else [])]


def _lane(folder: Path, faults: list[Fault], short: bool, job: tuple[str, int]) -> list[Row]:
    """Run every so many faults on a stage of their own."""
    database, lane = job
    mine = [fault for fault in faults[lane::LANES] if fault.only in ("", database)]
    if not mine:
        return []
    with open_stage(folder / f"{database}-{lane}", database) as stage:
        stage.short = short
        return [(database, fault, _tried(fault, stage)) for fault in mine]


def _tried(fault: Fault, stage: Stage) -> Result:
    assert fault.trial is not None
    try:
        result = fault.trial(stage)
    except Exception as error:  # noqa: BLE001  (a trial that breaks is a row that fails, and the others go on)
        result = Result(happened=False, lost=[f"the trial broke: {type(error).__name__}: {error}"])
    result.wanted_alarms = fault.alarms
    sys.stderr.write(f"{'postgresql' if stage.server else 'sqlite'} {_row(fault, result)}\n")
    for line in (*result.lost, *result.duplicated, *result.half_visible):
        sys.stderr.write(f"    {line}\n")
    return result


def _row(fault: Fault, result: Result) -> str:
    sums = (len(result.lost), len(result.duplicated), len(result.half_visible))
    name = fault.name if result.happened else f"{fault.name} (did not strike)"
    told = " | ".join(map(str, sums))
    wrong = "" if result.wanted_alarms in (None, result.alarms) else f" (not {result.wanted_alarms})"
    return f"| {fault.number} | {name} | {result.runs} | {told} | {result.seconds:.1f} | {result.alarms}{wrong} |"


def _page(table: list[Row], reasons: list[Fault], minutes: float, before: str) -> Iterator[str]:
    """The whole page; a database that was not tried keeps the section that it has in the page from before."""
    yield from HEADING.splitlines()
    for database, title in DATABASES.items():
        rows = [(fault, result) for where, fault, result in table if where == database]
        yield from _section(title, rows, minutes) if rows else _kept(title, before)
    yield "## Not run here, and why"
    yield ""
    yield "| no. | fault | where it is proven, or why not |"
    yield "|---|---|---|"
    for fault in reasons:
        yield f"| {fault.number} | {fault.name} | {fault.reason} |"


def _section(title: str, rows: list[tuple[Fault, Result]], minutes: float) -> Iterator[str]:
    good = sum(result.clean for _, result in rows)
    kills = sum(result.runs for fault, result in rows if "random" in fault.name)
    asked = shlex.join(["python", "-m", "tests.faults", *sys.argv[1:]])
    yield f"## {title}"
    yield ""
    yield f"Measured on {dt.datetime.now(dt.UTC):%Y-%m-%d} with `{asked}` in {minutes:.0f} minutes."
    yield f"**{good} of {len(rows)} rows: nothing lost, nothing twice, nothing half; {kills} random kills.**"
    yield ""
    yield HEAD
    yield RULE
    for fault, result in sorted(rows, key=lambda row: (int(row[0].number), row[0].name)):
        yield _row(fault, result)
    yield ""


def _kept(title: str, before: str) -> Iterator[str]:
    _, found, rest = before.partition(f"## {title}\n")
    if found:
        yield f"## {title}"
        yield from rest.partition("\n## ")[0].splitlines()
        yield ""


if __name__ == "__main__":
    main()
