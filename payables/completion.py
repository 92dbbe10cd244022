"""The invoice as it is loaded: supplier number, order lines, accounts and chart of accounts filled in.

Coupa multiplies quantity and price itself, so a line's price becomes what one unit costs by the line's own total.
Lines on an order carry no accounts: Coupa takes them from the order. A line that bills several order lines is split
into as many lines, their quantities and amounts adding up to the original's.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from formats.arithmetic import check_lines
from formats.documents import Invoice, InvoiceLine, Supplier, TaxLine
from formats.money import share
from payables.coding import Coding
from payables.lines import LineMatch, Matching, Share
from payables.policy import Policy
from payables.units import unit

EACH = "EA"
ONE = Decimal(1)
ADJUSTMENT = "adjustment"  # a charge of the line itself, which its total holds


def complete(
    invoice: Invoice, matching: Matching, codings: Sequence[Coding], policy: Policy, supplier: Supplier | None
) -> Invoice:
    """Return the invoice filled in; ``codings`` stand beside the matches, line by line."""
    matches = matching.lines
    lines = [line for pair in zip(matches, codings, strict=True) for line in _lines(*pair, invoice.currency)]
    if len(lines) > len(matches):
        lines = [replace(line, number=number) for number, line in enumerate(lines, start=1)]
    lines = [_multiplied(line, invoice) for line in lines]
    chart = invoice.chart_of_accounts or _chart(matching, codings) or policy.chart(invoice.currency)
    terms = _terms(invoice, matches, supplier)
    return replace(invoice, lines=tuple(lines), chart_of_accounts=chart, payment_terms=terms)


def _terms(invoice: Invoice, matches: Sequence[LineMatch], supplier: Supplier | None) -> str:
    """The stated payment terms where Coupa has such a code; else none, so that Coupa takes its own."""
    known = {part.item.order.payment_terms for match in matches for part in match.shares}
    known |= {supplier.payment_terms} if supplier else set()
    return invoice.payment_terms if invoice.payment_terms in known else ""


def _multiplied(line: InvoiceLine, invoice: Invoice) -> InvoiceLine:
    """The line with the price that gives its total; where no price can, all stays, to be found again."""
    if line.quantity == 0 or any(check_lines(replace(invoice, lines=(line,)))):
        return line
    other = {name: value for name, value in line.other.items() if name != ADJUSTMENT}
    return replace(line, price=line.unit_price, price_basis=ONE, other=other)


def _chart(matching: Matching, codings: Sequence[Coding]) -> str:
    of_orders = (order.chart_of_accounts for order in matching.orders)
    of_rules = (coding.chart_of_accounts for coding in codings)
    return next((chart for chart in (*of_orders, *of_rules) if chart), "")


def _lines(match: LineMatch, coding: Coding, currency: str) -> list[InvoiceLine]:
    if not match.shares:
        line = match.line if match.on_order else coding.line
        return [replace(line, uom=unit(line.uom or EACH)) if line.quantity is not None else line]
    split = _counted if match.recounted else _split
    parts = map(_drawn, split(match.line, match.shares, currency), match.shares)
    return [
        replace(
            part,
            po_number=billed.item.order.number,
            po_line_number=billed.item.line.number,
            account_code="",
            allocations=(),
            uom=_unit(part.uom, billed.item.line.uom),
        )
        for part, billed in zip(parts, match.shares, strict=True)
    ]


def _drawn(line: InvoiceLine, billed: Share) -> InvoiceLine:
    """The line as the amount it draws where the order line is over an amount, else as it is."""
    if line.quantity is None or not billed.item.by_amount:
        return line
    return replace(line, quantity=None, price=line.net, price_basis=ONE, uom="")


def _unit(billed: str, ordered: str) -> str:
    """The order's own code where both mean the same unit: an e-invoice says C62 where Coupa says EA."""
    return ordered if not billed or unit(billed) == unit(ordered) else billed


def _split(line: InvoiceLine, shares: Sequence[Share], currency: str) -> list[InvoiceLine]:
    if len(shares) == 1:
        return [line]
    nets = share(line.net, [part.amount for part in shares], currency)
    taxes = [share(tax.amount, [part.amount for part in shares], currency) for tax in line.taxes]
    return [
        replace(
            line,
            quantity=None if line.quantity is None else part.billed_size,
            price=nets[place] if line.quantity is None else line.price,
            declared=nets[place],
            taxes=tuple(_part(tax, split[place]) for tax, split in zip(line.taxes, taxes, strict=True)),
        )
        for place, part in enumerate(shares)
    ]


def _counted(line: InvoiceLine, shares: Sequence[Share], currency: str) -> list[InvoiceLine]:
    """Return a line over several goods, or an amount, as the quantity lines that Coupa asks for there."""
    parts = _split(line, shares, currency)
    return [
        replace(
            part,
            quantity=billed.size,
            price=billed.item.line.price,
            price_basis=billed.item.line.price_basis,
            declared=billed.amount,
            description=billed.item.line.description,
            uom=billed.item.line.uom,
        )
        for part, billed in zip(parts, shares, strict=True)
    ]


def _part(tax: TaxLine, amount: Decimal) -> TaxLine:
    return replace(tax, amount=amount, basis=None)
