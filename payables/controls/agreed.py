"""Is the invoice as agreed with order and supplier in what is neither price nor quantity?"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from formats.documents import Invoice, InvoiceLine, OrderLine, PurchaseOrder, TaxLine
from payables.context import Context
from payables.likeness import key, order_key
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.agreed import CHART_DIFFERS, PERIOD_DIFFERS, TAX_CODE_MISSING, TERMS_DIFFER
from payables.wording import money

PERIOD = ("period-start", "period-end")
ORDERED = ("start-date", "end-date")


def agreed(invoice: Invoice, context: Context, _: Policy, __: date) -> Iterator[Reason]:
    """Yield a reason for another chart of accounts, other terms, another service period and a tax without its code."""
    orders = {order_key(order.number): order for order in context.orders}
    named = [orders[number] for number in map(order_key, invoice.po_numbers) if number in orders]
    for order in named:
        if invoice.chart_of_accounts and key(order.chart_of_accounts) not in ("", key(invoice.chart_of_accounts)):
            yield CHART_DIFFERS.reason(
                actual=invoice.chart_of_accounts, expected=order.chart_of_accounts, order=order.number
            )
    yield from _terms(invoice, context, named)
    for line in invoice.lines:
        if billed := orders.get(order_key(line.po_number)):
            yield from _period(line, invoice.other, billed)
    if named:
        yield from _tax_codes(invoice)


def _terms(invoice: Invoice, context: Context, named: list[PurchaseOrder]) -> Iterator[Reason]:
    """The order's terms were agreed, else the supplier's; terms in words are compared by their longest days."""
    of_orders = [(f"PO {order.number}", order.payment_terms) for order in named if order.payment_terms]
    supplier = context.supplier
    of_supplier = [("the supplier", supplier.payment_terms)] if supplier and supplier.payment_terms else []
    for place, terms in (of_orders or of_supplier)[:1]:
        if invoice.payment_terms and not _same_terms(invoice.payment_terms, terms):
            yield TERMS_DIFFER.reason(actual=invoice.payment_terms, expected=terms, place=place)


def _same_terms(asked: str, terms: str) -> bool:
    days = [max(map(int, re.findall(r"\d{1,3}", text)), default=None) for text in (asked, terms)]
    return key(asked) == key(terms) or None in days or days[0] == days[1]


def _period(line: InvoiceLine, head: Mapping[str, str], order: PurchaseOrder) -> Iterator[Reason]:
    ordered = next((one for one in order.lines if one.number == line.po_line_number), None)
    billed = _dates(line.other, PERIOD) or _dates(head, PERIOD)
    agreed_on = _dates(ordered.other, ORDERED) if isinstance(ordered, OrderLine) else None
    if billed and agreed_on and not (agreed_on[0] <= billed[0] and billed[1] <= agreed_on[1]):
        yield PERIOD_DIFFERS.reason(
            line=line.number,
            order=order.number,
            order_line=line.po_line_number,
            actual=_span(billed),
            expected=_span(agreed_on),
        )


def _dates(other: Mapping[str, str], names: tuple[str, str]) -> tuple[str, str] | None:
    """First and last day as YYYY-MM-DD, which sort as they follow; a missing one leaves that side open."""
    first, last = (other.get(name, "")[:10] for name in names)
    return (first or "0000-00-00", last or "9999-99-99") if first or last else None


def _span(days: tuple[str, str]) -> str:
    first, last = ("" if day[0] == "0" or day.startswith("9999") else day for day in days)
    return f"{first} to {last}" if first and last else f"from {first}" if first else f"to {last}"


def _tax_codes(invoice: Invoice) -> Iterator[Reason]:
    """One reason for the first tax without code is enough."""
    lines = [(f"Line {line.number}", line.taxes) for line in invoice.lines] if invoice.line_level_taxation else []
    places: list[tuple[str, tuple[TaxLine, ...]]] = lines or [("The invoice", invoice.taxes)]
    missing = [(place, tax) for place, taxes in places for tax in taxes if tax.amount and not tax.code]
    for place, tax in missing[:1]:
        yield TAX_CODE_MISSING.reason(place=place, actual=money(tax.amount, invoice.currency))
