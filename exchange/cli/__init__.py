"""The command line: one command a verb, each in the module and function that its table tells."""

import gc
import json
import sys
from typing import ClassVar

import typer

from exchange.cli import logs
from exchange.cli.loading import Loading
from exchange.errors import ExchangeError

YOUNG = 50_000  # objects before the garbage collector looks: documents come by the thousand and hold no circles


class Exchange(Loading):
    """The commands of `exchange`, besides its groups."""

    places: ClassVar = {
        "init": "setup:init",
        "check": "setup:check",
        "demo": "showing:demo",
        "sandbox": "setup:sandbox",
        "run": "running:run",
        "rerun": "running:rerun",
        "serve": "running:serve",
        "validate": "formatting:validate",
        "batches": "inspecting:list_batches",
        "show": "inspecting:show",
        "report": "inspecting:report",
        "rules": "inspecting:rules",
        "audit": "inspecting:audit",
        "reconcile": "proving:reconcile",
        "status": "watching:status",
        "alerts": "watching:alerts",
        "review": "reviewing:review",
        "approve": "reviewing:approve",
        "edit": "reviewing:edit",
        "ask-supplier": "reviewing:ask_supplier",
        "verify": "reviewing:verify",
        "autonomy": "reviewing:autonomy",
        "replay": "simulating:replay",
        "simulate": "simulating:simulate",
        "release": "steering:release",
        "reject": "steering:reject",
        "quarantine": "steering:quarantine",
        "stop": "steering:stop",
        "resume": "steering:resume",
        "backup": "keeping:backup",
        "restore": "keeping:restore",
        "worker": "working:worker",
    }


class Capture(Loading):
    """The commands of `exchange capture`."""

    places: ClassVar = {
        "evaluate": "calibrating:evaluate",
        "read": "capturing:read_files",
        "learn": "learning:learn",
        "show": "learning:show",
        "reopen": "learning:reopen",
    }


class Formats(Loading):
    """The commands of `exchange formats`."""

    places: ClassVar = {
        "list": "formatting:list_formats",
        "show": "formatting:show_format",
        "learn": "formatting:learn",
        "sample": "formatting:sample_data",
        "check": "formatting:validate",
        "preview": "formatting:preview",
    }


def _group(name: str, cls: type[Loading], about: str) -> None:
    app.add_typer(typer.Typer(no_args_is_help=True), name=name, cls=cls, help=about)


app = typer.Typer(
    name="exchange",
    cls=Exchange,
    help="The batch exchange between Coupa, the invoice-capture lockbox and the ERP.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_group("capture", Capture, "How honest reading is, what it learned, and whose paper has changed.")
_group("formats", Formats, "The standard formats: their columns, your own template, and your files.")


def main() -> None:
    """Run a command; what goes wrong is one sentence on standard error and a documented exit code."""
    logs.start()
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
