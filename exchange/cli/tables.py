"""The tables that people read: batches with their counts and money, records with their reasons."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.markup import escape

from exchange.cli.options import console, print_table

COUNTS = ("read", "loaded", "held", "rejected", "duplicate", "open")
BATCH_COLUMNS = ("batch", "flow", "started", "outcome", *COUNTS, "money in", "money out")


def batch_row(batch: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a batch of the ledger as the table and the JSON output show it."""
    summary = json.loads(batch["summary"] or "{}")
    money = summary.get("money", {})
    return {
        "batch": batch["id"],
        "flow": batch["flow"],
        "trigger": batch["trigger"],
        "started": batch["started_at"],
        "ended": batch["ended_at"],
        "outcome": batch["outcome"] or "under way",
        **{name: summary.get(name, 0) for name in COUNTS},
        "money": money,
        "error": batch["error"],
    }


def print_batches(batches: Sequence[Mapping[Any, Any]], title: str = "") -> None:
    """Print one line a batch: what was read, what became of it, and the money in and out by currency."""
    rows = [batch_row(batch) for batch in batches]
    cells = [
        (
            row["batch"],
            row["flow"],
            f"{row['started']:%Y-%m-%d %H:%M:%S}",
            row["outcome"],
            *(row[name] for name in COUNTS),
            _money(row["money"], incoming=True),
            _money(row["money"], incoming=False),
        )
        for row in rows
    ]
    print_table(title, BATCH_COLUMNS, cells, right=(*COUNTS, "money in", "money out"))


def _money(money: Mapping[str, Mapping[str, str]], *, incoming: bool) -> str:
    """The money that came in, or the sum of what became of it, one currency a line."""
    lines = []
    for currency, outcomes in money.items():
        amounts = [Decimal(value) for name, value in outcomes.items() if (name == "read") is incoming]
        lines.append(f"{sum(amounts, Decimal(0)):,.2f} {currency or '?'}")
    return "\n".join(lines)


def record_row(record: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a record of the ledger as the table and the JSON output show it."""
    names = ("id", "state", "number", "supplier_number", "supplier_name", "currency", "amount", "decision", "reasons")
    more = ("explanation", "suggestion", "remote_id", "image", "error")
    return {name: record[name] for name in (*names, *more)}


def print_records(records: Sequence[Mapping[Any, Any]], title: str = "") -> None:
    """Print one line a record, with the sentence that explains it."""
    cells = [
        (
            record["id"],
            record["state"],
            record["number"],
            record["supplier_name"] or record["supplier_number"],
            f"{record['amount']:,.2f} {record['currency']}" if record["amount"] is not None else "",
            record["remote_id"],
            record["explanation"] or record["error"],
        )
        for record in records
    ]
    print_table(title, ("record", "state", "number", "supplier", "amount", "coupa id", "why"), cells, right=("amount",))


def print_held(records: Sequence[Mapping[Any, Any]]) -> None:
    """Print why each record was held, in one sentence each, with what to do."""
    for record in records:
        console.print(
            f"[bold]{record['number'] or '(no number)'}[/] {record['supplier_name']}: {record['explanation']}"
        )
        if record["suggestion"]:
            console.print(f"    [dim]{escape(record['suggestion'])}[/]")
