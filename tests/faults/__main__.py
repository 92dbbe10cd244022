"""`make faults`: every fault through real processes, counted at the other side, one table.

``python -m tests.faults [--database sqlite] [--only PATTERN] [--kills N] [--write docs/faults.md]``
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.exchange.postgres import missing
from tests.faults.catalogue import FAULTS, Fault, guards, kill_points
from tests.faults.stage import Stage, open_stage
from tests.faults.table import DATABASES, RANDOM, Row, keep, kept, now, page
from tests.faults.trials import Result, random_kills

LANES = 4  # of each database
SEEDS = range(24)  # of the random kills; one line of the table in the end


@dataclass(frozen=True)
class Lane:
    """Every so many rows of a database, on a stage of their own; none is begun after a moment."""

    folder: Path
    database: str
    number: int
    faults: Sequence[Fault]
    until: float


def main() -> None:
    """Run, print and write; exit 1 when anything was lost, doubled or seen half, or a guard is not missed."""
    asked = _arguments()
    databases = [asked.database] if asked.database else [*DATABASES]
    if "postgresql" in databases and missing():
        sys.exit(missing())
    before = kept(asked.rows)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, ThreadPoolExecutor(asked.lanes) as lanes:
        work = partial(_lane, asked)
        fresh = [row for rows in lanes.map(work, _lanes(asked, databases, Path(folder), before)) for row in rows]
    rows = before + fresh
    former = asked.write.read_text(encoding="utf-8") if asked.write and asked.write.exists() else ""
    text = "\n".join(page(rows, [fault for fault in FAULTS if not fault.trial], former)) + "\n"
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    sys.exit(not all(row.result.as_wanted for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--database", choices=[*DATABASES], help="both unless told otherwise")
    parser.add_argument("--only", default="", help="only rows whose number and name match")
    parser.add_argument("--short", action="store_true", help="end the day with the flow of invoices if that is struck")
    parser.add_argument("--kills", type=int, default=210, help="on each database")
    parser.add_argument("--lanes", type=int, default=LANES, help="how many run at a time")
    parser.add_argument("--rows", type=Path, help="keep what was found; rows that stand there are not run again")
    parser.add_argument("--minutes", type=float, default=1e6, help="begin no row after so many")
    parser.add_argument("--write", type=Path)
    return parser.parse_args()


def _lanes(asked: argparse.Namespace, databases: list[str], folder: Path, before: list[Row]) -> Iterator[Lane]:
    """Deal the rows out that were not run before."""
    until = time.monotonic() + asked.minutes * 60
    done = {(row.database, row.number, row.name) for row in before}
    faults = [one for one in _faults(asked.kills) if one.trial and re.search(asked.only, f"{one.number} {one.name}")]
    for lane in range(LANES):
        for database in databases:
            mine = [one for one in faults if one.only in ("", database)]
            left = [one for one in mine if (database, one.number, one.name) not in done]
            yield Lane(folder, database, lane, left[lane::LANES], until)


def _faults(kills: int) -> list[Fault]:
    each = -(-kills // len(SEEDS))
    chaos = [Fault("31", f"{RANDOM}, seed {seed}", random_kills(each, seed)) for seed in SEEDS]
    return [*FAULTS, *kill_points(), *guards(), *(chaos if each else [])]


def _lane(asked: argparse.Namespace, lane: Lane) -> list[Row]:
    if not lane.faults or time.monotonic() > lane.until:
        return []
    with open_stage(lane.folder / f"{lane.database}-{lane.number}", lane.database) as stage:
        stage.short = asked.short
        return [
            _tried(fault, lane.database, stage, asked.rows) for fault in lane.faults if time.monotonic() < lane.until
        ]


def _tried(fault: Fault, database: str, stage: Stage, rows: Path | None) -> Row:
    assert fault.trial is not None
    began = time.monotonic()
    try:
        result = fault.trial(stage)
    except Exception as error:  # noqa: BLE001  (a trial that breaks is a row that fails, and the others go on)
        result = Result(happened=False, lost=[f"the trial broke: {type(error).__name__}: {error}"])
    result.wanted_alarms = fault.alarms
    row = Row(database, fault.number, fault.name, result, now(), time.monotonic() - began)
    keep(row, rows)
    sys.stderr.write(f"{database} {row}\n")
    for line in (*result.lost, *result.duplicated, *result.half_visible):
        sys.stderr.write(f"    {line}\n")
    return row


if __name__ == "__main__":
    main()
