"""What must stand on an invoice, and what Coupa refuses: number, date, currency, lines, sums, tax, signs."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from formats.documents import Invoice, TaxLine
from formats.money import rounded
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons import document as reasons
from payables.tolerances import HUNDRED, Measure
from payables.wording import money, quantity, rate

ZERO = Decimal(0)


def check(invoice: Invoice, policy: Policy, today: date) -> Iterator[Reason]:
    """Yield what is missing or wrong on the invoice itself, whatever it is for."""
    yield from _number(invoice, policy)
    yield from _date(invoice, policy, today)
    yield from _currency(invoice, policy)
    yield from _lines(invoice)
    yield from _signs(invoice)
    yield from _sums(invoice, policy)
    yield from _taxes(invoice, policy)


def _number(invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    if not invoice.number.strip():
        yield reasons.NUMBER_MISSING.reason()
    if len(invoice.number) > policy.number_length:
        yield reasons.NUMBER_TOO_LONG.reason(actual=len(invoice.number), expected=policy.number_length)


def _date(invoice: Invoice, policy: Policy, today: date) -> Iterator[Reason]:
    if invoice.date is None:
        yield reasons.DATE_MISSING.reason()
    elif policy.too_old(invoice.date, today):
        yield reasons.DATE_TOO_OLD.reason(actual=invoice.date.isoformat(), expected=policy.max_age_days)
    elif policy.too_early(invoice.date, today):
        yield reasons.DATE_IN_FUTURE.reason(actual=invoice.date.isoformat(), expected=policy.max_days_ahead)


def _currency(invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    if not invoice.currency:
        yield reasons.CURRENCY_MISSING.reason()
    elif policy.currencies and invoice.currency not in policy.currencies:
        known = ", ".join(sorted(policy.currencies))
        yield reasons.CURRENCY_UNKNOWN.reason(actual=invoice.currency, expected=known)


def _lines(invoice: Invoice) -> Iterator[Reason]:
    if not invoice.lines:
        yield reasons.LINES_MISSING.reason()
    for line in invoice.lines:
        if not line.description.strip():
            yield reasons.DESCRIPTION_MISSING.reason(line=line.number, actual=money(line.net, invoice.currency))


def _signs(invoice: Invoice) -> Iterator[Reason]:
    if invoice.total < 0:
        yield reasons.NEGATIVE_NOT_CREDIT.reason(place="The invoice", actual=money(invoice.total, invoice.currency))
    for line in invoice.lines:
        if line.price < 0 and (line.quantity or ZERO) < 0:
            actual = f"{quantity(line.quantity or ZERO)} at {money(line.price, invoice.currency)}"
            yield reasons.NEGATIVE_TWICE.reason(line=line.number, actual=actual)


def _sums(invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    """Compare what is stated with what it is made of; a line's own total is compared with its order line instead."""
    net = invoice.net_total + invoice.charge_total
    for place, stated, computed in (
        ("The invoice", invoice.control_total, invoice.computed_total),
        ("The line total", _stated(invoice, "line-total"), invoice.net_total),
        ("The net total", _stated(invoice, "net-total"), net),
        ("The tax total", _stated(invoice, "tax-total"), invoice.tax_total),
    ):
        if stated is not None:
            yield from _sum(place, stated, rounded(computed, invoice.currency), invoice, policy)


def _stated(invoice: Invoice, name: str) -> Decimal | None:
    try:
        return Decimal(invoice.other[name])
    except (KeyError, ArithmeticError):
        return None


def _sum(place: str, stated: Decimal, computed: Decimal, invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    if stated == computed:
        return
    allowed = policy.tolerance(Measure.TOTAL, invoice.supplier_number).allows(stated, computed)
    kind = reasons.SMALL_DIFFERENCE_ACCEPTED if allowed else reasons.TOTAL_DIFFERS
    yield kind.reason(
        place=place,
        actual=money(stated, invoice.currency),
        expected=money(computed, invoice.currency),
    )


def _taxes(invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    header = sum((tax.amount for tax in invoice.taxes), ZERO)
    on_lines = sum((tax.amount for line in invoice.lines for tax in line.taxes), ZERO)
    if header and on_lines and not invoice.line_level_taxation:
        yield reasons.TAX_ON_BOTH_LEVELS.reason(
            actual=money(header, invoice.currency), expected=money(on_lines, invoice.currency)
        )
    net = invoice.net_total + invoice.charge_total
    if invoice.tax_total > max(ZERO, net * policy.max_tax_percent / HUNDRED):
        yield reasons.TAX_TOO_HIGH.reason(
            actual=money(invoice.tax_total, invoice.currency),
            base=money(net, invoice.currency),
            expected=rate(policy.max_tax_percent),
        )
    if invoice.line_level_taxation:
        for line in invoice.lines:
            yield from _rates(f"Line {line.number}", line.taxes, line.net, invoice, policy)
        return
    yield from _rates("The invoice", invoice.taxes, net if len(invoice.taxes) == 1 else None, invoice, policy)


def _rates(
    place: str, taxes: Iterable[TaxLine], base: Decimal | None, invoice: Invoice, policy: Policy
) -> Iterator[Reason]:
    """Compare each tax with rate x basis; where neither tax nor document gives the basis nothing can be said."""
    for tax in taxes:
        basis = tax.basis if tax.basis is not None else base
        if tax.rate is None or basis is None:
            continue
        expected = rounded(basis * tax.rate / HUNDRED, invoice.currency)
        if not policy.tolerance(Measure.TAX, invoice.supplier_number).allows(tax.amount, expected):
            yield reasons.TAX_DIFFERS.reason(
                place=place,
                actual=money(tax.amount, invoice.currency),
                expected=money(expected, invoice.currency),
                rate=rate(tax.rate),
                base=money(basis, invoice.currency),
            )
