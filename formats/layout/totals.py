"""Control totals: how many records and rows, and how much money by currency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from formats.documents import ZERO, Invoice, Payment, PurchaseOrder


@dataclass(frozen=True, slots=True)
class Totals:
    """What a file holds; two sides that agree on these agree on the file."""

    records: int = 0
    rows: int = 0
    money: Mapping[str, Decimal] = field(default_factory=dict)

    def __add__(self, other: "Totals") -> "Totals":
        """Return both together."""
        currencies = dict.fromkeys((*self.money, *other.money))
        money = {name: self.money.get(name, ZERO) + other.money.get(name, ZERO) for name in currencies}
        return Totals(self.records + other.records, self.rows + other.rows, money)

    @staticmethod
    def of(documents: Iterable[object], rows: int = 0) -> "Totals":
        """Return the control totals of documents that stand in ``rows`` rows."""
        records, money = 0, dict[str, Decimal]()
        for document in documents:
            records += 1
            if amount := worth(document):
                currency, value = amount
                money[currency] = money.get(currency, ZERO) + value
        return Totals(records, rows, money)


def worth(document: object) -> tuple[str, Decimal] | None:
    """Return the currency and amount that a document adds to a control total; None when it has no money."""
    match document:
        case Invoice():
            return document.currency, document.signed_total
        case PurchaseOrder():
            return document.currency, sum((line.total for line in document.lines), ZERO)
        case Payment():
            return document.currency, document.amount or ZERO
        case _:
            return None
