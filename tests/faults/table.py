"""The table: what each trial found, kept line by line so that a run may stop and go on, and the page made of it."""

import datetime as dt
import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.faults.catalogue import GUARD, Fault
from tests.faults.trials import Result

HEAD = "| no. | fault | runs | lost | duplicated | half-visible | seconds until work went on | alarms |"
RULE = "|---|---|---:|---:|---:|---:|---:|---:|"
DATABASES = {
    "sqlite": "On SQLite, one process a flow",
    "postgresql": "On PostgreSQL, invoices worked by two workers beside it",
}
RANDOM = "killed at random moments"
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

`make faults` runs both databases; `--database` runs one and leaves the other's table as it was. `--rows FILE` keeps
what was found, so that a run may stop (`--minutes`) and go on: rows that stand in the file are not run again.
"""


@dataclass(frozen=True)
class Row:
    """What was done on which database, how it came out, when it ended and how many seconds it took."""

    database: str
    number: str
    name: str
    result: Result
    at: str
    took: float

    def __str__(self) -> str:
        result = self.result
        struck = result.happened or result.guard
        name = self.name if struck else f"{self.name} (did not strike)"
        sums = " | ".join(str(len(one)) for one in (result.lost, result.duplicated, result.half_visible))
        wrong = "" if result.wanted_alarms in (None, result.alarms) else f" (not {result.wanted_alarms})"
        return f"| {self.number} | {name} | {result.runs} | {sums} | {result.seconds:.1f} | {result.alarms}{wrong} |"


def keep(row: Row, path: Path | None) -> None:
    """Write a row behind the others, at once and in one piece."""
    if path:
        with path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(row), default=sorted) + "\n")


def kept(path: Path | None) -> list[Row]:
    """Return the rows of runs before this one."""
    lines = path.read_text(encoding="utf-8").splitlines() if path and path.exists() else []
    return [Row(**told | {"result": Result(**told["result"])}) for told in map(json.loads, lines)]


def page(rows: Sequence[Row], reasons: Sequence[Fault], before: str) -> Iterator[str]:
    """The whole page; a database that was not tried keeps the section that it has in the page from before."""
    yield from HEADING.splitlines()
    yield ""
    for database, title in DATABASES.items():
        mine = [row for row in rows if row.database == database]
        yield from _section(title, mine) if mine else _as_before(title, before)
    yield "## Not run here, and why"
    yield ""
    yield "| no. | fault | where it is proven, or why not |"
    yield "|---|---|---|"
    for fault in reasons:
        yield f"| {fault.number} | {fault.name} | {fault.reason} |"


def _section(title: str, all_rows: list[Row]) -> Iterator[str]:
    rows = [*_folded([row for row in all_rows if row.number != GUARD])]
    off = [row for row in all_rows if row.number == GUARD]
    good = sum(row.result.clean for row in rows)
    kills = sum(row.result.runs for row in rows if row.name.startswith(RANDOM))
    asked = shlex.join(["python", "-m", "tests.faults", *sys.argv[1:]])
    minutes = sum(row.took for row in all_rows) / 60
    yield f"## {title}"
    yield ""
    yield f"Measured from {min(row.at for row in all_rows)} to {max(row.at for row in all_rows)} with `{asked}`,"
    yield f"{minutes:.0f} minutes of trials."
    yield f"**{good} of {len(rows)} rows: nothing lost, nothing twice, nothing half; {kills} random kills.**"
    yield ""
    yield HEAD
    yield RULE
    yield from map(str, sorted(rows, key=lambda row: (int(row.number), row.name)))
    yield ""
    if off:
        yield f"With one guard switched off, something has to go wrong: {sum(row.result.as_wanted for row in off)} of"
        yield f"{len(off)} were seen."
        yield ""
        yield HEAD
        yield RULE
        yield from map(str, sorted(off, key=lambda row: row.name))
        yield ""


def _folded(rows: list[Row]) -> Iterator[Row]:
    """All rows, those of the random kills as one."""
    yield from (row for row in rows if not row.name.startswith(RANDOM))
    chaos = [row for row in rows if row.name.startswith(RANDOM)]
    if chaos:
        total = Result(happened=all(row.result.happened for row in chaos))
        for result in (row.result for row in chaos):
            total.runs += result.runs
            total.lost += result.lost
            total.duplicated += result.duplicated
            total.half_visible |= {*result.half_visible}
            total.seconds = max(total.seconds, result.seconds)
            total.alarms = max(total.alarms, result.alarms)
        yield replace(chaos[0], name=f"{RANDOM}, {len(chaos)} seeds", result=total)


def _as_before(title: str, before: str) -> Iterator[str]:
    _, found, rest = before.partition(f"## {title}\n")
    if found:
        yield f"## {title}"
        yield from rest.partition("\n## ")[0].splitlines()
        yield ""


def now() -> str:
    """Return the moment as it stands on the page."""
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M}"
