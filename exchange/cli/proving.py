"""The command that proves that all parties agree, and repairs what may be repaired: reconcile."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

import typer

from exchange.batches import reconciling, repairing
from exchange.batches.reconciling import Check
from exchange.batches.repairing import Difference, Outcome
from exchange.batches.world import World
from exchange.cli.options import ConfigOption, world_of
from exchange.cli.printing import JsonOption, literal, print_json, print_table, tell
from exchange.errors import ConservationError

SinceOption = Annotated[
    dt.datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="Only what batches since this day took in or sent."),
]
FixOption = Annotated[bool, typer.Option("--fix", help="Repair what is safe to repeat, then compare again.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="With --fix: tell what would be repaired, and why.")]


def reconcile(
    since: SinceOption = None,
    fix: FixOption = False,
    dry_run: DryRunOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that lockbox, ledger, Coupa and ERP agree, by count and by money; exit 4 if they do not.

    Each difference is named with what to do about it. --fix does what may be repeated without harm.
    """
    with world_of(config, quiet=as_json) as world:
        moment = since.replace(tzinfo=world.zone) if since else None
        checks = reconciling.reconcile(world, moment)
        outcomes: list[Outcome] = []
        if fix and not dry_run:
            outcomes = repairing.repair(world, _differences(checks))
            checks = reconciling.reconcile(world, moment) if outcomes else checks
            _settle(world, checks, everything=moment is None)
    agree = all(check.ok for check in checks)
    if as_json:
        told = [check.as_json() for check in checks]
        print_json({"repairs": [one.as_json() for one in outcomes], "checks": told} if fix else told)
        raise typer.Exit(0 if agree else ConservationError.exit_code)
    _print_repairs(outcomes)
    print_checks(checks, would="would be repaired:" if dry_run else "--fix would")
    if not agree:
        raise ConservationError("Not everything agrees; each difference is named above.")


def _differences(checks: Sequence[Check]) -> list[Difference]:
    return [difference for check in checks for difference in check.differences]


def _settle(world: World, checks: Sequence[Check], *, everything: bool) -> None:
    """A restored ledger that agrees with everybody is no older than the world any more."""
    if everything and all(check.ok for check in checks):
        reconciling.trust_again(world)


def _print_repairs(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if step := outcome.difference.repair:
            tell(literal("not repaired" if outcome.error else "repaired", "bold"), f"{outcome.difference.what}:")
            tell(outcome.error or f"{step.what}; {step.why}", indent=4)


def print_checks(checks: Sequence[Check], would: str = "--fix would") -> None:
    """Print what each two sides say, and each difference by name with what to do about it."""
    cells = [(check.name, check.left, check.right, "agree" if check.ok else "DIFFER") for check in checks]
    print_table("reconciliation", ("what", "one side", "other side", ""), cells)
    for check in checks:
        for difference in check.differences:
            tell(f"{check.name}:", difference.what)
            step = difference.repair
            told = f"{would} {step.what}; {step.why}" if step else difference.todo
            tell(literal(told, "dim"), indent=4)
