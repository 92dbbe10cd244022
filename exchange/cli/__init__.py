"""The command line: one command a verb."""

import gc
import json
import sys

import typer

from exchange.cli import (
    capturing,
    formatting,
    inspecting,
    keeping,
    logs,
    proving,
    reviewing,
    running,
    setup,
    simulating,
    steering,
    watching,
    working,
)
from exchange.errors import ExchangeError

YOUNG = 50_000  # objects before the garbage collector looks: documents come by the thousand and hold no circles

app = typer.Typer(
    name="exchange",
    help="The batch exchange between Coupa, the invoice-capture lockbox and the ERP.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
SEEING = (inspecting, proving, watching)
for room in (setup, running, formatting, *SEEING, reviewing, simulating, steering, keeping, working):
    for command in room.COMMANDS:
        app.command()(command)
app.add_typer(capturing.app, name="capture")
app.add_typer(formatting.app, name="formats")


def main() -> None:
    """Run a command; what goes wrong is one sentence on standard error and a documented exit code."""
    logs.start()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 100)
    try:
        app()
    except ExchangeError as error:
        _fail(str(error), error.exit_code)
    except OSError as error:  # a folder of this machine: full, missing or without rights
        place = f"{error.filename}: " if error.filename else ""
        _fail(f"{place}{error.strerror or error}", ExchangeError.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(message: str, code: int) -> None:
    """Tell what went wrong, as JSON where that was asked for, and end with a code."""
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"error": message, "exit_code": code}) + "\n")
    else:
        sys.stderr.write(f"exchange: {message}\n")
    sys.exit(code)
