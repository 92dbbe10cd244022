"""An invoice as an ERP posts it: amounts in whole cents, header tax and charges spread over the lines.

Amounts are positive on invoices and credit notes alike; ``document_type`` and ``status`` tell them apart, and
``signed_total`` is what the posting adds to what the supplier is owed: the total of an invoice, less the total of
a credit note, and the reverse of either once it is voided.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from formats.documents import ZERO, Invoice, InvoiceLine
from formats.findings import Finding, Source
from formats.money import rounded, share, smallest
from formats.xml_rules import UNBALANCED


class UnbalancedInvoiceError(ValueError):
    """An invoice whose parts do not add up to its total was about to be posted."""


@dataclass(frozen=True, slots=True)
class PostedLine:
    """One line with its share of the header's tax and charges; the three add up to its part of the gross total."""

    line: InvoiceLine
    total: Decimal
    tax: Decimal
    charges: Decimal
    tax_code: str = ""

    @property
    def account_code(self) -> str:
        """The line's account, or the accounts of its allocations, separated by semicolons."""
        return self.line.account_code or ";".join(part.account_code for part in self.line.allocations)

    @property
    def unit_price(self) -> Decimal:
        """The price of one unit, to ten decimals; of a line without quantity, its amount."""
        line = self.line
        return line.price if line.price_basis == 1 else round(line.price / line.price_basis, 10)

    @property
    def gross(self) -> Decimal:
        """What this line adds to the gross total."""
        return self.total + self.tax + self.charges


@dataclass(frozen=True, slots=True)
class Posting:
    """An invoice and its posted lines; ``net + tax + charges`` is ``gross``, and so is the sum over the lines."""

    invoice: Invoice
    lines: tuple[PostedLine, ...]
    net: Decimal
    tax: Decimal
    charges: Decimal
    gross: Decimal

    @property
    def document_type(self) -> str:
        """``Credit Note`` or ``Invoice``, as Coupa's export says it."""
        return "Credit Note" if self.invoice.is_credit_note else "Invoice"

    @property
    def voided(self) -> bool:
        """True when the invoice was voided after its approval."""
        return self.invoice.status == "voided"

    @property
    def taxes(self) -> tuple[tuple[str, Decimal], ...]:
        """The lines' shares of the tax by tax code, in the order of the lines; together they are ``tax``."""
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            sums[line.tax_code] = sums.get(line.tax_code, ZERO) + line.tax
        return tuple(sums.items())

    @property
    def signed_total(self) -> Decimal:
        """What the posting adds to what the supplier is owed."""
        return self.gross if self.invoice.is_credit_note == self.voided else -self.gross


def post(invoice: Invoice) -> Posting:
    """Return the invoice as it is posted; UnbalancedInvoiceError when ``check`` has a finding for it.

    A rounding difference of up to one smallest unit a line between the parts and the stated total goes to the charges.
    """
    for finding in check(invoice):
        raise UnbalancedInvoiceError(str(finding))
    currency = invoice.currency
    lines = invoice.lines or (InvoiceLine(number=1, description="", price=ZERO),)
    totals = [rounded(line.net, currency) for line in lines]
    net, tax, gross = sum(totals, ZERO), rounded(invoice.tax_total, currency), rounded(invoice.total, currency)
    charges = gross - net - tax
    taxes, shares = _line_taxes(invoice, totals, tax), share(charges, totals, currency)
    codes = [_tax_code(invoice, line) for line in lines]
    posted = tuple(PostedLine(*parts) for parts in zip(lines, totals, taxes, shares, codes, strict=True))
    return Posting(invoice=invoice, lines=posted, net=net, tax=tax, charges=charges, gross=gross)


def check(invoice: Invoice) -> Iterator[Finding]:
    """Yield a finding when lines, charges and taxes miss the total by more than rounding explains."""
    difference = invoice.total - invoice.computed_total
    allowed = smallest(invoice.currency) * max(1, len(invoice.lines))
    if abs(difference) > allowed:
        message = f"lines, charges and taxes are {invoice.computed_total}, but the total is {invoice.total}"
        yield Finding(invoice.source or Source(""), UNBALANCED, message, invoice.number)


def _line_taxes(invoice: Invoice, totals: list[Decimal], tax: Decimal) -> list[Decimal]:
    """The lines' own taxes with the tax of the charges spread over them, or the header's tax spread by rate."""
    currency = invoice.currency
    if not invoice.line_level_taxation:
        return share(tax, _weights(invoice, totals), currency)
    own = [rounded(sum((part.amount for part in line.taxes), ZERO), currency) for line in invoice.lines] or [ZERO]
    rest = share(tax - sum(own, ZERO), totals, currency)
    return [mine + more for mine, more in zip(own, rest, strict=True)]


def _tax_code(invoice: Invoice, line: InvoiceLine) -> str:
    """The code of the line's own tax; else of the header's tax at the line's rate, or of its only one."""
    rate = line.other.get("tax-rate", "")
    header = [tax for tax in invoice.taxes if not rate or tax.rate is None or tax.rate == Decimal(rate)]
    taxes = line.taxes or (header if len(header) == 1 else ())
    return next((tax.code for tax in taxes if tax.code), "")


def _weights(invoice: Invoice, totals: list[Decimal]) -> list[Decimal]:
    """A line's weight is its net times its rate where every line states one, else its net."""
    rates = [line.other.get("tax-rate", "") for line in invoice.lines]
    if not rates or not all(rates):
        return totals
    weights = [total * Decimal(rate) for total, rate in zip(totals, rates, strict=True)]
    return weights if sum(weights, ZERO) else totals
