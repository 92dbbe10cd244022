"""The command demo: one business day with parties of its own, and everything it proves."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import RowMapping

import exchange
from exchange.batches import reconciling
from exchange.batches.counts import OPEN
from exchange.batches.reconciling import Check
from exchange.batches.world import World
from exchange.cli.options import clock
from exchange.cli.printing import JsonOption, console, literal, print_json
from exchange.cli.progress import watcher
from exchange.cli.proving import print_checks
from exchange.cli.tables import batch_row, print_batches, print_held, record_row
from exchange.demo import Day, default_folder, run_day
from exchange.errors import ConservationError
from exchange.flow import FlowName
from exchange.ledger import batches, records

NOT_LOADED = (records.HELD, records.REJECTED, records.DUPLICATE)

FolderOption = Annotated[Path | None, typer.Option("--folder", help="Where all files go; else ./demo.")]
SamplesOption = Annotated[Path | None, typer.Option("--samples", help="The sample day; else sample_files.")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the day came to: its batches, the records that were not loaded, and how the sides compare."""

    batches: Sequence[dict[str, Any]]
    rows: Sequence[RowMapping]
    stopped: Sequence[RowMapping]
    checks: Sequence[Check]


def demo(folder: FolderOption = None, samples: SamplesOption = None, as_json: JsonOption = False) -> None:
    """Run one business day over the sample invoices against parties on this machine, and prove that all agrees."""
    place, day_files = (folder or default_folder()).absolute(), (samples or _samples()).absolute()
    began = time.monotonic()

    def say(text: str) -> None:
        if not as_json:
            elapsed = literal(f"{time.monotonic() - began:5.0f} s  ", "dim")
            console.print(elapsed.append_text(literal(text)), soft_wrap=True)

    with watcher(quiet=as_json) as progress, run_day(place, day_files, clock, progress, say) as (world, day):
        outcome = _outcome(world, day)
    print_json(_as_json(day, outcome)) if as_json else _print(day, outcome)
    _prove(outcome)


def _samples() -> Path:
    """The sample files of the working folder, else those of the checkout that this code stands in."""
    here = Path("sample_files")
    return here if here.is_dir() else Path(exchange.__path__[0]).parent / "sample_files"


def _outcome(world: World, day: Day) -> Outcome:
    with world.ledger.read() as tx:
        rows = [batches.get(tx, number) for number in day.batches]
        taken = [one for number in day.batches for one in batches.records(tx, number)]
    stopped = [one for one in taken if one["state"] in NOT_LOADED]
    return Outcome([batch_row(row) for row in rows], rows, stopped, [*reconciling.reconcile(world), _books(day, rows)])


def _as_json(day: Day, outcome: Outcome) -> dict[str, Any]:
    return {
        "batches": outcome.batches,
        "not_loaded": [record_row(one) for one in outcome.stopped],
        "checks": [check.as_json() for check in outcome.checks],
        "parties": day.totals,
        "folder": day.folder,
    }


def _books(day: Day, rows: Sequence[RowMapping]) -> Check:
    """What the day sent to the ERP is what the ERP has in its own books."""
    sent = [batch_row(row) for row in rows if row["flow"] == FlowName.OK2PAY]
    ours = {currency: one["loaded"] for row in sent for currency, one in row["money"].items()}
    theirs = day.totals["erp"]["booked"]
    count = sum(row["loaded"] for row in sent)
    return Check("ok2pay in the ERP's books", _told(count, ours), _told(theirs["count"], theirs["amount"]))


def _told(count: int, money: Mapping[str, str]) -> str:
    return f"{count}: " + ", ".join(f"{Decimal(amount):.2f} {currency}" for currency, amount in sorted(money.items()))


def _print(day: Day, outcome: Outcome) -> None:
    console.rule("what was not loaded, and why")
    print_held(outcome.stopped)
    console.rule("the day")
    print_batches(outcome.rows)
    console.print()
    print_checks(outcome.checks)
    console.print(f"\nAll files lie in {day.folder}", markup=False, soft_wrap=True, highlight=False)


def _prove(outcome: Outcome) -> None:
    """ConservationError unless every batch settled what it read and all parties agree."""
    unsettled = [f"batch {row['batch']}" for row in outcome.batches if row[OPEN] or row["error"]]
    differing = [check.name for check in outcome.checks if not check.ok]
    if unsettled or differing:
        raise ConservationError(f"Not everything agrees: {', '.join(unsettled + differing)}.")
