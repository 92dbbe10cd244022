"""What every syntax of EN 16931 shares: credit notes, order numbers, charges, mandatory fields.

``Invoice.other`` of an electronic invoice keeps what has no field of its own, under these keys:
``type-code`` BT-3, ``buyer-reference`` BT-10, ``order-number`` BT-13, ``guideline`` BT-24, ``payee-name`` BT-59,
``line-total`` BT-106, ``net-total`` BT-109, ``tax-total`` BT-110, ``prepaid`` BT-113, ``rounding`` BT-114,
``amount-due`` BT-115, and ``negated`` = yes where the document's own amounts were negative. Lines and charges keep
``tax-rate`` BT-152 and ``tax-category`` BT-151; lines also ``adjustment``, their charges (BT-141) less their
allowances (BT-136), ``description`` BT-154, ``accounting-reference`` BT-133 and ``line-id`` BT-126.
A validation by Schematron belongs behind ``formats.einvoice.read``, over the same parsed root.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from formats.documents import Charge, ChargeKind, Invoice, InvoiceLine, TaxLine
from formats.findings import Finding
from formats.xml import Node
from formats.xml_rules import MISSING, NEGATIVE_CREDIT_NOTE, NEGATIVE_INVOICE, NO_LINES

# UNTDID 1001: the codes that EN 16931 allows for credit notes (BR-CL-01)
CREDIT_NOTE_CODES = frozenset(str(code) for code in (81, 83, 261, 262, 296, 308, 381, 396, 420, 458, 502, 503, 532))
# UNTDID 7161: freight service, delivery, shipping and handling; handling, packing
SHIPPING_CODES = frozenset({"FC", "DL", "SAA"})
HANDLING_CODES = frozenset({"HD", "PC"})
MANDATORY = {"number": "BT-1", "date": "BT-2", "currency": "BT-5", "supplier_name": "BT-27", "control_total": "BT-112"}
RATES = ("Percent", "RateApplicablePercent", "ApplicablePercent")
TOTALS = ("line-total", "net-total", "tax-total", "prepaid", "rounding", "amount-due")


class Price(NamedTuple):
    """What a line says about its price: BT-129 quantity, BT-146 price, BT-149 base quantity, BT-131 line total."""

    quantity: Decimal | None
    price: Decimal | None
    basis: Decimal | None
    total: Decimal | None

    def settled(self) -> tuple[Decimal | None, Decimal, Decimal]:
        """Quantity, price and price basis; a price that is not stated is the line total for the whole quantity."""
        if self.quantity is None:
            return None, self.total if self.total is not None else self.price or Decimal(0), Decimal(1)
        if self.price is None and self.quantity and self.total is not None:
            return self.quantity, self.total, self.quantity
        return self.quantity, self.price or Decimal(0), self.basis or Decimal(1)


def charge(node: Node, amount: Decimal | None, *, added: bool, code: str, reason: str) -> Charge:
    """An allowance (BG-20) or charge (BG-21) of the document; ``code`` is BT-98 or BT-105."""
    kind = ChargeKind.MISC
    if added and code in SHIPPING_CODES:
        kind = ChargeKind.SHIPPING
    elif added and code in HANDLING_CODES:
        kind = ChargeKind.HANDLING
    value = amount or Decimal(0)
    tax = tax_words(node.first("TaxCategory", "CategoryTradeTax", "AppliedTradeTax"))
    return Charge(
        kind=kind, amount=value if added else -value, description=reason, other=stated({"reason-code": code, **tax})
    )


def tax_words(node: Node, at: str = "") -> dict[str, str]:
    """The tax category and rate of a line or charge (BT-151, BT-152), at a path that ends with a slash."""
    rate = node.number(*(at + name for name in RATES))
    return {"tax-category": node.text(at + "ID", at + "CategoryCode"), "tax-rate": "" if rate is None else str(rate)}


def stated(values: dict[str, str]) -> dict[str, str]:
    """Only the values that the document states."""
    return {key: value for key, value in values.items() if value}


def figures(node: Node, paths: dict[str, str]) -> dict[str, str]:
    """The numbers under a node, by key, as text for ``Invoice.other``; what cannot be read is left out."""
    numbers = {key: node.number(path) for key, path in paths.items()}
    return {key: str(number) for key, number in numbers.items() if number is not None}


def period(node: Node, first: str, last: str) -> dict[str, str]:
    """The first and the last day of a period (BG-14, BG-26), where they are stated."""
    days = {"period-start": node.date(first), "period-end": node.date(last)}
    return {key: day.isoformat() for key, day in days.items() if day}


def file_name(text: str, place: int = 1) -> str:
    """The last part of a partner's path, or a name by its place from 1."""
    return re.split(r"[\\/]", text)[-1].strip(". ") or f"attachment-{place}"


