"""Commands that move things: run, rerun, serve."""

from typing import Annotated

import typer

from exchange import daemon
from exchange.batches import rerunning
from exchange.batches.batch import open_batch
from exchange.cli.options import ConfigOption, SchedulesOption, schedules_of, world_of
from exchange.cli.printing import JsonOption, plain, print_json, tell
from exchange.cli.tables import batch_row, print_batches, print_held, print_records, record_row
from exchange.flow import FlowName
from exchange.flows import FLOWS
from exchange.ledger import batches, records
from exchange.monitor.alerts import attended
from exchange.monitor.health import SERVE
from exchange.monitor.watch import watching
from payables.verdicts import Decision

FlowArgument = Annotated[FlowName, typer.Argument(help="The flow to run.")]
BatchArgument = Annotated[int, typer.Argument(help="The batch, as `exchange batches` numbers it.")]


def run(flow: FlowArgument, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Run one batch of a flow now and print what became of its records."""
    with world_of(config, quiet=as_json) as world:
        with attended(world), open_batch(world, flow, "command") as batch:
            FLOWS[flow](batch)
        with world.ledger.read() as tx:
            row = batches.get(tx, batch.id)
            held = [one for one in batches.records(tx, batch.id) if one["state"] in (records.HELD, records.REJECTED)]
    if as_json:
        print_json(batch_row(row) | {"not_loaded": [record_row(one) for one in held]})
        return
    print_batches([row])
    print_held(held)
    if held:
        tell("To load or refuse one all the same: `exchange release RECORD --why ...` or `exchange reject RECORD ...`.")
        tell(f"Once the causes are repaired: `exchange rerun {row['id']} --only-failed`.")


def rerun(
    batch_id: BatchArgument,
    only_failed: Annotated[bool, typer.Option("--only-failed", help="Only records that are held or rejected.")] = False,
    record: Annotated[str, typer.Option("--record", help="Only this record: its id or its invoice number.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge and print, but change and send nothing.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work the records of a batch again: read, judge and load what is not loaded yet."""
    with world_of(config, quiet=as_json) as world:
        rows = rerunning.rerun(world, batch_id, only_failed=only_failed, key=record, dry_run=dry_run)
    if as_json:
        print_json([record_row(row) for row in rows])
        return
    print_records([plain(row) for row in rows], "what would happen" if dry_run else "what became of them")
    print_held(
        [row for row in rows if row["error"] or (row["state"] != records.LOADED and row["decision"] != Decision.LOAD)]
    )
    if not rows:
        tell(f"Nothing of batch {batch_id} is left to do.")


def serve(config: ConfigOption = None, schedules: SchedulesOption = None) -> None:
    """Run all flows by their schedules until the process is asked to end."""
    with world_of(config, quiet=True) as world, watching(world, SERVE, schedules_of(schedules)):
        daemon.serve(world, FLOWS, schedules)
