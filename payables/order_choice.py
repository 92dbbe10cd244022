"""Which purchase orders an invoice is about: the printed number first, else the one order whose open lines fit.

A printed number is looked up as it stands, then without its label and leading zeros. Nothing printed: orders of the
same supplier and currency whose open lines explain every line are compared, and two good ones are refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from formats.documents import Invoice, InvoiceLine, PurchaseOrder
from payables.assignment import assign
from payables.context import Context
from payables.goods import FORBIDDEN, UNASSIGNED, cost, group
from payables.likeness import key, order_key
from payables.open_items import open_items
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.order import PO_AMBIGUOUS, PO_CHOSEN, PO_MISSING, PO_NOT_ISSUED, PO_OTHER_SUPPLIER, PO_UNKNOWN

GOOD = 0.2


@dataclass(frozen=True, slots=True)
class OrderChoice:
    """The order of each line by position in the invoice (several where the line names none of those it may be on).

    A line without an entry is not on an order; an entry without orders names one that is not known.
    """

    orders: dict[int, tuple[PurchaseOrder, ...]] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    inferred: bool = False


def choose_orders(invoice: Invoice, context: Context, policy: Policy) -> OrderChoice:
    """Return the orders of each line, with the reasons why one cannot be used."""
    if invoice.po_numbers:
        return _printed(invoice, context)
    uncoded = [line for line in invoice.lines if not coded(line)]
    if not uncoded or context.supplier is None:
        return OrderChoice()
    return _inferred(invoice, uncoded, context, policy)


def coded(line: InvoiceLine) -> bool:
    """Return True when a line names accounts of its own and no order."""
    return not line.po_number and bool(line.account_code or line.allocations)


def find_order(number: str, orders: Iterable[PurchaseOrder]) -> Sequence[PurchaseOrder]:
    """Return the orders a printed number may mean: those it names exactly, else those it names without its label."""
    orders = list(orders)
    exact = [order for order in orders if key(order.number) == key(number)]
    return exact or [order for order in orders if order_key(order.number) == order_key(number)]


def _printed(invoice: Invoice, context: Context) -> OrderChoice:
    found = {number: find_order(number, context.orders) for number in invoice.po_numbers}
    named = tuple(orders[0] for orders in found.values() if len(orders) == 1)
    own = tuple(order for order in named if _own(order, invoice))
    chosen: dict[int, tuple[PurchaseOrder, ...]] = {}
    for place, line in enumerate(invoice.lines):
        if line.po_number:
            chosen[place] = tuple(order for order in own if order in found[line.po_number])
        elif not coded(line):
            chosen[place] = own
    reasons = [reason for number in found for reason in _lookup(number, found[number], invoice)]
    reasons += [reason for order in named for reason in _fitness(order, invoice)]
    return OrderChoice(chosen, tuple(reasons))


def _lookup(number: str, found: Sequence[PurchaseOrder], invoice: Invoice) -> Iterable[Reason]:
    line = next(line for line in invoice.lines if line.po_number == number)
    if not found:
        yield PO_UNKNOWN.reason(line=line.number, actual=number)
    elif len(found) > 1:
        yield PO_AMBIGUOUS.reason(line=line.number, expected=found[0].number, actual=found[1].number)


def _own(order: PurchaseOrder, invoice: Invoice) -> bool:
    """Return True unless the order is another supplier's: such an order is named, and its lines are not compared."""
    return not invoice.supplier_number or order.supplier_number == invoice.supplier_number


def _fitness(order: PurchaseOrder, invoice: Invoice) -> Iterable[Reason]:
    if order.status != "issued":
        yield PO_NOT_ISSUED.reason(order=order.number, actual=order.status, expected="issued")
    if not _own(order, invoice):
        theirs, mine = order.supplier_number, invoice.supplier_number
        yield PO_OTHER_SUPPLIER.reason(order=order.number, expected=theirs, actual=mine)


def _inferred(invoice: Invoice, uncoded: list[InvoiceLine], context: Context, policy: Policy) -> OrderChoice:
    costs = {order.number: _mean_cost(uncoded, order, context, policy) for order in _candidates(invoice, context)}
    ranked = sorted((mean, number) for number, mean in costs.items() if mean < UNASSIGNED)
    if not ranked or ranked[0][0] > GOOD:
        return OrderChoice(reasons=_required(context, policy))
    if len(ranked) > 1 and ranked[1][0] - ranked[0][0] < policy.order_runner_up:
        return OrderChoice(reasons=(PO_AMBIGUOUS.reason(expected=ranked[0][1], actual=ranked[1][1]),))
    best = next(order for order in context.orders if order.number == ranked[0][1])
    places = [place for place, line in enumerate(invoice.lines) if not coded(line)]
    return OrderChoice(dict.fromkeys(places, (best,)), (PO_CHOSEN.reason(actual=best.number, expected=""),), True)


def _candidates(invoice: Invoice, context: Context) -> Iterable[PurchaseOrder]:
    supplier = context.supplier.number if context.supplier else ""
    if invoice.is_credit_note:
        return
    for order in context.orders:
        if order.supplier_number == supplier and order.status == "issued" and order.currency in {"", invoice.currency}:
            yield order


def _mean_cost(lines: list[InvoiceLine], order: PurchaseOrder, context: Context, policy: Policy) -> float:
    goods = [some for some in group(open_items([order], context, policy)) if some.open > 0]
    choices = assign(lines, goods, [frozenset(range(len(goods)))] * len(lines), policy)
    pairs = zip(lines, choices, strict=True)
    costs = [cost(line, choice.goods, policy) if choice.goods else FORBIDDEN for line, choice in pairs]
    return sum(costs) / len(costs)


def _required(context: Context, policy: Policy) -> tuple[Reason, ...]:
    supplier = context.supplier
    if supplier is None or not policy.order_required & {"*", supplier.number}:
        return ()
    return (PO_MISSING.reason(supplier=supplier.name, expected="", actual=""),)
