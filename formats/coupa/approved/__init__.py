"""Ok2Pay: approved and voided invoices for the ERP (Coupa: Invoices Export); InvoiceUpdates has the same columns."""

from collections.abc import Iterator, Mapping, Sequence

from formats.coupa.approved.head import CHARGES, HeaderRow
from formats.coupa.approved.head import TAX as HEAD_TAX
from formats.coupa.approved.kept import (
    ChargeSplitRow,
    KeptRow,
    MatchingRow,
    PayableRow,
    ReconciliationRow,
    ToleranceRow,
    WithholdingRow,
)
from formats.coupa.approved.lines import (
    CHARGE_ID,
    KIND,
    LINE_ID,
    TAX,
    WITHHOLDING,
    ChargeRow,
    LineRow,
    SplitRow,
    TaxRow,
    reference,
)
from formats.documents import Charge, Invoice, InvoiceLine, TaxLine
from formats.layout import NO_CHILDREN, Children, Complaint, Nested, Row, flatten, put
from formats.shortcuts import charge_rows_win, rows_win, withhold

KEPT: tuple[type[KeptRow], ...] = (
    ChargeSplitRow,
    WithholdingRow,
    MatchingRow,
    ReconciliationRow,
    PayableRow,
    ToleranceRow,
)


class InvoiceExport(Nested[Invoice]):
    """Eleven types of rows; rows refer to their invoice by Coupa's id, those that have none follow it."""

    name = "invoice-export"
    trusted = True
    schema_first = False
    rows = (HeaderRow, LineRow, SplitRow, ChargeRow, TaxRow, *KEPT)

    @classmethod
    def identity(cls, head: Invoice) -> tuple[str, str, str]:
        """Rows name the invoice's id."""
        return reference(head), "", ""

    @classmethod
    def main(cls) -> tuple[type[Row], ...]:
        """Every file has invoices and lines."""
        return (HeaderRow, LineRow)

    @classmethod
    def fold(cls, head: Invoice, children: Mapping[type[Row], Children]) -> Iterator[Complaint]:
        """Put lines, charges, shares and taxes where they belong, and keep the rest."""
        lines = children.get(LineRow, NO_CHILDREN).parts
        put(head, lines=tuple(lines))
        charges = children.get(ChargeRow, NO_CHILDREN)
        if charges:
            charge_rows_win(head, charges.parts, CHARGES)
        yield from give_shares(lines, children.get(SplitRow, NO_CHILDREN))
        yield from give_taxes(head, charges, children.get(TaxRow, NO_CHILDREN))
        for row in KEPT:
            flatten(head, row.keyword, children.get(row, NO_CHILDREN).parts)


class InvoiceUpdates(InvoiceExport):
    """The status feed to the capture vendor: the same rows, of invoices that changed."""

    name = "invoice-updates"


def give_shares(lines: Sequence[InvoiceLine], shares: Children) -> Iterator[Complaint]:
    """Give each share of an amount to its line."""
    for (_, line_id, number), share, row in shares:
        line = line_of(lines, line_id, number)
        if line is None:
            yield Complaint(row, f"there is no invoice line {number or line_id!r} to split")
        else:
            put(line, allocations=(*line.allocations, share))


def line_of(lines: Sequence[InvoiceLine], line_id: str, number: str) -> InvoiceLine | None:
    """Return the line with this id, else with this number."""
    found = (line for line in lines if line_id and line.other.get(LINE_ID) == line_id)
    return next(found, None) or next((line for line in lines if str(line.number) == number), None)


def give_taxes(head: Invoice, charges: Children, taxes: Children) -> Iterator[Complaint]:
    """Give each tax to its line, its charge or the head; withholding tax is not the supplier's and goes to other."""
    owners: dict[int, tuple[Invoice | InvoiceLine | Charge, list[TaxLine]]] = {}
    kept = []
    for (_, line_id, line, charge_id, charge), tax, row in taxes:
        owner: Invoice | InvoiceLine | Charge | None = head
        if line_id or line:
            owner = line_of(head.lines, line_id, line)
        elif charge_id or charge:
            owner = charge_of(charges, charge_id, charge)
        if owner is None:
            yield Complaint(row, f"there is no line {line or line_id!r} or charge {charge or charge_id!r} to tax")
        elif tax.other.get(KIND) == "WithholdingTaxLine":
            kept.append(withhold((line_id, line, charge_id, charge), tax))
        else:
            owners.setdefault(id(owner), (owner, []))[1].append(tax)
    flatten(head, WITHHOLDING, kept)
    for owner, own in owners.values():
        rows_win(owner, own, HEAD_TAX if owner is head else TAX)


def charge_of(charges: Children, charge_id: str, number: str) -> Charge | None:
    """Return the charge with this id, else with this number."""
    found = (child.part for child in charges if charge_id and child.part.other.get(CHARGE_ID) == charge_id)
    return next(found, None) or next((child.part for child in charges if child.links[1] == number), None)
