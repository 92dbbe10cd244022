"""The acknowledgement: what became of every invoice of an inbound file, with line, column, rule and message.

It is written as CSV for people and programs that read rows, and as JSON for those that read structures.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TextIO

from formats import stored
from formats.findings import Finding

COLUMNS = (
    "File", "Invoice Number", "Supplier Number", "Supplier Name", "Currency", "Amount", "Outcome", "Coupa Id",
    "Reason", "Suggestion", "Source", "Line", "Column", "Rule", "Message",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one invoice: loaded, held, rejected or duplicate, and why."""

    number: str
    outcome: str
    supplier_number: str = ""
    supplier_name: str = ""
    currency: str = ""
    amount: Decimal | None = None
    coupa_id: str = ""
    reason: str = ""
    suggestion: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """The answer to one file: its name and SHA-256, its invoices, and the findings that belong to none of them."""

    file: str
    sha256: str
    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(init=False)
    totals: Mapping[str, Mapping[str, Decimal]] = field(init=False)

    def __post_init__(self) -> None:
        """Count the answers by outcome, and their money by outcome and currency."""
        counts: dict[str, int] = {}
        totals: dict[str, dict[str, Decimal]] = {}
        for answer in self.answers:
            counts[answer.outcome] = counts.get(answer.outcome, 0) + 1
            if answer.amount is not None:
                money = totals.setdefault(answer.outcome, {})
                money[answer.currency] = money.get(answer.currency, Decimal(0)) + answer.amount
        object.__setattr__(self, "counts", counts)
        object.__setattr__(self, "totals", totals)

    def write_csv(self, stream: TextIO) -> None:
        """Write one row a finding, or one row an invoice that has none (RFC 4180, every field quoted)."""
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        for answer in self.answers:
            writer.writerows(self._rows(answer))
        writer.writerows(self._row(Answer(number="", outcome=""), finding) for finding in self.findings)

    def dump_json(self) -> str:
        """Return the acknowledgement as JSON text."""
        return stored.dump(self)

    def _rows(self, answer: Answer) -> Sequence[Sequence[str]]:
        return [self._row(answer, finding) for finding in answer.findings] or [self._row(answer, None)]

    def _row(self, answer: Answer, finding: Finding | None) -> Sequence[str]:
        amount = "" if answer.amount is None else format(answer.amount, "f")
        who = (self.file, answer.number, answer.supplier_number, answer.supplier_name)
        what = (answer.currency, amount, answer.outcome, answer.coupa_id, answer.reason, answer.suggestion)
        return (*who, *what, *_where(finding))


def _where(finding: Finding | None) -> Sequence[str]:
    if finding is None:
        return ("",) * 5
    source = finding.source
    line = source.line if source.line is not None else source.page
    return (source.file, "" if line is None else str(line), source.column, finding.rule.id, finding.message)
