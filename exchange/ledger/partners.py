"""Partners in the ledger: who failed, since when, how often in a row, and at which flows."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, select

from exchange.errors import ExchangeError
from exchange.ledger.schema import partner


def failed(tx: Connection, flow: str, error: ExchangeError, at: dt.datetime) -> None:
    """Count a failure of the partner that an error names."""
    former = tx.execute(select(partner).where(partner.c.name == error.partner)).mappings().first()
    flows = {flow, *(former["flows"].split() if former else ())}
    values = {"last_at": at, "flows": " ".join(sorted(flows)), "retry": error.retry, "error": str(error)}
    if former is None:
        tx.execute(partner.insert().values(name=error.partner, failures=1, since=at, **values))
    else:
        mine = partner.update().where(partner.c.name == error.partner)
        tx.execute(mine.values(failures=former["failures"] + 1, **values))


def worked(tx: Connection, flow: str) -> None:
    """Forget the failures of the partners that a flow met when it failed: it ran to its end, so they are back."""
    for row in failing(tx):
        if flow in row["flows"].split():
            tx.execute(partner.delete().where(partner.c.name == row["name"]))


def failing(tx: Connection) -> Sequence[RowMapping]:
    """Return the partners that failed and have not worked since, by name."""
    return tx.execute(select(partner).order_by(partner.c.name)).mappings().all()
