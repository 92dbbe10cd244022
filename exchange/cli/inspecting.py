"""Commands that look: batches, show, report, rules, audit."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from exchange.batches import comparing, deciding, reporting
from exchange.batches.catalogue import ROOMS
from exchange.batches.comparing import Conflict
from exchange.cli.options import ConfigOption, clock, world_of
from exchange.cli.printing import JsonOption, console, plain, print_json, print_table, tell
from exchange.cli.running import BatchArgument
from exchange.cli.tables import batch_row, print_batches, print_held, print_records, record_row
from exchange.errors import LedgerError, NotFoundError
from exchange.flow import FlowName
from exchange.ledger import batches, events, records
from formats.formulas import neutral


class ReportBy(StrEnum):
    """What a row of a report stands for."""

    SUPPLIER = "supplier"
    REASON = "reason"


def list_batches(
    flow: Annotated[FlowName | None, typer.Option(help="Only this flow.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 20,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the latest batches with their counts and money."""
    with world_of(config, quiet=True) as world, world.ledger.read() as tx:
        rows = batches.latest(tx, flow or "", limit)
    if as_json:
        print_json([batch_row(row) for row in rows])
        return
    print_batches(rows[::-1])
    if not rows:
        tell("There is no batch yet. `exchange run FLOW` makes one.")


def show(batch_id: BatchArgument, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show one batch: its records, why each was held, what was found wrong and which files it made."""
    with world_of(config, quiet=True) as world, world.ledger.read() as tx:
        row = batches.get(tx, batch_id)
        taken = batches.records(tx, batch_id)
        found = [plain(one) for one in batches.findings(tx, batch_id)]
        made = [plain(one) for one in batches.outgoings(tx, batch_id)]
        conflicts = {one["id"]: pair for one in taken if (pair := comparing.conflict(tx, one))}
    if as_json:
        rows = [record_row(one) | {"conflict": _told(conflicts.get(one["id"]))} for one in taken]
        parts = {"records": rows, "findings": found, "files": made}
        print_json(batch_row(row) | parts)
        return
    print_batches([row])
    print_records(taken, "records")
    print_held([one for one in taken if one["state"] in (records.HELD, records.REJECTED, records.DUPLICATE)])
    for one in conflicts.values():
        _print_conflict(one)
    print_table("findings", ("rule", "message"), [(one["rule"], one["message"]) for one in found])
    columns = ("remote", "path", "records", "state")
    print_table("files", columns, [[one[column] for column in columns] for one in made])


def _told(conflict: Conflict | None) -> dict[str, Any] | None:
    return conflict.as_json() if conflict else None


def _print_conflict(conflict: Conflict) -> None:
    """Print two records of one invoice side by side; only what differs."""
    title = f"record {conflict.record} ({conflict.file}) beside record {conflict.other} ({conflict.other_file})"
    columns = ("what differs", f"record {conflict.record}", f"record {conflict.other}, {conflict.other_state}")
    print_table(title, columns, conflict.differences)


def report(
    days: Annotated[int, typer.Option("--days", help="How far back to look.")] = 30,
    by: Annotated[ReportBy, typer.Option("--by", help="What a row stands for.")] = ReportBy.SUPPLIER,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a CSV file instead of a table.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Report how many invoices came and went through untouched, by supplier, or what stopped them, by reason."""
    with world_of(config, quiet=True) as world:
        frame = reporting.invoices(world, clock() - dt.timedelta(days=days))
    table = reporting.by_supplier(frame) if by is ReportBy.SUPPLIER else reporting.by_reason(frame)
    if csv:
        table.map(lambda cell: neutral(cell) if isinstance(cell, str) else cell).to_csv(csv, index=False)
        tell(f"{len(table)} rows are in {csv}")
    elif as_json:
        print_json(table.to_dict("records"))
    else:
        heads = [str(column).replace("_", " ") for column in table.columns]
        rows = [[_shown(cell) for cell in row] for row in table.to_numpy().tolist()]
        print_table("", heads, rows, right=("invoices", "untouched", "held", "amount", "touchless"))
        if not rows:
            tell(f"No invoice came in the last {days} days.")


def _shown(cell: object) -> object:
    return f"{cell:,.2f}" if isinstance(cell, Decimal) else cell


def rules(
    rule: Annotated[str, typer.Argument(metavar="[RULE]", help="Only this rule.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List every rule that a finding or a reason may carry, or one, with what to do about it."""
    rows = [
        {"room": room, "id": one.id, "severity": one.severity.value, "title": one.title, "remedy": one.remedy}
        for room, known in ROOMS.items()
        for one in sorted(known, key=lambda one: one.id)
        if rule in ("", one.id)
    ]
    if not rows:
        raise NotFoundError(f"There is no rule {rule}. `exchange rules` lists them.")
    if as_json:
        print_json(rows)
        return
    for room in dict.fromkeys(row["room"] for row in rows):
        told = [(row["id"], row["severity"], row["title"], row["remedy"]) for row in rows if row["room"] == room]
        print_table(room, ("rule", "severity", "what it says", "what to do"), told)


FormerOption = Annotated[str, typer.Option("--head", help="The end of the chain as an earlier audit printed it.")]


def audit(former: FormerOption = "", config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Verify the chain of events and the decisions it vouches for; exit 11 and name what was changed or removed."""
    with world_of(config, quiet=True) as world, world.ledger.read() as tx:
        broken, forged = list(events.broken_links(tx)), deciding.forged(tx)
        head, cut = events.head(tx), bool(former) and not events.holds(tx, former)
    if as_json:
        print_json({"broken": broken, "forged": forged, "cut": cut, "head": head})
        raise typer.Exit(LedgerError.exit_code if broken or forged or cut else 0)
    if not broken and not forged and not cut:
        console.print("Every event follows from the one before it, every decision is as it was written.")
        console.print(f"Keep this elsewhere and give it to the next audit as --head: {head}", soft_wrap=True)
    if cut:
        raise LedgerError("The chain of events no longer holds its former end: events were removed or written anew.")
    if broken:
        raise LedgerError(f"The chain of events is broken at event {', '.join(map(str, broken))}.")
    if forged:
        raise LedgerError(f"Not as they were written: decisions {', '.join(map(str, forged))}.")
