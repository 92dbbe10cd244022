"""What an order line has left to bill: ordered or received, less what earlier invoices billed.

Billed before = the larger of what Coupa counts on the order line and what Coupa's invoices in the history add up to,
plus the invoices that so far only the exchange knows. An invoice known from both sides (same key) counts once, as
Coupa's. So a stale order never hides an invoice, and none counts twice. The caller turns a record of the exchange into
one of Coupa's as soon as the invoice was read back from there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from formats.documents import OrderLine, PurchaseOrder, Receipt
from payables.context import BilledLine, Context, PastInvoice
from payables.likeness import key, order_key, words
from payables.policy import Level, Policy
from payables.units import unit

ZERO = Decimal(0)
COUPA = "coupa"
OPEN_LINES = frozenset({"", "created", "partially_received", "received", "soft_closed_for_receiving"})

LineKey = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An order line with what was received and billed: quantities, or amounts on amount lines.

    ``credit`` turns it round: open is what was billed and may be credited. ``received`` is net of ``returned``.
    ``overcharged`` is what earlier invoices billed above the price.
    """

    order: PurchaseOrder
    line: OrderLine
    level: Level
    received: Decimal
    returned: Decimal
    billed: Decimal
    billed_amount: Decimal
    overcharged: Decimal
    receipts: tuple[Receipt, ...] = ()
    credit: bool = False

    @property
    def key(self) -> LineKey:
        """The order number and line number."""
        return (self.order.number, self.line.number)

    @property
    def by_amount(self) -> bool:
        """True when the line is ordered by amount and has no quantity."""
        return self.line.quantity is None

    @property
    def ordered(self) -> Decimal:
        """The ordered quantity, or amount."""
        return self.line.total if self.line.quantity is None else self.line.quantity

    @property
    def needs_receipt(self) -> bool:
        """True when only what was received may be billed."""
        return self.level in {Level.THREE_WAY, Level.THREE_WAY_DIRECT}

    @property
    def limit(self) -> Decimal:
        """What may be billed in all: the received quantity where receipts count, never more than ordered."""
        return min(self.received, self.ordered) if self.needs_receipt else self.ordered

    @property
    def open(self) -> Decimal:
        """What is left to bill (or, on a credit note, what was billed), never below zero."""
        return max(ZERO, self.billed if self.credit else self.remaining)

    @property
    def remaining(self) -> Decimal:
        """What is left to bill, negative when more was billed than may be."""
        return self.limit - self.billed

    @property
    def price(self) -> Decimal:
        """The price of one ordered unit; 1 on amount lines, whose sizes are amounts."""
        return Decimal(1) if self.by_amount else self.line.price / self.line.price_basis

    @property
    def invoiceable(self) -> bool:
        """True when order and line are in a status that takes invoices."""
        return self.order.status == "issued" and self.line.status in OPEN_LINES

    @property
    def same_goods(self) -> tuple[object, ...]:
        """What makes two order lines interchangeable for billing: goods, price, unit and account."""
        line = self.line
        coding = (line.account_code, line.allocations)
        goods = (key(line.part_number), words(line.description), line.commodity)
        return (self.order.number, self.by_amount, line.price, line.price_basis, unit(line.uom), *goods, *coding)


def open_items(
    orders: Iterable[PurchaseOrder], context: Context, policy: Policy, *, credit: bool = False
) -> tuple[OpenItem, ...]:
    """Return every line of the orders with what is received, billed and open, or, for ``credit``, may be credited."""
    receipts = _receipts(context.receipts)
    billed = _billed(context.history)
    items = [
        _item(order, line, _level(line, context, policy), receipts.get(_line_key(order, line), ()), billed)
        for order in orders
        for line in order.lines
    ]
    return tuple(replace(item, credit=True) for item in items) if credit else tuple(items)


def _level(line: OrderLine, context: Context, policy: Policy) -> Level:
    stated = line.match_type or (context.supplier.matching_level if context.supplier else "")
    known = {key(level.value): level for level in Level}
    return known.get(key(stated), policy.matching)


def _line_key(order: PurchaseOrder, line: OrderLine) -> LineKey:
    return (order_key(order.number), line.number)


def _receipts(receipts: Iterable[Receipt]) -> Mapping[LineKey, tuple[Receipt, ...]]:
    found: dict[LineKey, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        if receipt.status != "voided":
            found[order_key(receipt.order_number), receipt.order_line_number].append(receipt)
    return {place: tuple(rows) for place, rows in found.items()}


Lines = Mapping[LineKey, list[BilledLine]]


def _billed(history: Iterable[PastInvoice]) -> tuple[Lines, Lines]:
    counted = {past.key: past for past in sorted(history, key=lambda past: past.source == COUPA)}
    coupa: dict[LineKey, list[BilledLine]] = defaultdict(list)
    exchange: dict[LineKey, list[BilledLine]] = defaultdict(list)
    for past in counted.values():
        if past.counts_as_billed:
            for line in past.lines:
                side = coupa if past.source == COUPA else exchange
                side[order_key(line.po_number), line.po_line_number].append(_signed(line, past))
    return coupa, exchange


def _signed(line: BilledLine, past: PastInvoice) -> BilledLine:
    if not past.is_credit_note:
        return line
    quantity = None if line.quantity is None else -line.quantity
    return BilledLine(
        po_number=line.po_number, po_line_number=line.po_line_number, quantity=quantity, amount=-line.amount
    )


def _item(
    order: PurchaseOrder,
    line: OrderLine,
    level: Level,
    receipts: tuple[Receipt, ...],
    billed: tuple[Lines, Lines],
) -> OpenItem:
    known, pending = (side.get(_line_key(order, line), []) for side in billed)
    sizes = [_receipt_size(receipt, line) for receipt in receipts]
    in_coupa = max(line.invoiced, _size(known, line))
    known_amount = max(_invoiced_amount(line), sum((past.amount for past in known), ZERO))
    return OpenItem(
        order=order,
        line=line,
        level=level,
        received=sum(sizes, ZERO) if sizes else line.received,
        returned=-sum((size for size in sizes if size < 0), ZERO),
        billed=in_coupa + _size(pending, line),
        billed_amount=known_amount + sum((past.amount for past in pending), ZERO),
        overcharged=sum((_overcharge(past, line) for past in [*known, *pending]), ZERO),
        receipts=receipts,
    )


def _receipt_size(receipt: Receipt, line: OrderLine) -> Decimal:
    if line.quantity is None:
        return receipt.total or ZERO
    return receipt.quantity or ZERO


def _size(lines: Iterable[BilledLine], line: OrderLine) -> Decimal:
    return sum((billed.amount if line.quantity is None else billed.quantity or ZERO for billed in lines), ZERO)


def _invoiced_amount(line: OrderLine) -> Decimal:
    return line.invoiced if line.quantity is None else line.invoiced * line.price / line.price_basis


def _overcharge(billed: BilledLine, line: OrderLine) -> Decimal:
    if line.quantity is None or not billed.quantity:
        return ZERO
    return billed.amount - billed.quantity * line.price / line.price_basis
