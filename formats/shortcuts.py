"""Taxes, charges and account codes that stand in columns of a row instead of rows of their own.

Coupa's invoice files have both ways. One plain tax, or the first plain charges of a document, go to the columns; what
the columns cannot say goes to rows. Where a file has both, the rows win and the columns are kept in ``other``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from formats.documents import ZERO, Charge, ChargeKind, Invoice, TaxLine
from formats.layout import Values, put, unflatten
from formats.layout.objects import assemble, take

TAX_FIELDS = ("amount", "rate", "code", "description")
SEGMENTS = 20


def read_taxes(values: Values, others: Sequence[dict[str, str]], labels: Mapping[str, str]) -> None:
    """Make ``taxes`` of the columns tax.amount, tax.rate, ...; without an amount their text goes to ``other``.

    ``labels`` are the names of the columns by field of TaxLine.
    """
    columns = {name: values.pop(f"tax.{name}") for name in TAX_FIELDS if f"tax.{name}" in values}
    if not columns:
        return
    amounts = columns.get("amount") or [None] * len(others)
    told = [row for row, amount in enumerate(amounts) if amount is not None]
    if len(told) == len(amounts):
        values["taxes"] = list(zip(assemble(TaxLine, len(told), columns)))
        return
    taxes: list[tuple[TaxLine, ...]] = [()] * len(amounts)
    made = assemble(TaxLine, len(told), {name: [column[row] for row in told] for name, column in columns.items()})
    for row, tax in zip(told, made, strict=True):
        taxes[row] = (tax,)
    values["taxes"] = taxes
    for row, amount in enumerate(amounts):
        if amount is None:
            parts = {labels[name]: column[row] for name, column in columns.items()}
            others[row].update({label: as_text(value) for label, value in parts.items() if value})


def as_text(value: object) -> str:
    """Return a text or number as a cell has it."""
    return value if isinstance(value, str) else format(value, "f")


def plain_tax(taxes: Sequence[TaxLine], other: Mapping[str, str], labels: Mapping[str, str]) -> TaxLine | None:
    """Return the tax that the columns can say, if it is the only one."""
    if len(taxes) != 1 or taxes[0].basis is not None or taxes[0].other:
        return None
    if other and not other.keys().isdisjoint(labels.values()):
        return None
    return taxes[0] if "description" in labels or not taxes[0].description else None


def write_taxes(parts: Sequence[Any], values: Values, labels: Mapping[str, str]) -> None:
    """Spread the plain tax of each part over its columns."""
    taxes = [plain_tax(part.taxes, part.other, labels) for part in parts]
    if None not in taxes:
        values |= {f"tax.{name}": take(name, taxes) for name in labels}
        return
    for name, label in labels.items():
        values[f"tax.{name}"] = [
            part.other.get(label, "") if tax is None else getattr(tax, name)
            for part, tax in zip(parts, taxes, strict=True)
        ]


def rows_win(part: Any, taxes: Sequence[TaxLine], labels: Mapping[str, str]) -> None:  # noqa: ANN401  (has taxes)
    """Give a part the taxes of its rows; what its columns said is kept in ``other``."""
    kept = {
        label: as_text(getattr(tax, name))
        for tax in part.taxes
        for name, label in labels.items()
        if getattr(tax, name) not in (None, "")
    }
    put(part, taxes=tuple(taxes), other={**part.other, **kept})


def extra_taxes(part: Any, labels: Mapping[str, str]) -> Sequence[TaxLine]:  # noqa: ANN401  (has taxes)
    """Return the taxes that need rows."""
    return () if not part.taxes or plain_tax(part.taxes, part.other, labels) else part.taxes


def withhold(owner: Sequence[str], tax: TaxLine) -> dict[str, str]:
    """Return a withholding tax as ``other`` keeps it: it is not paid to the supplier, so it is none of the taxes."""
    numbers = {"amount": tax.amount, "rate": tax.rate, "basis": tax.basis}
    cells = {name: as_text(value) for name, value in numbers.items() if value is not None}
    cells |= {"owner": "|".join(owner), "code": tax.code, "description": tax.description}
    return {name: text for name, text in cells.items() if text} | dict(tax.other)


def withheld(invoice: Invoice, name: str) -> Iterator[tuple[tuple[str, ...], TaxLine]]:
    """Yield the owner of each withholding tax that ``other`` keeps under a name, and the tax."""
    for cells in unflatten(invoice.other, name):
        owner = tuple(cells.pop("owner", "").split("|"))
        numbers = {field: Decimal(cells.pop(field)) for field in ("amount", "rate", "basis") if field in cells}
        code, description = cells.pop("code", ""), cells.pop("description", "")
        tax = TaxLine(amount=numbers.get("amount", ZERO), rate=numbers.get("rate"), basis=numbers.get("basis"))
        yield owner, replace(tax, code=code, description=description, other=cells)


def read_charges(values: Values, others: Sequence[dict[str, str]], kinds: Mapping[ChargeKind, str]) -> None:
    """Make ``charges`` of the columns charge.<name of the kind>; ``kinds`` are the columns' names, in their order."""
    columns = [(kind, values.pop(f"charge.{kind.name}", None)) for kind in kinds]
    told = [(kind, column) for kind, column in columns if column is not None]
    if told:
        values["charges"] = [
            tuple(Charge(kind=kind, amount=column[row]) for kind, column in told if column[row] is not None)
            for row in range(len(others))
        ]


