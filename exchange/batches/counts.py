"""The conservation law: what came in is loaded, held, rejected or duplicate, by count and by money."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from exchange.errors import ConservationError
from exchange.ledger import records

OPEN = "open"
COLUMNS = ("loaded", "held", "rejected", "duplicate", OPEN)


@dataclass(slots=True)
class Counts:
    """How many records were read and what became of them; ``money`` is by currency, then by outcome."""

    read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    money_read: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    money: defaultdict[str, defaultdict[str, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )

    def take(self, currency: str = "", amount: Decimal | None = None, times: int = 1) -> None:
        """Count a record that was read."""
        self.read += times
        if amount is not None:
            self.money_read[currency] += amount

    def settle(self, outcome: str, currency: str = "", amount: Decimal | None = None, times: int = 1) -> None:
        """Count what became of a record."""
        self.outcomes[outcome] += times
        if amount is not None:
            self.money[currency][outcome] += amount

    @property
    def open(self) -> int:
        """How many records have no outcome yet."""
        return self.outcomes[OPEN]

    def check(self) -> None:
        """ConservationError unless records and money in equal records and money out."""
        settled = sum(self.outcomes.values())
        if settled != self.read:
            raise ConservationError(f"{self.read} records were read, but {settled} have an outcome.")
        for currency, amount in self.money_read.items():
            out = sum(self.money[currency].values(), Decimal(0))
            if out != amount:
                raise ConservationError(f"{currency} {amount} came in, but {out} has an outcome.")

    def as_json(self) -> dict[str, Any]:
        """Return the counts as plain values, amounts as text."""
        money = {
            currency: {"read": str(amount)}
            | {name: str(self.money[currency].get(name, Decimal(0))) for name in COLUMNS}
            for currency, amount in sorted(self.money_read.items())
        }
        return {"read": self.read} | {name: self.outcomes[name] for name in COLUMNS} | {"money": money}


def count_records(rows: Iterable[RowMapping]) -> Counts:
    """Count the records of the ledger as they stand now."""
    counts = Counts()
    for row in rows:
        outcome = row["state"] if row["state"] in records.OUTCOMES else OPEN
        counts.take(row["currency"], row["amount"])
        counts.settle(outcome, row["currency"], row["amount"])
    return counts
