"""The last row of a file that says how much there was."""

from dataclasses import dataclass, field
from decimal import Decimal

from formats import rules
from formats.findings import Finding, Source
from formats.layout.cells import number
from formats.layout.totals import Totals


@dataclass(slots=True)
class Trailer:
    """Counts while a file is read, and compares with the trailer, if there is one.

    Trailers come in many shapes, so each number in it must be one of: the records, the rows without headers, or the
    sum of all amounts. Where records were refused the sum is not known and only counts are compared.
    """

    file: str
    records: int = 0
    rows: int = 0
    refused: int = 0
    totals: Totals = field(default_factory=Totals)
    line: int = 0
    cells: list[str] = field(default_factory=list)

    def count(self, document: object | None, rows: int) -> None:
        """Count a document, None where it was refused."""
        self.records += 1
        self.rows += rows
        if document is None:
            self.refused += 1
        else:
            self.totals += Totals.of((document,))

    def hold(self, line: int, cells: list[str]) -> None:
        """Keep the trailer row until all is counted."""
        self.line, self.cells = line, cells

    def check(self) -> list[Finding]:
        """Return a finding for each number of the trailer that the file does not bear out."""
        counted = {Decimal(self.records), Decimal(self.rows), sum(self.totals.money.values(), Decimal(0))}
        wrong = [cell for cell in self.cells[1:] if number(cell) and Decimal(cell.strip()) not in counted]
        if self.refused:
            wrong = [cell for cell in wrong if "." not in cell]
        text = f"neither records ({self.records}), rows ({self.rows}) nor sum"
        return [Finding(Source(self.file, self.line), rules.CSV_TRAILER, f"{cell} is {text}") for cell in wrong]
