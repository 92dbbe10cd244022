"""The answer to an inbound file: what became of each invoice, by count and by money, as CSV and as JSON."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Final, TextIO

from formats.documents import ZERO
from formats.layout.writing import people_writer

COLUMNS: Final = (
    "Record Type",
    "Invoice Number",
    "Supplier Number",
    "Outcome",
    "Currency",
    "Amount",
    "Line",
    "Column",
    "Rule",
    "Message",
    "Remedy",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Why an invoice was held or rejected: a rule or reason, and where in the file it was broken."""

    rule: str
    message: str
    line: int | None = None
    column: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one invoice: ``outcome`` is loaded, draft, voided, held, rejected or duplicate."""

    number: str
    outcome: str
    supplier_number: str = ""
    currency: str = ""
    amount: Decimal | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """The answer to one file; ``remarks`` are about the file as a whole."""

    file: str
    sha256: str
    answers: tuple[Answer, ...]
    remarks: tuple[Remark, ...] = field(default=())

    def counts(self) -> Mapping[str, int]:
        """Return how many invoices had each outcome; together they are all that the file had."""
        return Counter(answer.outcome for answer in self.answers)

    def totals(self) -> Mapping[tuple[str, str], Decimal]:
        """Return the money by outcome and currency."""
        sums: dict[tuple[str, str], Decimal] = {}
        for answer in self.answers:
            key = (answer.outcome, answer.currency)
            sums[key] = sums.get(key, ZERO) + (answer.amount or ZERO)
        return sums

    def write(self, stream: TextIO) -> None:
        """Write the CSV: a row for the file, each outcome's total, each invoice and each remark.

        People open it in spreadsheets, so what would be run as a formula stands behind an apostrophe; the JSON has it
        as it came.
        """
        writer = people_writer(stream)
        writer.writerow(COLUMNS)
        writer.writerow(("File", self.file, "", "", "", "", "", "", "", f"sha256 {self.sha256}", ""))
        writer.writerows(remark_row(self.file, "", remark) for remark in self.remarks)
        counts = Counter((answer.outcome, answer.currency) for answer in self.answers)
        for (outcome, currency), total in self.totals().items():
            count = str(counts[outcome, currency])
            writer.writerow(("Total", count, "", outcome, currency, format(total, "f"), "", "", "", "", ""))
        for answer in self.answers:
            amount = "" if answer.amount is None else format(answer.amount, "f")
            told = (answer.number, answer.supplier_number, answer.outcome, answer.currency, amount)
            writer.writerow(("Invoice", *told, "", "", "", "", ""))
            writer.writerows(remark_row(answer.number, answer.supplier_number, remark) for remark in answer.remarks)

    def dump(self) -> str:
        """Return the same as JSON; amounts are text."""
        totals = [
            {"outcome": outcome, "currency": currency, "amount": format(amount, "f")}
            for (outcome, currency), amount in self.totals().items()
        ]
        told = asdict(self) | {"counts": dict(self.counts()), "totals": totals}
        return json.dumps(told, indent=2, default=str, ensure_ascii=False) + "\n"


def remark_row(number: str, supplier: str, remark: Remark) -> tuple[str, ...]:
    """Return the row of a remark."""
    line = "" if remark.line is None else str(remark.line)
    return ("Remark", number, supplier, "", "", "", line, remark.column, remark.rule, remark.message, remark.remedy)