def write_charges(invoices: Sequence[Invoice], values: Values, kinds: Mapping[ChargeKind, str]) -> None:
    """Spread the charges that the columns can say."""
    said = [{charge.kind: charge.amount for charge in plain_charges(invoice, kinds)} for invoice in invoices]
    for kind, label in kinds.items():
        values[f"charge.{kind.name}"] = [
            amounts.get(kind, invoice.other.get(label)) for amounts, invoice in zip(said, invoices, strict=True)
        ]


def plain_charges(invoice: Invoice, kinds: Mapping[ChargeKind, str]) -> Sequence[Charge]:
    """Return the first charges, as many as the columns can say without changing order or meaning."""
    order, count = list(kinds), 0
    for charge in invoice.charges:
        plain = charge == Charge(kind=charge.kind, amount=charge.amount) and kinds[charge.kind] not in invoice.other
        if not plain or (count and order.index(charge.kind) <= order.index(invoice.charges[count - 1].kind)):
            break
        count += 1
    first = invoice.charges[:count]
    both = {charge.kind for charge in first} & {charge.kind for charge in invoice.charges[count:]}
    return () if both else first


def charge_rows_win(invoice: Invoice, charges: Sequence[Charge], kinds: Mapping[ChargeKind, str]) -> None:
    """Add the charges of rows; a column of the same kind is kept in ``other``, not counted twice."""
    listed = {charge.kind for charge in charges}
    kept = {kinds[charge.kind]: as_text(charge.amount) for charge in invoice.charges if charge.kind in listed}
    columns = tuple(charge for charge in invoice.charges if charge.kind not in listed)
    put(invoice, charges=(*columns, *charges), other={**invoice.other, **kept})


def read_account_code(values: Values, others: Sequence[dict[str, str]], label: str) -> None:
    """Where the account code is blank, join the segments of ``other`` by hyphens, as Coupa does."""
    first = label.format(1)
    if not any(first in other for other in others):
        return
    codes = values.get("account_code", [""] * len(others))
    values["account_code"] = [code or joined(other, label) for code, other in zip(codes, others, strict=True)]


def joined(other: Mapping[str, str], label: str) -> str:
    """Return the segments up to the first gap."""
    segments = []
    for number in range(1, SEGMENTS + 1):
        segment = other.get(label.format(number), "")
        if not segment:
            break
        segments.append(segment)
    return "-".join(segments)
