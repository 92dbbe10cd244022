"""The sums of an invoice: lines, net, tax and total are what they say, in the currency's smallest units, half up."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from formats.documents import ZERO, Invoice, InvoiceLine, TaxLine
from formats.findings import Finding, Rule, Source
from formats.money import minor_units, rounded, smallest
from formats.xml_rules import CONTROL_TOTAL, LINE_ROUNDED, LINE_TOTAL, MINOR_UNITS, NET_TOTAL, TAX_TOTAL

SUMS = (LINE_TOTAL, LINE_ROUNDED, NET_TOTAL, TAX_TOTAL, CONTROL_TOTAL, MINOR_UNITS)
PERCENT = Decimal(100)


def check(invoice: Invoice) -> Iterator[Finding]:
    """Yield a finding for each sum that misses what is stated; its message has both numbers and their difference."""
    for one in CHECKS:
        yield from one(invoice)


def check_lines(invoice: Invoice) -> Iterator[Finding]:
    """A line's total is quantity times price, by its price basis, plus the line's own charges, to one smallest unit."""
    for line in invoice.lines:
        if line.declared is None or line.quantity is None:
            continue
        adjustment = _figure(line.other, "adjustment") or ZERO
        product = rounded(line.quantity * line.price / line.price_basis + adjustment, invoice.currency)
        missing = abs(product - line.declared)
        if missing > smallest(invoice.currency):
            rule = LINE_ROUNDED if missing <= _price_rounding(line) else LINE_TOTAL
            message = _sentence(f"line {line.number}: {_product(line, adjustment)} is", product, line.declared)
            yield _finding(invoice, rule, message, line.source)


def _price_rounding(line: InvoiceLine) -> Decimal:
    """What a unit price that was rounded to its stated digits, at least two, can make of the line's total."""
    exponent = line.price.normalize().as_tuple().exponent
    digits = max(2, -exponent) if isinstance(exponent, int) else 2
    return abs(line.quantity or ZERO) / line.price_basis * Decimal(5).scaleb(-digits - 1)


def check_net(invoice: Invoice) -> Iterator[Finding]:
    """The lines add up to the stated line total, and with charges to the stated net total."""
    lines, net = _figure(invoice.other, "line-total"), _figure(invoice.other, "net-total")
    if lines is not None:
        yield from _compare(invoice, NET_TOTAL, "the lines add up to", invoice.net_total, lines)
    if net is not None:
        computed = invoice.net_total + invoice.charge_total
        yield from _compare(invoice, NET_TOTAL, "the lines and charges add up to", computed, net)


def check_taxes(invoice: Invoice) -> Iterator[Finding]:
    """Each tax is its basis times its rate, and the taxes add up to the stated tax total.

    A supplier may round the tax of every line: one smallest unit a line is allowed on a tax of the header.
    """
    for tax in invoice.taxes:
        yield from _check_tax(invoice, tax, max(1, len(invoice.lines)), f"tax at {tax.rate} % on {tax.basis} is")
    for line in invoice.lines:
        for tax in line.taxes:
            basis = line.net if tax.basis is None else tax.basis
            yield from _check_tax(invoice, tax, 1, f"line {line.number}: tax at {tax.rate} % on {basis} is", basis)
    if (stated := _figure(invoice.other, "tax-total")) is not None:
        yield from _compare(invoice, TAX_TOTAL, "the taxes add up to", invoice.tax_total, stated)


def check_control(invoice: Invoice) -> Iterator[Finding]:
    """The stated total is lines plus charges plus taxes."""
    if invoice.control_total is not None:
        words = "lines, charges and taxes add up to"
        yield from _compare(invoice, CONTROL_TOTAL, words, invoice.computed_total, invoice.control_total)


def check_minor_units(invoice: Invoice) -> Iterator[Finding]:
    """No amount has more decimals than its currency; prices and quantities may."""
    for words, amount, source in _amounts(invoice):
        if amount != rounded(amount, invoice.currency):
            message = f"{words} {amount} has more than {minor_units(invoice.currency)} decimals of {invoice.currency}"
            yield _finding(invoice, MINOR_UNITS, message, source)


CHECKS: tuple[Callable[[Invoice], Iterator[Finding]], ...] = (
    check_lines,
    check_net,
    check_taxes,
    check_control,
    check_minor_units,
)


def _check_tax(
    invoice: Invoice, tax: TaxLine, units: int, words: str, basis: Decimal | None = None
) -> Iterator[Finding]:
    basis = tax.basis if basis is None else basis
    if tax.rate is not None and basis is not None:
        expected = rounded(basis * tax.rate / PERCENT, invoice.currency)
        yield from _compare(invoice, TAX_TOTAL, words, expected, tax.amount, units)


def _compare(
    invoice: Invoice, rule: Rule, words: str, computed: Decimal, stated: Decimal, units: int | None = None
) -> Iterator[Finding]:
    """A finding when two amounts differ by more than the units, by default one a line whose total is not stated."""
    unrounded = sum(1 for line in invoice.lines if line.declared is None)
    allowed = smallest(invoice.currency) * (max(1, unrounded) if units is None else units)
    if abs(computed - stated) > allowed:
        yield _finding(invoice, rule, _sentence(words, rounded(computed, invoice.currency), stated))


def _sentence(words: str, computed: Decimal, stated: Decimal) -> str:
    return f"{words} {computed:f}, but {stated:f} is stated ({stated - computed:+f})"


def _finding(invoice: Invoice, rule: Rule, message: str, source: Source | None = None) -> Finding:
    return Finding(source or invoice.source or Source(""), rule, message, invoice.number)


def _product(line: InvoiceLine, adjustment: Decimal) -> str:
    basis = "" if line.price_basis == 1 else f" / {line.price_basis:f}"
    return f"{line.quantity:f} x {line.price:f}{basis}{f' {adjustment:+f}' if adjustment else ''}"


def _figure(other: Mapping[str, str], key: str) -> Decimal | None:
    try:
        return Decimal(other[key])
    except (KeyError, ArithmeticError):
        return None


def _amounts(invoice: Invoice) -> Iterator[tuple[str, Decimal, Source | None]]:
    for line in invoice.lines:
        if line.declared is not None:
            yield f"line {line.number}: total", line.declared, line.source
        for tax in line.taxes:
            yield f"line {line.number}: tax", tax.amount, line.source
    yield from (("charge", charge.amount, None) for charge in invoice.charges)
    yield from (("tax", tax.amount, None) for tax in invoice.taxes)
    if invoice.control_total is not None:
        yield "total", invoice.control_total, None
