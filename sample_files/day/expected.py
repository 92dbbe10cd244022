"""What a careful clerk decides on each invoice: the twin of a delivery."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from day.bill import Bill

LOAD, DRAFT, HOLD, REJECT, DUPLICATE = "load", "load as draft", "hold", "reject", "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The outcome of one invoice; ``reads`` are the fields that must be read from a page that came alone."""

    number: str
    supplier: str
    decision: str
    total: str
    currency: str
    reasons: tuple[str, ...] = ()
    reads: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as it stands in the twin."""
        made: dict[str, Any] = {
            "number": self.number, "supplier_number": self.supplier, "decision": self.decision,
            "reasons": list(self.reasons), "total": self.total, "currency": self.currency,
        }
        return made | ({"reads": dict(self.reads)} if self.reads else {})


def refused(name: str, *reasons: str) -> Expected:
    """Return the outcome of a file that is refused whole: one rejected record, named after the file."""
    return Expected(number=name, supplier="", decision=REJECT, total="", currency="", reasons=reasons)


def of(bill: Bill, decision: str, *reasons: str) -> Expected:
    """Return the outcome of a bill; a credit note's total is positive, as it is printed in the CSV."""
    return Expected(number=bill.number, supplier=bill.sender.number, decision=decision, total=bill.total,
                    currency=bill.sender.currency, reasons=reasons)
