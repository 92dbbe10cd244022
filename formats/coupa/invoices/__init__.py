"""The invoice import: what a lockbox sends, and what Coupa loads (Coupa: Invoices Import)."""

from collections.abc import Iterator, Mapping

from formats.coupa.invoices.head import CHARGES, InvoiceRow
from formats.coupa.invoices.head import TAX as HEAD_TAX
from formats.coupa.invoices.line import TAX as LINE_TAX
from formats.coupa.invoices.line import LineRow
from formats.coupa.invoices.rows import (
    CHARGE_TAX,
    WITHHOLDING,
    AllocationRow,
    AssignmentRow,
    ChargeRow,
    TagRow,
    TaxRow,
)
from formats.documents import Charge, Invoice, InvoiceLine, TaxLine
from formats.layout import NO_CHILDREN, Children, Complaint, Nested, Row, flatten, put
from formats.shortcuts import charge_rows_win, rows_win, withhold


class InvoiceImport(Nested[Invoice]):
    """Seven types of rows; rows refer to their invoice by its number and, where they have it, its supplier."""

    name = "invoice-import"
    rows = (InvoiceRow, ChargeRow, LineRow, AllocationRow, TagRow, TaxRow, AssignmentRow)

    @classmethod
    def main(cls) -> tuple[type[Row], ...]:
        """Every file has invoices and lines."""
        return (InvoiceRow, LineRow)

    @classmethod
    def identity(cls, head: Invoice) -> tuple[str, str, str]:
        """Rows name the invoice's number, and may name its supplier."""
        return head.number, head.supplier_number, head.supplier_name

    @classmethod
    def fold(cls, head: Invoice, children: Mapping[type[Row], Children]) -> Iterator[Complaint]:
        """Put lines, charges, shares and taxes where they belong."""
        lines = children.get(LineRow, NO_CHILDREN)
        yield from number_lines(lines)
        put(head, lines=tuple(lines.parts))
        if any(row is not LineRow for row in children):
            yield from fold_rest(head, children)


def fold_rest(head: Invoice, children: Mapping[type[Row], Children]) -> Iterator[Complaint]:
    """Put what is not a line where it belongs."""
    charges = children.get(ChargeRow, NO_CHILDREN)
    charge_rows_win(head, charges.parts, CHARGES)
    by_number = {str(line.number): line for line in head.lines}
    yield from give_shares(by_number, children.get(AllocationRow, NO_CHILDREN))
    yield from give_taxes(head, by_number, charges, children.get(TaxRow, NO_CHILDREN))
    for row in (TagRow, AssignmentRow):
        flatten(head, row.keyword, children.get(row, NO_CHILDREN).parts)


def number_lines(lines: Children) -> Iterator[Complaint]:
    """Number lines without a number by their position; a number that stands twice is a complaint."""
    numbers = {part.number for part in lines.parts}
    if len(numbers) == len(lines) and None not in numbers:
        return
    seen = set()
    for position, child in enumerate(lines, 1):
        if child.part.number is None:
            put(child.part, number=position)
        if child.part.number in seen:
            yield Complaint(child.line, f"line number {child.part.number} stands twice in the invoice")
        seen.add(child.part.number)


def give_shares(lines: Mapping[str, InvoiceLine], shares: Children) -> Iterator[Complaint]:
    """Give each share of an amount to its line."""
    for (_, number), share, row in shares:
        line = lines.get(plain(number))
        if line is None:
            yield Complaint(row, f"there is no invoice line {number!r} to allocate")
        else:
            put(line, allocations=(*line.allocations, share))


def give_taxes(
    head: Invoice, lines: Mapping[str, InvoiceLine], charges: Children, taxes: Children
) -> Iterator[Complaint]:
    """Give each tax to its line, its charge or the head; withholding tax is not the supplier's and goes to other."""
    by_charge = numbered_charges(charges)
    owners: dict[int, tuple[Invoice | InvoiceLine | Charge, dict[str, str], list[TaxLine]]] = {}
    withheld = []
    for (_, line, charge, number), tax, row in taxes:
        owner = lines.get(plain(line)) if line else by_charge.get(plain(charge)) if charge else head
        if owner is None:
            yield Complaint(row, f"there is no line {line!r} or charge {charge!r} to tax")
        elif tax.other.get("Type") == "WithholdingTaxLine":
            withheld.append(withhold((line, charge, number), tax))
        else:
            labels = LINE_TAX if line else CHARGE_TAX if charge else HEAD_TAX
            owners.setdefault(id(owner), (owner, labels, []))[2].append(tax)
    for owner, labels, own in owners.values():
        rows_win(owner, own, labels)
    flatten(head, WITHHOLDING, withheld)


def numbered_charges(charges: Children) -> dict[str, Charge]:
    """Return the charges of rows by their number, by default their position."""
    return {plain(child.links[3]) or str(n): child.part for n, child in enumerate(charges, 1)}


def plain(number: str) -> str:
    """Return a number as it is compared: 01 is 1."""
    return number.lstrip("0")