def one_line(text: str) -> str:
    """A text with its line breaks and runs of blanks made single blanks."""
    return " ".join(text.split())


def iban(candidates: Iterable[str]) -> str:
    """The first account number that has the form of an IBAN (BT-84), without blanks, else ""."""
    compact = (re.sub(r"\s", "", candidate).upper() for candidate in candidates)
    return next((text for text in compact if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", text)), "")


def line_numbers(ids: Sequence[str]) -> Iterator[int]:
    """The lines' own numbers (BT-126) where all are numbers and differ, else their places from 1."""
    own = [int(text) for text in ids if re.fullmatch(r"[0-9]{1,9}", text)]
    return iter(own if len(set(own)) == len(ids) else range(1, len(ids) + 1))


def finish(invoice: Invoice, root: Node) -> Iterator[Invoice | Finding]:
    """Yield what the reader found, then the invoice with positive amounts and the order (BT-13) on its lines."""
    order = invoice.other.get("order-number", "")
    if order and not all(line.po_number for line in invoice.lines):
        invoice = replace(invoice, lines=tuple(_ordered(line, order) for line in invoice.lines))
    if (invoice.control_total or Decimal(0)) < 0:
        rule = NEGATIVE_CREDIT_NOTE if invoice.is_credit_note else NEGATIVE_INVOICE
        root.report(rule, f"the total is {invoice.control_total}")
        invoice = negated(invoice)
    _report_missing(invoice, root)
    yield from (replace(finding, record=invoice.number) for finding in root.findings)
    yield invoice


def negated(invoice: Invoice) -> Invoice:
    """The credit note that a document with a negative total is: every amount with the other sign."""
    totals = {key: str(-Decimal(invoice.other[key])) for key in TOTALS if key in invoice.other}
    return replace(
        invoice,
        is_credit_note=True,
        lines=tuple(_negated_line(line) for line in invoice.lines),
        charges=tuple(
            replace(charge, amount=-charge.amount, taxes=_negated_taxes(charge.taxes)) for charge in invoice.charges
        ),
        taxes=_negated_taxes(invoice.taxes),
        control_total=None if invoice.control_total is None else -invoice.control_total,
        other={**invoice.other, **totals, "negated": "yes"},
    )


def _negated_line(line: InvoiceLine) -> InvoiceLine:
    turned = replace(
        line,
        declared=None if line.declared is None else -line.declared,
        taxes=_negated_taxes(line.taxes),
        other={k: str(-Decimal(v)) if k == "adjustment" else v for k, v in line.other.items()},
    )
    if line.quantity is None or (line.price < 0 < line.quantity):
        return replace(turned, price=-line.price)
    return replace(turned, quantity=-line.quantity)


def _negated_taxes(taxes: Iterable[TaxLine]) -> tuple[TaxLine, ...]:
    return tuple(replace(tax, amount=-tax.amount, basis=None if tax.basis is None else -tax.basis) for tax in taxes)


def _ordered(line: InvoiceLine, order: str) -> InvoiceLine:
    return line if line.po_number else replace(line, po_number=order)


def _report_missing(invoice: Invoice, root: Node) -> None:
    for field, term in MANDATORY.items():
        if getattr(invoice, field) in ("", None):
            root.report(MISSING, f"{term} {field.replace('_', ' ')} is missing")
    if not invoice.lines:
        root.report(NO_LINES, "BG-25 there are no lines")
