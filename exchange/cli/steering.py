"""Commands with which people decide: release, reject, stop, resume."""

import getpass
from typing import Annotated

import typer

from exchange.batches import rerunning
from exchange.cli.options import ConfigOption, JsonOption, clock, print_json, tell, world_of
from exchange.cli.tables import print_records, record_row
from exchange.ledger import controls, events

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


COMMANDS = (release, reject, stop, resume)
