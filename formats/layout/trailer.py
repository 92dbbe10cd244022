"""The last row of a file that says how much there was."""

from dataclasses import dataclass, field
from decimal import Decimal

from formats import rules
from formats.documents import ZERO, Invoice, Payment
from formats.findings import Finding, Source
from formats.layout.cells import number


@dataclass(slots=True)
class Trailer:
    """Counts while a file is read, and compares with the trailer, if there is one.

    Trailers come in many shapes, so each number in it must be one of: the records, the rows without headers, or the
    sum of the stated amounts. Where a record was refused, or does not state its amount, only counts are compared.
    """

    file: str
    records: int = 0
    rows: int = 0
    sum: Decimal | None = ZERO
    line: int = 0
    cells: list[str] = field(default_factory=list)

    def count(self, document: object | None, rows: int) -> None:
        """Count a document, None where it was refused."""
        self.records += 1
        self.rows += rows
        if self.sum is not None:
            amount = stated(document)
            self.sum = None if amount is None else self.sum + amount

    def hold(self, line: int, cells: list[str]) -> None:
        """Keep the trailer row until all is counted."""
        self.line, self.cells = line, cells

    def check(self) -> list[Finding]:
        """Return a finding for each number of the trailer that the file does not bear out."""
        numbers = [cell.strip() for cell in self.cells[1:] if number(cell)]
        if self.sum is None:
            numbers = [cell for cell in numbers if "." not in cell]
        counted = {Decimal(self.records), Decimal(self.rows), self.sum}
        text = f"neither records ({self.records}) nor rows ({self.rows}) nor sum ({self.sum})"
        wrong = [cell for cell in numbers if Decimal(cell) not in counted]
        return [Finding(Source(self.file, self.line), rules.CSV_TRAILER, f"{cell} is {text}") for cell in wrong]


def stated(document: object) -> Decimal | None:
    """Return the amount that a document states; credit notes take away."""
    if isinstance(document, Invoice):
        total = document.control_total
        return -total if total is not None and document.is_credit_note else total
    return document.amount if isinstance(document, Payment) else None
