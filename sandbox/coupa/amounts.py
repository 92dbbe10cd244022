"""Add up an invoice: line totals, taxes, charges, and the totals of the document.

Line totals are rounded half up to the currency's minor units, and so is every sum [I]. Where OpenAPI types decimals as
numbers, strings are written, as the differences-between-XML-and-JSON page says. OpenAPI has no ``total`` on the
header: ``total-with-taxes`` and ``gross-total`` both carry net + charges + taxes.
"""

from decimal import Decimal

from sandbox.coupa.values import ZERO, amount, exact, plain, rounded
from sandbox.store import Json

HEADER_CHARGES = ("shipping-amount", "handling-amount", "misc-amount")


def sign(invoice: Json) -> int:
    """Return -1 for a credit note, whose amounts are positive, else 1."""
    return -1 if invoice.get("is-credit-note") or invoice.get("document-type") == "Credit Note" else 1


def decimals(invoice: Json) -> int:
    """Return the minor units of the invoice's currency; 2 where it is not known yet."""
    given = (invoice.get("currency") or {}).get("decimals")
    return 2 if given is None else int(given)


def line_total(line: Json) -> Decimal:
    """Return price times quantity, or the price of an amount line; unrounded."""
    price = amount(line.get("price"))
    return price if line.get("quantity") in (None, "") else price * amount(line["quantity"])


def net(invoice: Json) -> Decimal:
    """Return the sum of the line totals."""
    return sum((amount(line.get("total")) for line in invoice["invoice-lines"]), ZERO)


def charges(invoice: Json) -> Decimal:
    """Return the header charges: shipping, handling and misc amounts, and the charge lines."""
    shortcuts = sum((amount(invoice.get(name)) for name in HEADER_CHARGES), ZERO)
    return shortcuts + sum((amount(charge.get("total")) for charge in invoice["invoice-charges"]), ZERO)


def taxes(invoice: Json) -> Decimal:
    """Return all taxes: of the header, or of lines and charges where taxation is by line."""
    owners = [*invoice["invoice-lines"], *invoice["invoice-charges"]] if invoice["line-level-taxation"] else [invoice]
    return sum((amount(tax.get("amount")) for owner in owners for tax in owner.get("tax-lines") or ()), ZERO)


def gross(invoice: Json) -> Decimal:
    """Return what is to be paid: net, charges and taxes."""
    return net(invoice) + charges(invoice) + taxes(invoice)


@exact
def add_up(invoice: Json) -> Json:
    """Return the invoice with every computed amount, as strings."""
    places = decimals(invoice)
    lines = [line | {"total": plain(rounded(line_total(line), places))} for line in invoice["invoice-lines"]]
    summed = invoice | {"invoice-lines": lines, "line-count": str(len(lines))}
    total = rounded(gross(summed), places)
    paid = sum((amount(payment.get("amount-paid")) for payment in invoice.get("payments") or ()), ZERO)
    return summed | {
        "tax-amount": plain(rounded(taxes(summed), places)),
        "total-with-taxes": plain(total),
        "gross-total": plain(total),
        "amount-due": plain(total - paid),
    }
