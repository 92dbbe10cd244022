"""Tax by rate: rows of a summary where a rate times a base is a tax, and header charges that close the sums."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from capture.fields.cells import CENT, cells
from capture.fields.items import Item
from capture.fields.marked import Marked
from capture.fields.rows import tax_in
from capture.fields.totals import Money, labelled_amounts
from capture.labels import Kind
from formats.documents import Charge, ChargeKind, TaxLine


def taxes_by_rate(marked: Marked, items: Sequence[Item], total: Decimal) -> tuple[TaxLine, ...]:
    """The taxes whose sum is ``total``, each with its rate and base; one tax without a rate if none add up."""
    rows = {item.row for item in items}
    found: dict[tuple[Decimal, Decimal], TaxLine] = {}
    for row in marked.sheet.rows:
        if row[0].row not in rows:
            tax = tax_in(cells(marked, row))
            if tax:
                found.setdefault((tax.rate or Decimal(0), tax.basis or Decimal(0)), tax)
    taxes = _adding_up(list(found.values()), total)
    return taxes or ((TaxLine(amount=total),) if total else ())


def _adding_up(taxes: Sequence[TaxLine], total: Decimal) -> tuple[TaxLine, ...]:
    """All of the taxes, or the one that is the whole, if they add up to the total."""
    if taxes and abs(sum((tax.amount for tax in taxes), Decimal(0)) - total) <= CENT:
        return tuple(taxes)
    return next(((tax,) for tax in taxes if tax.amount == total and total), ())


def charges_between(marked: Marked, lines: Decimal, net: Decimal) -> tuple[Charge, ...]:
    """The charges and discounts printed that lead from the sum of the lines to the net total; none if none do."""
    gap = net - lines
    if not gap:
        return ()
    charges = _distinct(labelled_amounts(marked, Kind.CHARGE))
    discounts = [-abs(value) for value in _distinct(labelled_amounts(marked, Kind.DISCOUNT))]
    for charge in (Decimal(0), *charges):
        for discount in (Decimal(0), *discounts):
            if charge + discount == gap:
                return tuple(_charges(charge, discount))
    return ()


def _distinct(candidates: Iterator[Money]) -> list[Decimal]:
    return list(dict.fromkeys(candidate.value for candidate in candidates if candidate.value))


def _charges(charge: Decimal, discount: Decimal) -> Iterator[Charge]:
    if charge:
        yield Charge(kind=ChargeKind.SHIPPING, amount=charge, description="Charges")
    if discount:
        yield Charge(kind=ChargeKind.MISC, amount=discount, description="Discounts")
