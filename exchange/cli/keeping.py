"""Commands that keep the ledger safe: backup and restore."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from exchange.batches import safekeeping
from exchange.cli.options import ConfigOption, clock, settings_of, world_of
from exchange.cli.printing import JsonOption, print_json, tell
from exchange.cli.progress import watcher

TargetArgument = Annotated[
    Path, typer.Argument(help="A folder, better on another disk; backups share one spool in it.")
]
SourceArgument = Annotated[Path, typer.Argument(help="One backup, or the folder of them: then the latest.")]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Put the present ledger aside, and the backup in its place.")
]


def backup(target: TargetArgument, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Back up the ledger, the spool and what suppliers' pages taught, while the exchange goes on working."""
    with world_of(config, quiet=as_json) as world:
        folder, manifest = safekeeping.backup(world, target)
    if as_json:
        print_json({"folder": str(folder)} | asdict(manifest))
        return
    tell(f"{folder}: {manifest.files} files, {manifest.records} records, {manifest.contents} contents.")
    if manifest.missing:
        tell(
            f"The spool itself does not hold {len(manifest.missing)} contents that the ledger names; see the manifest."
        )


def restore(
    source: SourceArgument, force: ForceOption = False, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Put a backup in place of the ledger, and stop the exchange until a person has seen what it does not know.

    Afterwards: `exchange reconcile`, then `exchange resume`. What was loaded after the backup is looked up at Coupa and
    found, not loaded again.
    """
    with watcher(quiet=as_json) as progress:
        done = safekeeping.restore(settings_of(config), source, clock, progress, force=force)
    if as_json:
        print_json(asdict(done))
        return
    tell(f"The ledger is that of {done.made_at:%Y-%m-%d %H:%M} UTC, {done.contents} contents lie in the spool.")
    if done.former:
        tell(f"The former one is kept: {done.former}")
    tell("Nothing moves until `exchange resume`. `exchange reconcile` first: it tells what this ledger does not know.")
