"""The command demo: one business day with parties of its own, and everything it proves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from sqlalchemy import RowMapping

import exchange
from exchange.batches import reconciling
from exchange.batches.counts import OPEN
from exchange.batches.reconciling import Check
from exchange.batches.world import open_world
from exchange.cli.options import JsonOption, clock, console, print_json, print_table
from exchange.cli.progress import watcher
from exchange.cli.tables import batch_row, print_batches, print_held, record_row
from exchange.demo import Day, default_folder, parties, run_day, sandbox, write_settings
from exchange.errors import ConservationError
from exchange.ledger import batches, records
from exchange.settings import load_settings

READY = "sandbox.json"
NOT_LOADED = (records.HELD, records.REJECTED, records.DUPLICATE)

FolderOption = Annotated[Path | None, typer.Option("--folder", help="Where all files go; else ./demo.")]
SamplesOption = Annotated[Path | None, typer.Option("--samples", help="The sample day; else sample_files.")]


def demo(folder: FolderOption = None, samples: SamplesOption = None, as_json: JsonOption = False) -> None:
    """Run one business day over the sample invoices against parties on this machine, and prove that all agrees."""
    place, day_files = (folder or default_folder()).absolute(), samples or _samples()
    with watcher(quiet=as_json) as progress:
        day = run_day(place, day_files, clock, progress, _silent if as_json else _say)
    rows, stopped = _outcome(day)
    checks = _reconcile(day, day_files)
    if as_json:
        held = [record_row(one) for one in stopped]
        told = [check.as_json() for check in checks]
        print_json({"batches": list(map(batch_row, rows)), "held": held, "checks": told, "folder": place})
    else:
        _print(day, rows, stopped, checks)
    _prove([batch_row(row) for row in rows], checks)


def _samples() -> Path:
    """The sample files of the working folder, else those of the checkout that this code stands in."""
    here = Path("sample_files")
    return (here if here.is_dir() else Path(exchange.__path__[0]).parent / "sample_files").absolute()


def _say(text: str) -> None:
    console.print(f"[bold]·[/] {escape(text)}")


def _silent(_: str) -> None:
    """Say nothing."""


def _outcome(day: Day) -> tuple[list[RowMapping], list[RowMapping]]:
    """The day's batches, and the records in them that were not loaded."""
    with open_world(day.settings, clock) as world, world.ledger.read() as tx:
        rows = [batches.get(tx, number) for number in day.batches]
        taken = [one for number in day.batches for one in batches.records(tx, number)]
    return rows, [one for one in taken if one["state"] in NOT_LOADED]


def _reconcile(day: Day, samples: Path) -> Sequence[Check]:
    """Ask the parties once more, after a restart: what they kept must agree with the ledger."""
    (day.folder / READY).unlink(missing_ok=True)
    with sandbox(day.folder, samples) as ready:
        settings = load_settings(write_settings(day.folder, samples, ready))
        with parties(ready) as others, open_world(settings, clock) as world:
            day.totals = others.totals()
            return reconciling.reconcile(world)


def _print(day: Day, rows: Sequence[RowMapping], stopped: Sequence[RowMapping], checks: Sequence[Check]) -> None:
    console.rule("what was not loaded, and why")
    print_held(stopped)
    console.rule("the day")
    print_batches(rows)
    cells = [(check.name, check.left, check.right, "agree" if check.ok else "DIFFER") for check in checks]
    print_table("\nreconciliation", ("what", "one side", "other side", ""), cells)
    for difference in (one for check in checks for one in check.differences):
        console.print(difference, markup=False)
    console.print(f"\nAll files lie in {day.folder}", markup=False, soft_wrap=True, highlight=False)


def _prove(rows: Sequence[dict[str, Any]], checks: Sequence[Check]) -> None:
    """ConservationError unless every batch settled what it read and all parties agree."""
    unsettled = [str(row["batch"]) for row in rows if row[OPEN] or row["error"]]
    differing = [check.name for check in checks if not check.ok]
    if unsettled or differing:
        named = [f"batch {number}" for number in unsettled] + differing
        raise ConservationError(f"Not everything agrees: {', '.join(named)}.")
