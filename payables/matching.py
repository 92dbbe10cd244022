"""Matching an invoice with its purchase orders: every line gets exactly one outcome.

Its lines are laid on order lines by `laying`. What is billed is then compared with price, open quantity, unit, type,
status, currency, the order's total and the budgets of small overcharges.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from formats.documents import Invoice, PurchaseOrder
from formats.findings import Severity
from payables.context import Context
from payables.laying import LineMatcher
from payables.lines import LineMatch, Matching
from payables.open_items import open_items
from payables.order_checks import check_orders, check_sizes, check_supplier_budget
from payables.order_choice import choose_orders
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons import order as reasons
from payables.verdicts import Verdict, worst


def match(invoice: Invoice, context: Context, policy: Policy) -> Matching:
    """Return what each line bills and every reason why it may not; `context.supplier` is the invoice's supplier."""
    context = replace(context, orders=_latest(context.orders))
    choice = choose_orders(invoice, context, policy)
    items = open_items(context.orders, context, policy, credit=invoice.is_credit_note)
    lines = LineMatcher(invoice, choice, items, policy)
    matches = lines.match()
    said = [*choice.reasons, *lines.reasons, *_currencies(matches, invoice), *check_sizes(matches, invoice, policy)]
    if not _wrong(said) and not invoice.is_credit_note:
        said += [*check_orders(matches, items, invoice, policy)]
        said += [*check_supplier_budget(matches, items, invoice, policy)]
    judged = tuple(_judged(match, said) for match in matches)
    orders = tuple({order.number: order for orders in choice.orders.values() for order in orders}.values())
    return Matching(lines=judged, reasons=tuple(said), verdict=_verdict(judged, said), orders=orders)


def _latest(orders: Iterable[PurchaseOrder]) -> tuple[PurchaseOrder, ...]:
    """Return each order once, in its latest version."""
    return tuple({order.number: order for order in sorted(orders, key=lambda order: order.version)}.values())


def _currencies(matches: Sequence[LineMatch], invoice: Invoice) -> Iterator[Reason]:
    orders = {share.item.order.number: share.item.order for match in matches for share in match.shares}
    for order in orders.values():
        if order.currency and invoice.currency and order.currency != invoice.currency:
            yield reasons.CURRENCY_DIFFERS.reason(order=order.number, expected=order.currency, actual=invoice.currency)


def _judged(match: LineMatch, said: Sequence[Reason]) -> LineMatch:
    mine = [reason for reason in said if reason.line == match.line.number]
    if match.verdict is not Verdict.MATCHED:
        return match
    return replace(match, verdict=_of_reasons(mine, Verdict.MATCHED))


def _wrong(said: Iterable[Reason]) -> bool:
    return any(reason.severity is Severity.ERROR for reason in said)


def _of_reasons(said: Sequence[Reason], otherwise: Verdict) -> Verdict:
    if _wrong(said):
        return Verdict.EXCEPTION
    return Verdict.WITHIN_TOLERANCE if any(reason.code in _TOLERATED for reason in said) else otherwise


_TOLERATED = frozenset({reasons.WITHIN_TOLERANCE.rule.id, reasons.PRICE_BELOW_TOLERANCE.rule.id})


def _verdict(matches: Sequence[LineMatch], said: Sequence[Reason]) -> Verdict:
    return _of_reasons([reason for reason in said if not reason.line], worst([match.verdict for match in matches]))
