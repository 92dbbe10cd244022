"""Reports: the tables that people ask for, over many batches. Amounts stay text to the last digit."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from exchange.batches.world import World
from exchange.flow import FlowName
from exchange.ledger import records, schema

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("supplier_number", "supplier_name", "currency", "state", "decision", "amount", "reasons", "taken_at")


def invoices(world: World, since: dt.datetime) -> "pd.DataFrame":
    """Return the invoices taken in since a moment, one row each; every column is an object, nothing is a float."""
    import pandas as pd  # noqa: PLC0415  (half a second that only reports should cost)

    row, file = schema.record, schema.file
    query = (
        select(*(row.c[name] for name in COLUMNS[:-1]), file.c.taken_at)
        .join(file, file.c.sha256 == row.c.sha256)
        .where(row.c.flow == FlowName.INVOICES, file.c.taken_at >= since)
        .order_by(row.c.id)
    )
    with world.ledger.read() as tx:
        rows = [tuple(one) for one in tx.execute(query)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def by_supplier(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return, by supplier and currency, how many invoices came, how many went through untouched, and the money."""
    groups = frame.groupby(["supplier_number", "supplier_name", "currency"], dropna=False, sort=True)
    table = groups.agg(
        invoices=("state", "size"),
        untouched=("state", lambda states: int((states == records.LOADED).sum())),
        held=("state", lambda states: int((states == records.HELD).sum())),
        amount=("amount", lambda amounts: sum(amount for amount in amounts if amount is not None)),
    ).reset_index()
    table["touchless"] = [f"{100 * u / n:.0f} %" for u, n in zip(table.untouched, table.invoices, strict=True)]
    return table


def by_reason(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return how often each reason stopped an invoice, the most frequent first."""
    stopped = frame[frame.state.isin([records.HELD, records.REJECTED])]
    reasons = stopped.assign(reason=stopped.reasons.str.split()).explode("reason").dropna(subset=["reason"])
    counts = reasons.groupby("reason").size().sort_values(ascending=False, kind="stable")
    return counts.rename("invoices").reset_index()
