"""The tolerances of a chart of accounts, and what breaches them.

Limits are kept on the account type under the kebab-cased column names of Coupa: Account Type Import. A limit
that is not set is not checked; a chart that sets none at all gets DEFAULTS. [I]: codes are the setting's name in snake
case without "tolerance" (the real vocabulary is not published), only the upper side is checked, a percent and an
amount limit are two tolerances, and credit notes are not measured against prices and quantities.
Not pretended: weight, contract, tax engine, catalogue price, exchange rate, fiscal code and "min amount" limits.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sandbox.coupa import amounts, orders
from sandbox.coupa.values import ZERO, amount, day, plain, rounded
from sandbox.store import Json

HUNDRED = Decimal(100)
DEFAULTS: Mapping[str, str] = {
    "quantity-based-line-price-percent-tolerance": "0",
    "quantity-based-line-quantity-over-invoiced-quantity-tolerance": "0",
    "amount-based-line-price-over-invoiced-amount-tolerance": "0",
    "line-units-of-measure-on-invoice-and-po-match-boolean-tolerance": "true",
    "currency-matches-po-currency-boolean-tolerance": "true",
}


@dataclass(frozen=True, slots=True)
class Backing:
    """An invoice line beside its order line: what others billed before and what was received."""

    invoice: Json
    line: Json
    order: Json
    order_line: Json
    billed: Decimal
    received: Decimal

    @property
    def quantity(self) -> bool:
        """True on quantity lines, False on amount lines."""
        return orders.is_quantity(self.order_line)

    @property
    def billing(self) -> Decimal:
        """What this line bills, as the order line counts."""
        return orders.measure(self.line, quantity=self.quantity)


@dataclass(frozen=True, slots=True)
class Breach:
    """A measured value above its limit; ``line`` is None for the header."""

    setting: str
    measured: str
    limit: str
    line: Json | None = None

    @property
    def code(self) -> str:
        """The code of the failed tolerance."""
        return self.setting.removesuffix("-tolerance").replace("-", "_")


def percent_over(value: Decimal, base: Decimal) -> Decimal:
    """Return by how many percent a value exceeds its base; any excess over nothing is 100 percent."""
    if not base:
        return HUNDRED if value > 0 else ZERO
    return (value - base) * HUNDRED / abs(base)


def _prices(case: Backing) -> tuple[Decimal, Decimal]:
    """The price asked beside the price ordered; on amount lines both are the line's amount."""
    return amount(case.line.get("price")), amount(case.order_line.get("price" if case.quantity else "total"))


def _price_amount(case: Backing) -> Decimal:
    asked, ordered = _prices(case)
    return asked - ordered


def _price_percent(case: Backing) -> Decimal:
    return percent_over(*_prices(case))


def _quantity_percent(case: Backing) -> Decimal:
    return percent_over(case.billing, orders.ordered(case.order_line))


def _over_invoiced(case: Backing) -> Decimal:
    return case.billed + case.billing - orders.ordered(case.order_line)


def _over_invoiced_percent(case: Backing) -> Decimal:
    return percent_over(case.billed + case.billing, orders.ordered(case.order_line))


