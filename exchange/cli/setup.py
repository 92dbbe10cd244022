"""Commands to begin with: init, check, sandbox; and demo, which has a room of its own."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from exchange.cli import ground_proofs, partner_proofs, starting
from exchange.cli.options import ConfigOption, SchedulesOption, settings_of
from exchange.cli.printing import JsonOption, console, literal, print_json, print_table, tell
from exchange.cli.proof import Proof, State, exit_code
from exchange.remotes import host_keys
from exchange.remotes.faults import translated

SFTP_PORT = 22
COLOURS = {State.OK: "green", State.WARNING: "yellow", State.FAILED: "red"}

FolderOption = Annotated[Path, typer.Option("--folder", help="Where to write them.")]
KeysOption = Annotated[str, typer.Option("--show-host-keys", metavar="HOST[:PORT]", help="Print what a server shows.")]
RestArgument = Annotated[list[str] | None, typer.Argument(help="Options of `exchange-sandbox serve`, after --.")]
StateOption = Annotated[Path, typer.Option("--state", help="Folder that keeps everything.")]
SeedOption = Annotated[Path | None, typer.Option("--seed", help="Objects to start with (JSON).")]


def init(
    folder: FolderOption = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> None:
    """Write exchange.toml and schedules.yaml to start from, every key explained and set to its default."""
    for path in starting.write(folder, force=force):
        console.print(f"wrote {path}", markup=False)
    console.print("Fill in coupa, lockbox and erp; `exchange check` tells what is missing.")


def check(
    show_host_keys: KeysOption = "",
    config: ConfigOption = None,
    schedules: SchedulesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove settings, ledger, disk, engines and every partner before the first run; exit with the worst code."""
    if show_host_keys:
        _show_host_keys(show_host_keys, as_json=as_json)
        return
    proofs = _prove(config, schedules)
    if as_json:
        print_json([asdict(proof) for proof in proofs])
    else:
        _print_proofs(proofs)
    raise typer.Exit(exit_code(proofs))


def sandbox(state: StateOption = Path("sandbox-state"), seed: SeedOption = None, rest: RestArgument = None) -> None:
    """Serve a Coupa, a lockbox and an ERP to practise with until Ctrl-C; the same as `exchange-sandbox serve`."""
    command = [sys.executable, "-m", "sandbox", "serve", "--state", str(state)]
    command += ["--seed", str(seed)] if seed else []
    raise typer.Exit(subprocess.call([*command, *(rest or [])]))  # noqa: S603  (our own program)


def _prove(config: Path | None, schedules: Path | None) -> list[Proof]:
    found, first = ground_proofs.settings(lambda: settings_of(config))
    engines = ground_proofs.engines(found.capture.engine if found else "auto")
    if found is None:
        return [first, *engines]
    return [first, *ground_proofs.ground(found, schedules), *engines, *partner_proofs.partners(found)]


def _print_proofs(proofs: Sequence[Proof]) -> None:
    cells = [(proof.about, proof.what, _mark(proof), proof.message) for proof in proofs]
    print_table("check", ("about", "what", "state", "found"), cells)
    console.print()
    for proof in proofs:
        if proof.remedy:
            tell(_mark(proof), f"{proof.about}, {proof.what}:", proof.remedy)
    if not exit_code(proofs):
        tell("Nothing failed.")


def _mark(proof: Proof) -> Text:
    return literal(proof.state.value, COLOURS[proof.state])


def _show_host_keys(place: str, *, as_json: bool) -> None:
    host, _, port = place.partition(":")
    if not port.isdigit() and port:
        raise typer.BadParameter(f"{port!r} is no port", param_hint="--show-host-keys")
    with translated(f"host keys of {place}"):
        keys = host_keys(host, int(port or SFTP_PORT))
    if as_json:
        print_json(keys)
        return
    for key in keys:
        line, _, mark = key.rpartition(" ")
        console.print(f'host_keys = ["{line}"]', soft_wrap=True, markup=False, highlight=False)
        console.print(f"  # {mark}", soft_wrap=True, markup=False, highlight=False)
    console.print("Compare the SHA256 with what the partner told you by another way before you pin it.")
