"""Documents as the JSON payloads that Coupa's REST API takes; decimals go as strings, what is empty stays out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from formats.documents import ZERO, Allocation, Charge, ChargeKind, Invoice, InvoiceLine, Payment, TaxLine

HEADER_CHARGES = {
    ChargeKind.SHIPPING: "shipping-amount",
    ChargeKind.HANDLING: "handling-amount",
    ChargeKind.MISC: "misc-amount",
}


def invoice_payload(document: Invoice, custom: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the body of POST /invoices, which creates a draft (Coupa: Invoices API).

    ``custom`` has Coupa's names of the custom fields by the names under which ``other`` keeps their values.
    """
    custom = custom or {}
    credit = document.is_credit_note
    taxed = {"tax-lines": [_tax_payload(tax) for tax in document.taxes]} if not document.line_level_taxation else {}
    return _filled({
        "document-type": "Credit Note" if credit else "Invoice",
        "is-credit-note": credit,
        "invoice-number": document.number,
        "invoice-date": document.date and document.date.isoformat(),
        "original-invoice-number": document.original_number,
        "original-invoice-date": document.original_date and document.original_date.isoformat(),
        "delivery-date": document.delivery_date and document.delivery_date.isoformat(),
        "supplier": _named("number", document.supplier_number) or _named("name", document.supplier_name),
        "currency": _named("code", document.currency),
        "account-type": _named("name", document.chart_of_accounts),
        "payment-term": _named("code", document.payment_terms),
        "contract": _named("number", document.contract_number),
        "remit-to-address": _named("remit-to-code", document.remit_to_code),
        "requester-email": document.requester_email,
        "supplier-note": document.note,
        "line-level-taxation": document.line_level_taxation,
        "supplier-total": plain(document.total),
        "gross-total": plain(document.total),
        "custom-fields": _custom_payload(document.other, custom),
        "invoice-lines": [
            _filled({**_line_payload(line, document), "custom-fields": _custom_payload(line.other, custom)})
            for line in document.lines
        ],
        **_charges_payload(document),
        **taxed,
    })  # fmt: skip


def payment_payload(document: Payment) -> dict[str, Any]:
    """Return the body of PUT /invoices/:id that books a payment (Coupa: Invoices API, example calls)."""
    booked = _filled(
        {
            "amount-paid": None if document.amount is None else plain(document.amount),
            "notes": document.number or document.note,
            "payment-date": document.date and document.date.isoformat(),
            "category": document.category,
        }
    )
    paid_on = document.paid_in_full_on or document.date
    whole = {"paid": True, "payment-date": paid_on and paid_on.isoformat(), "payment-notes": document.note}
    return _filled(
        {
            **(whole if document.paid else {}),
            "payments": [booked] if document.amount is not None else None,
        }
    )


def plain(value: Decimal) -> str:
    """Write a number as Coupa reads it: digits and a dot, never an exponent."""
    return format(value, "f")


def _custom_payload(other: Mapping[str, str], custom: Mapping[str, str]) -> dict[str, str] | None:
    return {custom[name]: text for name, text in other.items() if name in custom and text} or None


def _line_payload(line: InvoiceLine, document: Invoice) -> dict[str, Any]:
    taxes = [_tax_payload(tax) for tax in line.taxes] if document.line_level_taxation else []
    return _filled(
        {
            "type": "InvoiceAmountLine" if line.quantity is None else "InvoiceQuantityLine",
            "line-num": line.number,
            "description": line.description,
            "price": plain(line.unit_price),
            "quantity": None if line.quantity is None else plain(line.quantity),
            "uom": _named("code", line.uom),
            "currency": _named("code", document.currency),
            "order-header-num": line.po_number,
            "order-line-num": line.po_line_number,
            "source-part-num": line.part_number,
            "match-reference": line.match_reference,
            "delivery-note-number": line.delivery_note,
            "account": None if line.allocations else _account_payload(line.account_code, document),
            "account-allocations": [_allocation_payload(part, document) for part in line.allocations],
            "tax-lines": taxes,
        }
    )


def _charges_payload(document: Invoice) -> dict[str, Any]:
    """Return the charges as lines where lines carry tax or an account, else as the three amounts of the header."""
    if document.line_level_taxation or any(charge.account_code for charge in document.charges):
        lines = [_charge_payload(number, charge, document) for number, charge in enumerate(document.charges, 1)]
        return {"invoice-charges": lines}
    sums = {
        name: sum((charge.amount for charge in document.charges if charge.kind is kind), ZERO)
        for kind, name in HEADER_CHARGES.items()
    }
    return {name: plain(amount) for name, amount in sums.items() if amount}


def _charge_payload(number: int, charge: Charge, document: Invoice) -> dict[str, Any]:
    return _filled(
        {
            "type": charge.kind.value,
            "line-num": number,
            "description": charge.description,
            "total": plain(charge.amount),
            "currency": _named("code", document.currency),
            "account": _account_payload(charge.account_code, document),
            "tax-lines": [_tax_payload(tax) for tax in charge.taxes] if document.line_level_taxation else [],
        }
    )


def _tax_payload(tax: TaxLine) -> dict[str, Any]:
    return _filled(
        {
            "type": tax.other.get("type", "TaxLine"),
            "amount": plain(tax.amount),
            "rate": None if tax.rate is None else plain(tax.rate),
            "code": tax.code,
            "description": tax.description,
        }
    )


def _allocation_payload(part: Allocation, document: Invoice) -> dict[str, Any]:
    return _filled(
        {
            "account": _account_payload(part.account_code, document),
            "amount": None if part.amount is None else plain(part.amount),
            "pct": None if part.percent is None else plain(part.percent),
        }
    )


def _account_payload(code: str, document: Invoice) -> dict[str, Any] | None:
    if not code:
        return None
    return _filled({"code": code, "account-type": _named("name", document.chart_of_accounts)})


def _named(key: str, value: str) -> dict[str, str] | None:
    return {key: value} if value else None


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty; Coupa takes an absent attribute for its default, an empty one for a value."""
    return {key: value for key, value in values.items() if value is not None and value not in ("", [])}