QUANTITY: Mapping[str, Callable[[Backing], Decimal]] = {
    "quantity-based-line-quantity-percent-tolerance": _quantity_percent,
    "quantity-based-line-price-amount-tolerance": _price_amount,
    "quantity-based-line-price-percent-tolerance": _price_percent,
    "quantity-based-line-quantity-over-invoiced-quantity-tolerance": _over_invoiced,
    "quantity-based-line-quantity-over-invoiced-percent-tolerance": _over_invoiced_percent,
}
AMOUNT: Mapping[str, Callable[[Backing], Decimal]] = {
    "amount-based-line-price-amount-tolerance": _price_amount,
    "amount-based-line-price-percent-tolerance": _price_percent,
    "amount-based-line-price-over-invoiced-amount-tolerance": _over_invoiced,
    "amount-based-line-price-over-invoiced-percent-tolerance": _over_invoiced_percent,
}
DIFFERENCES: Mapping[str, Callable[[Backing], tuple[object, object]]] = {
    "line-units-of-measure-on-invoice-and-po-match-boolean-tolerance": lambda case: (
        (case.line.get("uom") or {}).get("code"),
        (case.order_line.get("uom") or {}).get("code"),
    ),
    "line-supplier-part-number-on-invoice-and-po-match-boolean-tolerance": lambda case: (
        case.line.get("source-part-num"),
        case.order_line.get("source-part-num"),
    ),
    "invoice-account-does-not-match-po-account": lambda case: (
        (case.line.get("account") or {}).get("id"),
        (case.order_line.get("account") or {}).get("id"),
    ),
    "currency-matches-po-currency-boolean-tolerance": lambda case: (
        (case.invoice.get("currency") or {}).get("code"),
        (case.order_line.get("currency") or case.order.get("currency") or {}).get("code"),
    ),
    "invoice-payment-terms-compared-to-po-payment-terms": lambda case: (
        (case.invoice.get("payment-term") or {}).get("code"),
        (case.order.get("payment-term") or {}).get("code"),
    ),
}


def limits(account_type: Json | None) -> Mapping[str, str]:
    """Return the limits of a chart of accounts: those it sets, or DEFAULTS where it sets none at all."""
    own: Mapping[str, str] | None = (account_type or {}).get("_tolerances")
    return DEFAULTS if own is None else own


def line_breaches(case: Backing, limit: Mapping[str, str]) -> Iterator[Breach]:
    """Yield what an order-backed line breaches."""
    measures = QUANTITY if case.quantity else AMOUNT
    if amounts.sign(case.invoice) > 0:
        yield from _above({name: measure(case) for name, measure in measures.items()}, limit, case.line)
    for name, sides in DIFFERENCES.items():
        ours, theirs = sides(case)
        if str(limit.get(name)).casefold() in ("true", "yes", "1") and ours and theirs and ours != theirs:
            yield Breach(name, str(ours), str(theirs), case.line)


def header_breaches(invoice: Json, limit: Mapping[str, str], submitted: str) -> Iterator[Breach]:
    """Yield what the document as a whole, and its unbacked lines, breach; ``submitted`` is when it was submitted."""
    net, tax = amounts.net(invoice), amounts.taxes(invoice)
    measured = {"total-taxes-compared-to-invoice-net-total-percent-tolerance": percent_over(net + tax, net)}
    for name, extra in _extras(invoice).items():
        measured |= {f"{name}-amount-tolerance": extra, f"{name}-percent-tolerance": percent_over(net + extra, net)}
    today, dated = day(submitted), day(invoice["invoice-date"])
    measured["days-backdating-tolerance"] = Decimal((today - dated).days) if today and dated else ZERO
    yield from _above(measured, limit, None)
    for line in invoice["invoice-lines"]:
        if not orders.is_backed(line):
            yield from _above({"non-backed-line-amount-tolerance": amount(line["total"])}, limit, line)


def _extras(invoice: Json) -> dict[str, Decimal]:
    kinds = ("shipping", "handling", "misc")
    of_kind = {f"extras-{kind}": _charged(invoice, kind) for kind in kinds}
    return of_kind | {"extras": amounts.charges(invoice), "extras-total-taxes": amounts.taxes(invoice)}


def _charged(invoice: Json, kind: str) -> Decimal:
    name = f"Invoice{kind.capitalize()}Charge"
    lines = (amount(charge.get("total")) for charge in invoice["invoice-charges"] if charge["type"] == name)
    return amount(invoice.get(f"{kind}-amount")) + sum(lines, ZERO)


def _above(measured: Mapping[str, Decimal], limit: Mapping[str, str], line: Json | None) -> Iterator[Breach]:
    for name, value in measured.items():
        if limit.get(name) not in (None, "") and value > amount(limit[name]):
            yield Breach(name, plain(rounded(value, 4)), plain(amount(limit[name])), line)
