"""Commands about decisions of the past: replay, simulate."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from exchange.batches import deciding, simulating
from exchange.cli.options import ConfigOption, world_of
from exchange.cli.printing import JsonOption, console, print_json, print_table
from exchange.errors import ConservationError
from payables.simulator import Simulation

DecisionArgument = Annotated[int, typer.Argument(help="The decision, as `exchange review RECORD` names it.")]


def replay(decision: DecisionArgument, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Make a decision again from all it was made from; exit 4 and name every difference unless it is the same."""
    with world_of(config, quiet=True) as world, world.ledger.read() as tx:
        again = deciding.replay(tx, decision)
    if as_json:
        told = [{"where": where, "kept": before, "now": after} for where, before, after in again.differences]
        made = {"made_by": again.made_by, "replayed_by": again.replayed_by}
        print_json({"decision": decision, "same": again.same, "forged": again.forged, **made, "differences": told})
    else:
        print_table("", ("where", "kept", "now"), again.differences) if again.differences else None
    if not again.same:
        raise ConservationError(_why(again))
    if not as_json:
        console.print(f"Decision {decision} comes out the same in every byte.")


def _why(again: deciding.Replayed) -> str:
    if again.forged:
        return f"Decision {again.decision_id} is not what was written: it differs from its hash in the chain of events."
    by = "the same code" if again.made_by == again.replayed_by else f"{again.replayed_by} instead of {again.made_by}"
    return f"Decision {again.decision_id} comes out differently in {len(again.differences)} places, by {by}."


def simulate(
    tolerances: Annotated[Path, typer.Option(help="A TOML file with tolerances, or any keys of the policy.")],
    since: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only decisions since.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the decisions of the past would have been under other limits; nothing is changed."""
    with world_of(config, quiet=True) as world:
        moment = since.replace(tzinfo=world.zone) if since else None
        found = simulating.simulate(world, tolerances, moment)
    _print_json(found) if as_json else _print(found)


def _print_json(found: Simulation) -> None:
    print_json(
        {
            "decisions": found.decisions,
            "touchless_before": found.touchless_before,
            "touchless_after": found.touchless_after,
            "let_through": found.let_through,
            "stopped": found.stopped,
            "changed": found.changed,
            "just_inside": [
                {
                    "supplier": one.supplier,
                    "lines": one.lines,
                    "just_inside": one.just_inside,
                    "overcharged": one.overcharged,
                }
                for one in found.clinging
            ],
        }
    )


def _print(found: Simulation) -> None:
    rows = [("before", found.touchless_before), ("after", found.touchless_after)]
    shares = [(when, count, f"{count / found.decisions:.1%}" if found.decisions else "") for when, count in rows]
    print_table(f"{found.decisions} decisions", ("", "touchless", "share"), shares, right=("touchless", "share"))
    for what, sums in (("let through", found.let_through), ("stopped", found.stopped)):
        told = ", ".join(f"{amount:,.2f} {currency}" for currency, amount in sorted(sums.items())) or "nothing"
        console.print(f"Billed above orders and newly {what}: {told}.", markup=False)
    if found.changed:
        console.print(f"Decided otherwise: {', '.join(found.changed)}.", markup=False)
    cells = [(one.supplier, one.lines, one.just_inside, f"{one.overcharged:,.2f}") for one in found.clinging]
    columns = ("supplier", "lines", "just inside", "overcharged")
    print_table("suppliers just inside the limit", columns, cells, right=columns[1:])
