"""The command ``exchange-sandbox``: serve the other parties, and tell a running sandbox what to do."""

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console

from sandbox.coupa.seed import load_seed
from sandbox.server import Options, serve
from sandbox.store import Store

app = typer.Typer(
    help="Pretend to be a Coupa, an invoice lockbox and an ERP, on loopback, with their state in one folder.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
screen = Console()

State = Annotated[Path, typer.Option("--state", help="Folder that keeps everything.", envvar="EXCHANGE_SANDBOX_STATE")]
DEFAULT_STATE = Path("sandbox-state")


@app.command("serve")
def serve_command(  # noqa: PLR0913  (each is an option of the command line)
    *,
    state: State = DEFAULT_STATE,
    seed: Annotated[Path | None, typer.Option(help="Objects to start with (JSON); those already there stay.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    http_port: Annotated[int, typer.Option(help="Port of Coupa's REST API and of the control face; 0 = free.")] = 0,
    coupa_sftp_port: Annotated[int, typer.Option(help="Port of Coupa's SFTP; 0 = free.")] = 0,
    lockbox_sftp_port: Annotated[int, typer.Option(help="Port of the lockbox's SFTP; 0 = free.")] = 0,
    erp_sftp_port: Annotated[int, typer.Option(help="Port of the ERP's SFTP; 0 = free.")] = 0,
    loader_seconds: Annotated[
        float, typer.Option(help="How often the loader looks; Coupa's does each 180 to 360.")
    ] = 5,
    export_seconds: Annotated[float, typer.Option(help="How often the exporter runs; 0 = only when told to.")] = 0,
    requests_per_second: Annotated[float, typer.Option(help="Coupa's rate limit for a client.")] = 25,
    token_seconds: Annotated[int, typer.Option(help="How long an access token lives.")] = 86399,
    ready_file: Annotated[
        Path | None, typer.Option(help="Write addresses and credentials here once all listen.")
    ] = None,
) -> None:
    """Serve all parties until SIGTERM or Ctrl-C."""
    ports = {"coupa": coupa_sftp_port, "lockbox": lockbox_sftp_port, "erp": erp_sftp_port}
    options = Options(
        state=state,
        seed=_read_seed(seed) if seed else None,
        host=host,
        http_port=http_port,
        sftp_ports=ports,
        loader_seconds=loader_seconds,
        export_seconds=export_seconds,
        requests_per_second=requests_per_second,
        token_seconds=token_seconds,
        ready_file=ready_file,
    )
    try:
        asyncio.run(serve(options, _welcome))
    except (OSError, ValueError) as error:
        screen.print(f"The sandbox cannot open: {error}", soft_wrap=True, markup=False)
        raise typer.Exit(1) from None


@app.command()
def seed(file: Annotated[Path, typer.Argument(help="A seed file.")]) -> None:
    """Check a seed file and count its objects."""
    with contextlib.closing(Store(":memory:")) as store:
        try:
            _show(load_seed(store, _read_seed(file)))
        except ValueError as error:
            raise typer.BadParameter(f"{file}: {error}") from None


@app.command()
def totals(state: State = DEFAULT_STATE) -> None:
    """Show what each party holds, by count and money."""
    _ask(state, "GET", "totals")


@app.command()
def deliver(
    folder: Annotated[Path, typer.Argument(help="A folder of invoice files.")], state: State = DEFAULT_STATE
) -> None:
    """Let the lockbox deliver the files of a folder."""
    _ask(state, "POST", "lockbox/deliver", {"folder": str(folder.absolute())})


@app.command()
def approve(
    status: Annotated[list[str] | None, typer.Option(help="Statuses to approve; held ones are released first.")] = None,
    state: State = DEFAULT_STATE,
) -> None:
    """Let Coupa's approvers approve everything that waits."""
    _ask(state, "POST", "coupa/approve", {"statuses": status} if status else {})


@app.command()
def receive(
    receipt: Annotated[str, typer.Argument(help="A receiving transaction, as JSON.")], state: State = DEFAULT_STATE
) -> None:
    """Post a receipt on an order line."""
    _ask(state, "POST", "coupa/receive", _object(receipt))


@app.command()
def load(state: State = DEFAULT_STATE) -> None:
    """Run Coupa's CSV loader now."""
    _ask(state, "POST", "loader/run")


@app.command()
def export(state: State = DEFAULT_STATE) -> None:
    """Run Coupa's exporter now."""
    _ask(state, "POST", "exporter/run")


@app.command()
def pay(state: State = DEFAULT_STATE) -> None:
    """Let the ERP pay what it was told to and write a payment file."""
    _ask(state, "POST", "erp/pay")


@app.command()
def fault(
    fault: Annotated[str, typer.Argument(help='Such as {"party": "lockbox", "kind": "cut", "after_bytes": 9}.')],
    state: State = DEFAULT_STATE,
) -> None:
    """Arm a fault."""
    _ask(state, "POST", "faults", _object(fault))


@app.command()
def calm(state: State = DEFAULT_STATE) -> None:
    """Clear all faults."""
    _ask(state, "DELETE", "faults")


def main() -> None:
    """Run the command line."""
    app(prog_name="exchange-sandbox")


def _read_seed(path: Path) -> dict[str, Any]:
    try:
        return _object(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{path}: {error}") from None


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise typer.BadParameter("one JSON object is wanted")
    return found


def _ask(state: Path, method: str, path: str, body: dict[str, Any] | None = None) -> None:
    """Ask the sandbox that serves the state folder and show its answer; exit 1 if there is none or it refused."""
    try:
        control = json.loads((state / "ready.json").read_bytes())["control"]
        headers = {"Authorization": f"Bearer {control['token']}"}
        answer = httpx2.request(
            method, f"{control['url']}/{path}", headers=headers, json=body, timeout=600, trust_env=False
        )
    except (OSError, httpx2.ConnectError):
        screen.print(f"No sandbox serves {state}: start one with `exchange-sandbox serve --state {state}`.")
        raise typer.Exit(1) from None
    _show(answer.json())
    if answer.is_error:
        raise typer.Exit(1)


def _show(answer: object) -> None:
    screen.print_json(json.dumps(answer, default=str))


def _welcome(ready: dict[str, Any]) -> None:
    coupa, control = ready["coupa"], ready["control"]
    lines = [("Coupa REST", coupa["url"], f"{coupa['client_id']} {coupa['client_secret']}")]
    for party, door in ready["sftp"].items():
        lines.append((f"{party} SFTP", f"{door['host']}:{door['port']}", f"{door['user']} {door['password']}"))
    lines.append(("control", control["url"], control["token"]))
    screen.print("[bold]The sandbox is open.[/] Ctrl-C ends it; the state stays.")
    for name, address, secret in lines:
        screen.print(f"  {name:<14}{address:<36}{secret}", soft_wrap=True, highlight=False, markup=False)


if __name__ == "__main__":
    main()
