"""Price, unit, type and status of what a line bills, against its order line."""

from collections.abc import Iterator
from decimal import Decimal

from formats.documents import Invoice, InvoiceLine
from formats.money import rounded
from payables.lines import Share
from payables.open_items import OPEN_LINES
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons import order as reasons
from payables.tolerances import HUNDRED, Measure
from payables.units import factor
from payables.wording import money, percent, quantity


def check_share(share: Share, line: InvoiceLine, invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    """Yield what differs between a line's share and the order line it bills."""
    yield from _status(share, line)
    yield from _type(share, line, invoice.currency)
    yield from _unit(share, line, policy)
    if not share.item.by_amount and line.quantity is not None and not invoice.is_credit_note:
        yield from _price(share, line, invoice, policy)


def _place(share: Share) -> dict[str, str]:
    return {"order": share.item.order.number, "order_line": share.item.line.number}


def _status(share: Share, line: InvoiceLine) -> Iterator[Reason]:
    if share.item.line.status not in OPEN_LINES and not share.item.credit:
        yield reasons.PO_LINE_CLOSED.reason(line=line.number, actual=share.item.line.status, **_place(share))


def _type(share: Share, line: InvoiceLine, currency: str) -> Iterator[Reason]:
    """An order over an amount is drawn on whatever the line bills; the other way round there is nothing to count."""
    if not share.item.by_amount and line.quantity is None:
        yield reasons.LINE_TYPE_DIFFERS.reason(line=line.number, expected="quantity", actual="amount", **_place(share))
    elif share.item.by_amount and line.quantity is not None:
        yield reasons.DRAWN_AS_AMOUNT.reason(
            line=line.number,
            actual=f"{quantity(line.quantity, line.uom)} at {money(line.price, currency)}",
            drawn=money(share.amount, currency),
            expected=money(share.item.open, currency),
            ordered=money(share.item.ordered, currency),
            **_place(share),
        )


def _unit(share: Share, line: InvoiceLine, policy: Policy) -> Iterator[Reason]:
    ordered = share.item.line.uom
    if not share.item.by_amount and factor(line.uom, ordered, policy.units) is None:
        yield reasons.UOM_DIFFERS.reason(line=line.number, expected=ordered, actual=line.uom, **_place(share))


def _price(share: Share, line: InvoiceLine, invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    """Compare amounts as SAP's PP does: billed quantity x billed price against billed quantity x ordered price."""
    expected = rounded(share.size * share.item.price, invoice.currency)
    actual = rounded(share.amount, invoice.currency)
    if actual == expected or (share.size <= 0 and share.amount <= 0):
        return
    tolerance = policy.tolerance(Measure.PRICE, share.item.order.supplier_number, share.item.line.commodity)
    difference, above = abs(actual - expected), actual > expected
    allowed = (tolerance.above if above else tolerance.below).allowance(expected)
    kind = {
        (True, True): reasons.WITHIN_TOLERANCE,
        (True, False): reasons.PRICE_ABOVE_TOLERANCE,
        (False, True): reasons.PRICE_BELOW_TOLERANCE,
        (False, False): reasons.PRICE_FAR_BELOW,
    }[above, allowed is None or difference <= allowed]
    basis, currency = share.item.line.price_basis, invoice.currency
    yield kind.reason(
        line=line.number,
        expected=money(share.item.line.price, currency),
        actual=money(share.amount / share.size * basis if share.size else share.amount, currency),
        difference=money(difference, currency),
        share=percent(difference / abs(expected) * HUNDRED) if expected else "from nothing",
        allowed="any" if allowed is None else money(rounded(allowed, currency), currency),
        **_place(share),
    )


def overcharge(share: Share) -> Decimal:
    """Return how much the share costs above the order's price, negative when it costs less."""
    return Decimal(0) if share.item.by_amount else share.amount - share.size * share.item.price
