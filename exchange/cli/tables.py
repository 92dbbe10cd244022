"""The tables that people read: batches with their counts and money, records with their reasons."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from exchange.cli.printing import literal, print_table, tell

OUTCOMES = ("loaded", "held", "rejected", "duplicate")
OPEN = "open"
COUNTS = ("read", *OUTCOMES, OPEN)
NO_MONEY = "-"


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
    """Print one line a batch with its counts, below it the money in and out by currency, and what went wrong."""
    rows = [batch_row(batch) for batch in batches]
    counts = [
        (row["batch"], row["flow"], f"{row['started']:%Y-%m-%d %H:%M}", row["outcome"], *(row[name] for name in COUNTS))
        for row in rows
    ]
    print_table(title, ("batch", "flow", "started (UTC)", "outcome", *COUNTS), counts, right=COUNTS)
    money = [cells for row in rows for cells in _money_rows(row)]
    columns = ("batch", "currency", "money in", *OUTCOMES, OPEN, "money out")
    filled = [place for place in range(len(columns)) if any(cells[place] != NO_MONEY for cells in money)]
    shown = [columns[place] for place in filled]
    print_table("money", shown, [[cells[place] for place in filled] for cells in money], right=shown[2:])
    for row in rows:
        if row["error"]:
            tell(literal(f"batch {row['batch']}:", "bold"), row["error"])


def _money_rows(row: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """What came in and what became of it, one line a currency."""
    for currency, amounts in row["money"].items():
        outcomes = [Decimal(amounts[name]) for name in (*OUTCOMES, OPEN)]
        cells = (Decimal(amounts["read"]), *outcomes, sum(outcomes, Decimal(0)))
        yield (str(row["batch"]), currency or "none", *(f"{cell:,.2f}" if cell else NO_MONEY for cell in cells))


def record_row(record: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a record of the ledger as the table and the JSON output show it."""
    names = ("id", "state", "number", "supplier_number", "supplier_name", "currency", "amount", "decision", "reasons")
    more = ("explanation", "suggestion", "remote_id", "image", "error")
    return {name: record[name] for name in (*names, *more)}


def print_records(records: Sequence[Mapping[Any, Any]], title: str = "") -> None:
    """Print one line a record."""
    cells = [
        (
            record["id"],
            record["state"],
            record["number"],
            record["supplier_name"] or record["supplier_number"],
            f"{record['amount']:,.2f} {record['currency']}" if record["amount"] is not None else "",
            record["remote_id"],
        )
        for record in records
    ]
    print_table(title, ("record", "state", "number", "supplier", "amount", "coupa id"), cells, right=("amount",))


def print_held(records: Sequence[Mapping[Any, Any]]) -> None:
    """Print why each record was not loaded, in one sentence each, with what to do."""
    for record in records:
        of = f"{record['supplier_name']}:" if record["supplier_name"] else ""
        number = literal(record["number"] or "(no number)", "bold")
        tell(f"record {record['id']}", number, of, record["explanation"] or record["error"])
        if record["suggestion"]:
            tell(literal(record["suggestion"], "dim"), indent=4)
