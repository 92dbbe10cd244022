"""The tables that people read: batches with their counts and money, records with their reasons."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.markup import escape

from exchange.cli.options import console, print_table

OUTCOMES = ("loaded", "held", "rejected", "duplicate")
COUNTS = ("read", *OUTCOMES, "open")


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
    """Print one line a batch with its counts, and below it the money in and out by currency."""
    rows = [batch_row(batch) for batch in batches]
    counts = [
        (row["batch"], row["flow"], f"{row['started']:%Y-%m-%d %H:%M}", row["outcome"], *(row[name] for name in COUNTS))
        for row in rows
    ]
    print_table(title, ("batch", "flow", "started", "outcome", *COUNTS), counts, right=COUNTS)
    money = [cells for row in rows for cells in _money_rows(row)]
    if money:
        columns = ("money in", *OUTCOMES, "money out")
        print_table("\nmoney", ("batch", "flow", "currency", *columns), money, right=columns)


def _money_rows(row: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """What came in and what became of it, one line a currency."""
    for currency, amounts in row["money"].items():
        outcomes = [Decimal(amounts[name]) for name in OUTCOMES]
        out = sum(outcomes, Decimal(0)) + Decimal(amounts["open"])
        cells = (Decimal(amounts["read"]), *outcomes, out)
        yield (str(row["batch"]), row["flow"], currency or "?", *(f"{cell:,.2f}" if cell else "-" for cell in cells))


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
