"""What an invoice bills in all on an order line, an order and a supplier's orders, earlier invoices counted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from formats.documents import Invoice
from payables.line_checks import overcharge
from payables.lines import LineMatch, Share
from payables.open_items import LineKey, OpenItem
from payables.policy import Policy
from payables.reasons import Kind, Reason
from payables.reasons import order as reasons
from payables.tolerances import Limit, Measure, Tolerance
from payables.wording import money, quantity

ZERO = Decimal(0)


def check_sizes(matches: Iterable[LineMatch], invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    """Yield a reason for each order line of which more is billed, or credited, than is open."""
    shares: dict[LineKey, list[tuple[int, Share]]] = defaultdict(list)
    for match in matches:
        for share in match.shares:
            shares[share.item.key].append((match.line.number, share))
    for billing in shares.values():
        line, last = billing[-1]
        size = sum((share.size for _, share in billing), ZERO)
        check = _credited if invoice.is_credit_note else _billed
        yield from check(last.item, size, line, invoice, policy)


def _shown(item: OpenItem, size: Decimal, invoice: Invoice) -> str:
    return money(size, invoice.currency) if item.by_amount else quantity(size, item.line.uom)


def _credited(item: OpenItem, size: Decimal, line: int, invoice: Invoice, _: Policy) -> Iterator[Reason]:
    if size > item.open:
        yield reasons.CREDIT_ABOVE_BILLED.reason(
            line=line,
            order=item.order.number,
            order_line=item.line.number,
            actual=_shown(item, size, invoice),
            expected=_shown(item, item.open, invoice),
        )


def _billed(item: OpenItem, size: Decimal, line: int, invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    excess = size - item.remaining
    if excess <= 0 or size <= 0:
        return
    measure = Measure.AMOUNT_LINE if item.by_amount else Measure.QUANTITY
    limit = policy.tolerance(measure, item.order.supplier_number, item.line.commodity).above
    kind = reasons.WITHIN_TOLERANCE if _allowed(limit, excess, item) else _excess_kind(item, size)
    yield kind.reason(
        line=line,
        order=item.order.number,
        order_line=item.line.number,
        actual=_shown(item, size, invoice),
        expected=_shown(item, item.open, invoice),
        ordered=_shown(item, item.ordered, invoice),
        received=_shown(item, item.received, invoice),
        returned=_shown(item, item.returned, invoice),
        billed=_shown(item, item.billed, invoice),
        limit=_shown(item, item.limit, invoice),
        basis="received" if item.needs_receipt else "ordered",
        evidence=f"match level {item.level}",
    )


def _allowed(limit: Limit, excess: Decimal, item: OpenItem) -> bool:
    """Compare the value of the excess, as SAP's DQ does; goods without a price are counted instead of valued."""
    price = item.price or Decimal(1)
    return limit.allows(excess * price, item.limit * price)


def _excess_kind(item: OpenItem, size: Decimal) -> Kind:
    if item.billed >= item.ordered:
        return reasons.ALREADY_BILLED
    if item.needs_receipt and item.returned and size <= item.remaining + item.returned:
        return reasons.GOODS_RETURNED
    if item.needs_receipt and item.received <= 0:
        return reasons.GOODS_NOT_RECEIVED
    if item.by_amount:
        return reasons.AMOUNT_ABOVE_ORDERED
    too_many = size > item.ordered - item.billed
    return reasons.QUANTITY_ABOVE_ORDERED if too_many else reasons.QUANTITY_ABOVE_RECEIVED


def check_orders(
    matches: Sequence[LineMatch], items: Sequence[OpenItem], invoice: Invoice, policy: Policy
) -> Iterator[Reason]:
    """Yield a reason for each order billed beyond its total or overcharged beyond the budget in small steps."""
    shares = [share for match in matches for share in match.shares]
    for number in dict.fromkeys(share.item.order.number for share in shares):
        own = [item for item in items if item.order.number == number]
        mine = [share for share in shares if share.item.order.number == number]
        yield from _total(own, mine, invoice, policy)
        yield from _budget(Measure.BUDGET, f"PO {number}", own, mine, invoice, policy)


def check_supplier_budget(
    matches: Sequence[LineMatch], items: Sequence[OpenItem], invoice: Invoice, policy: Policy
) -> Iterator[Reason]:
    """Yield a reason when all small overcharges of the supplier on the orders at hand exceed its budget."""
    shares = [share for match in matches for share in match.shares]
    if shares:
        supplier = shares[0].item.order.supplier_number
        own = [item for item in items if item.order.supplier_number == supplier]
        yield from _budget(Measure.SUPPLIER_BUDGET, f"supplier {supplier}", own, shares, invoice, policy)


def _ordered(items: Sequence[OpenItem]) -> Decimal:
    return sum((item.line.total for item in items), ZERO)


def _tolerance(measure: Measure, items: Sequence[OpenItem], policy: Policy) -> Tolerance:
    return policy.tolerance(measure, items[0].order.supplier_number)


def _total(items: Sequence[OpenItem], shares: Sequence[Share], invoice: Invoice, policy: Policy) -> Iterator[Reason]:
    ordered = _ordered(items)
    billed = sum((item.billed_amount for item in items), ZERO) + sum((share.amount for share in shares), ZERO)
    if billed > ordered and not _tolerance(Measure.ORDER_TOTAL, items, policy).allows(billed, ordered):
        yield reasons.ORDER_TOTAL_EXCEEDED.reason(
            order=items[0].order.number,
            actual=money(billed, invoice.currency),
            expected=money(ordered, invoice.currency),
        )


def _budget(
    measure: Measure,
    scope: str,
    items: Sequence[OpenItem],
    shares: Sequence[Share],
    invoice: Invoice,
    policy: Policy,
) -> Iterator[Reason]:
    before = sum((item.overcharged for item in items), ZERO)
    now = sum((overcharge(share) for share in shares), ZERO)
    allowed = _tolerance(measure, items, policy).above.allowance(_ordered(items))
    if now > 0 and allowed is not None and before + now > allowed:
        yield reasons.TOLERANCE_BUDGET_SPENT.reason(
            scope=scope,
            actual=money(before + now, invoice.currency),
            expected=money(allowed, invoice.currency),
        )
