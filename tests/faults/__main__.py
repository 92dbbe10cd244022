"""`make faults`: every fault through real processes, counted at the other side, one table.

``python -m tests.faults [--only TEXT] [--kills N] [--write docs/faults.md]``
"""

import argparse
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.faults.catalogue import FAULTS, Fault, kill_points
from tests.faults.stage import Stage, open_stage
from tests.faults.trials import Result, random_kills

HEAD = "| no. | fault | runs | lost | duplicated | half-visible | seconds until work went on | alarms |"
RULE = "|---|---|---:|---:|---:|---:|---:|---:|"
LANES = 3
SEEDS = (7, 11, 13)  # of the random kills, one for each lane


def main() -> None:
    """Run, print and write; exit 1 when anything was lost, doubled or seen half."""
    asked = _arguments()
    faults = [one for one in _faults(asked.kills) if asked.only in f"{one.number} {one.name}"]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, ThreadPoolExecutor(asked.lanes) as lanes:
        tried = [fault for fault in faults if fault.trial]
        work = partial(_lane, Path(folder), tried, asked.lanes)
        table = [row for rows in lanes.map(work, range(asked.lanes)) for row in rows]
    reasons = [fault for fault in faults if not fault.trial]
    minutes = (time.monotonic() - began) / 60
    text = "\n".join(_page(table, reasons, minutes))
    if asked.write:
        asked.write.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    sys.exit(not all(result.clean for _, result in table))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--only", default="")
    parser.add_argument("--kills", type=int, default=210)
    parser.add_argument("--lanes", type=int, default=LANES)
    parser.add_argument("--write", type=Path)
    return parser.parse_args()


def _faults(kills: int) -> list[Fault]:
    each = -(-kills // LANES)
    chaos = [Fault("31", f"killed at random moments, seed {seed}", random_kills(each, seed)) for seed in SEEDS]
    return [*FAULTS, *kill_points(), *(chaos if each else [])]


def _lane(folder: Path, faults: list[Fault], lanes: int, lane: int) -> list[tuple[Fault, Result]]:
    """Run every so many faults on a stage of their own."""
    with open_stage(folder / f"lane-{lane}") as stage:
        return [(fault, _tried(fault, stage)) for fault in faults[lane::lanes]]


def _tried(fault: Fault, stage: Stage) -> Result:
    assert fault.trial is not None
    try:
        result = fault.trial(stage)
    except Exception as error:  # noqa: BLE001  (a trial that breaks is a row that fails, and the others go on)
        result = Result(happened=False, lost=[f"the trial broke: {type(error).__name__}: {error}"])
    sys.stderr.write(_row(fault, result) + "\n")
    for line in (*result.lost, *result.duplicated, *result.half_visible):
        sys.stderr.write(f"    {line}\n")
    return result


def _row(fault: Fault, result: Result) -> str:
    sums = (len(result.lost), len(result.duplicated), len(result.half_visible))
    name = fault.name if result.happened else f"{fault.name} (did not strike)"
    told = " | ".join(map(str, sums))
    return f"| {fault.number} | {name} | {result.runs} | {told} | {result.seconds:.1f} | {result.alarms} |"


def _page(table: list[tuple[Fault, Result]], reasons: list[Fault], minutes: float) -> Iterator[str]:
    good = sum(result.clean for _, result in table)
    yield "# Faults"
    yield ""
    yield f"Measured on {dt.datetime.now(dt.UTC):%Y-%m-%d} with `make faults` in {minutes:.0f} minutes,"
    yield "on SQLite, on loopback. Each row is one business day in small: a CSV with two invoices and an e-invoice"
    yield "with its page come in, are loaded, approved, sent to the ERP, paid and booked, by processes that may die."
    yield "Then what Coupa, the lockbox and the ERP have is counted invoice by invoice: numbers, images, attachments,"
    yield "answers, originals, vouchers, flags, payments, money. An observer looks into the partners' folders always."
    yield "Leases last 3 s here and the window of unknown outcomes 2.5 s; alarms are different errors that were told."
    yield ""
    yield f"**{good} of {len(table)} rows: nothing lost, nothing twice, nothing half.**"
    yield ""
    yield HEAD
    yield RULE
    for fault, result in sorted(table, key=lambda row: int(row[0].number)):
        yield _row(fault, result)
    yield ""
    yield "Not run here, and why:"
    yield ""
    yield "| no. | fault | where it is proven, or why not |"
    yield "|---|---|---|"
    for fault in reasons:
        yield f"| {fault.number} | {fault.name} | {fault.reason} |"


if __name__ == "__main__":
    main()
