"""Is the date one on which this supplier bills?"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from formats.documents import Invoice
from payables.context import Context
from payables.likeness import order_key
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import DATE_BEFORE_ORDER, DATE_ON_WEEKEND
from payables.wording import percent

SATURDAY = 5
ENOUGH = 10
USUAL = Decimal("0.05")


def dates(invoice: Invoice, context: Context, _: Policy, __: date) -> Iterator[Reason]:
    """Yield a reason for a weekend where at most one earlier date in twenty is one, and for one before the order."""
    if invoice.date is None:
        return
    yield from _weekend(invoice, invoice.date, context)
    named = {order_key(number) for number in invoice.po_numbers}
    for order in context.orders:
        if order_key(order.number) in named and order.created_at and invoice.date < order.created_at.date():
            made = order.created_at.date().isoformat()
            yield DATE_BEFORE_ORDER.reason(order=order.number, actual=invoice.date.isoformat(), expected=made)


def _weekend(invoice: Invoice, dated: date, context: Context) -> Iterator[Reason]:
    if dated.weekday() < SATURDAY:
        return
    mine = [past for past in context.history if past.supplier_number == invoice.supplier_number and past.stands]
    earlier = [past.date for past in mine if past.date is not None]
    share = Decimal(sum(day.weekday() >= SATURDAY for day in earlier)) / max(1, len(earlier))
    if len(earlier) >= ENOUGH and share <= USUAL:
        yield DATE_ON_WEEKEND.reason(actual=dated.isoformat(), expected=percent(share * 100))
