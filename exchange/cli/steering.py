"""Commands with which people decide: release, reject, quarantine, stop, resume."""

import getpass
from collections.abc import Sequence
from typing import Annotated

import typer
from sqlalchemy import RowMapping

from exchange.batches import quarantine as quarantining
from exchange.batches import rerunning
from exchange.cli.options import ConfigOption, clock, world_of
from exchange.cli.printing import JsonOption, print_json, print_table, tell
from exchange.cli.tables import print_records, record_row
from exchange.ledger import controls, events, files

SHOWN = ("sha256", "flow", "name", "size", "kind", "state", "tries", "reason", "taken_at", "batch_id")

RecordArgument = Annotated[int, typer.Argument(help="The record, as `exchange show BATCH` numbers it.")]
WhyOption = Annotated[str, typer.Option("--why", help="The reason; it is kept for ever.", prompt=True)]


def release(record: RecordArgument, why: WhyOption, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Load a held record into Coupa although it was held, and write down who decided so and why."""
    with world_of(config, quiet=as_json) as world:
        row = rerunning.release(world, record, getpass.getuser(), why)
    print_json(record_row(row)) if as_json else print_records([row])


def reject(record: RecordArgument, why: WhyOption, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Reject a held record for good, and write down who decided so and why."""
    with world_of(config, quiet=as_json) as world:
        row = rerunning.reject(world, record, getpass.getuser(), why)
    print_json(record_row(row)) if as_json else print_records([row])


def quarantine(
    sha256: Annotated[str, typer.Argument(metavar="[SHA256]", help="One file, by the beginning of its SHA-256.")] = "",
    release: Annotated[bool, typer.Option("--release", help="Let the next run work it again.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="Finish it as rejected, and answer the lockbox.")] = False,
    why: Annotated[str, typer.Option("--why", help="The reason; it is kept for ever.")] = "",
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the files that nobody can work, or decide on one: work it again, or refuse it."""
    if (release or refuse) and not (sha256 and why and release != refuse):
        raise typer.BadParameter("give the file, --why, and one of --release and --refuse")
    with world_of(config, quiet=as_json) as world:
        if release or refuse:
            decide = quarantining.release if release else rerunning.refuse
            rows = [decide(world, sha256, getpass.getuser(), why)]
        else:
            with world.ledger.read() as tx:
                rows = [one for one in files.in_state(tx, files.QUARANTINED) if one["sha256"].startswith(sha256)]
    if as_json:
        print_json([{name: row[name] for name in SHOWN} for row in rows])
    elif release or refuse:
        tell(f"{rows[0]['name']} is {'worked again by the next run' if release else 'refused'}.")
    else:
        _print_quarantined(rows)


def _print_quarantined(rows: Sequence[RowMapping]) -> None:
    cells = [(row["sha256"][:16], row["flow"], row["name"], row["tries"], row["reason"]) for row in rows]
    print_table("", ("sha256", "flow", "file", "tries", "why"), cells, right=("tries",))
    tell("Bytes and reasons lie in `quarantine` in the home folder." if rows else "No file is in quarantine.")


def stop(why: WhyOption, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Stop everything within one record, also in other processes, until `exchange resume`."""
    _switch(config, why, active=True)
    print_json({"stopped": True, "why": why}) if as_json else tell("Stopped. Nothing moves until `exchange resume`.")


def resume(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Let the exchange go on after `exchange stop`."""
    _switch(config, "", active=False)
    print_json({"stopped": False}) if as_json else tell("Going on.")


def _switch(config: ConfigOption, why: str, *, active: bool) -> None:
    who = getpass.getuser()
    with world_of(config, quiet=True) as world, world.ledger.write() as tx:
        controls.switch(tx, controls.STOP, why, who, clock(), active=active)
        what = "stopped" if active else "resumed"
        events.append(tx, events.Event(at=clock(), what=what, who=who, detail={"why": why}))
