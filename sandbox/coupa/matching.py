"""Match a submitted invoice against orders and receipts, and say which status follows.

Coupa: Account Type Import, Suppliers Import (invoice matching levels). The level is the order line's ``match-type``,
else the supplier's ``invoice-matching-level``, else 2-way. In 3-way matching a line may bill what was received and
not billed before; 3-way-direct looks at the receipts with the line's match reference only. [I]: an invoice that waits
for approval counts as billed; the order in which the statuses are tried (ap_hold, on_hold, pending_receipt,
pending_action, pending_approval); that a tolerance that failed leads to pending_action until somebody releases it;
that the under-receiving tolerance is a percentage.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from sandbox.coupa import amounts, orders, references, tolerances
from sandbox.coupa.tolerances import Backing, Breach, percent_over
from sandbox.coupa.values import ZERO, amount, exact
from sandbox.store import Json, Store

OPEN = (
    "new",
    "ap_hold",
    "on_hold",
    "booking_hold",
    "pending_receipt",
    "pending_action",
    "pending_approval",
    "disputed",
)
THREE_WAY = ("3-way", "3-way-fifo", "3-way-direct", "direct_matching")
DIRECT = ("3-way-direct", "direct_matching")


@exact
def match(store: Store, invoice: Json) -> tuple[str, list[Json]]:
    """Return the status that follows for a submitted invoice and its failed tolerances.

    Tolerances that were resolved before stay resolved.
    """
    chart = references.find(store, "account_types", invoice["account-type"])
    limit = tolerances.limits(chart)
    cases = list(backings(store, invoice))
    found = [breach for case in cases for breach in tolerances.line_breaches(case, limit)]
    found += tolerances.header_breaches(invoice, limit, invoice.get("_submitted-at") or store.stamp())
    failed = _failed(store, invoice, chart, found)
    waiting = any(_waits(store, case, limit) for case in cases)
    return _status(store, invoice, failed, waiting=waiting), failed


def backings(store: Store, invoice: Json) -> Iterator[Backing]:
    """Yield the order-backed lines of an invoice beside their order lines."""
    for line in invoice["invoice-lines"]:
        found = orders.with_line(store, line["order-line-id"]) if line.get("order-line-id") else None
        if found:
            order, order_line = found
            direct = _level(store, order, order_line) in DIRECT
            received = _received(store, order_line, line if direct else None)
            yield Backing(invoice, line, order, order_line, _billed(store, invoice, line, order_line), received)


def _level(store: Store, order: Json, order_line: Json) -> str:
    supplier = references.find(store, "suppliers", order["supplier"]) or {}
    return str(order_line.get("match-type") or supplier.get("invoice-matching-level") or "2-way")


def _billed(store: Store, invoice: Json, line: Json, order_line: Json) -> Decimal:
    """Return what approved invoices, open ones and earlier lines of this one bill on the order line."""
    quantity = orders.is_quantity(order_line)
    total = amount(order_line.get("invoiced"))
    for other in store.linked("invoices", order_line["id"]):
        if other["id"] != invoice.get("id") and other["status"] in OPEN:
            total += _on_line(other["invoice-lines"], other, order_line["id"], quantity=quantity)
    earlier = invoice["invoice-lines"][: invoice["invoice-lines"].index(line)]
    return total + _on_line(earlier, invoice, order_line["id"], quantity=quantity)


def _on_line(lines: list[Json], invoice: Json, order_line_id: int, *, quantity: bool) -> Decimal:
    own = (line for line in lines if line.get("order-line-id") == order_line_id)
    return amounts.sign(invoice) * sum((orders.measure(line, quantity=quantity) for line in own), ZERO)


def _received(store: Store, order_line: Json, direct: Json | None) -> Decimal:
    """Return what was received: on the order line, or on receipts with the line's match reference."""
    if direct is None:
        return amount(order_line.get("received"))
    quantity = orders.is_quantity(order_line)
    receipts = store.linked("receiving_transactions", order_line["id"])
    own = (one for one in receipts if one.get("match-reference") == direct.get("match-reference"))
    return sum((orders.measure(one, quantity=quantity) for one in own if one["status"] != "voided"), ZERO)


def _waits(store: Store, case: Backing, limit: Mapping[str, str]) -> bool:
    """Say whether a 3-way line bills more than was received."""
    if amounts.sign(case.invoice) < 0 or _level(store, case.order, case.order_line) not in THREE_WAY:
        return False
    direct = _level(store, case.order, case.order_line) in DIRECT
    billed = case.billing if direct else case.billed + case.billing
    allowed = amount(limit.get("3-way-match-under-receiving-tolerance"))
    return billed > case.received and percent_over(billed, case.received) > allowed


def _status(store: Store, invoice: Json, failed: list[Json], *, waiting: bool) -> str:
    supplier = references.find(store, "suppliers", invoice["supplier"]) or {}
    released = bool(invoice.get("_released"))
    steps = {
        "ap_hold": supplier.get("hold-invoices-for-ap-review") and not released,
        "on_hold": supplier.get("on-hold") and not released,
        "pending_receipt": waiting,
        "pending_action": any(not one["resolved"] for one in failed),
    }
    return next((status for status, stops in steps.items() if stops), "pending_approval")


def _failed(store: Store, invoice: Json, chart: Json | None, found: list[Breach]) -> list[Json]:
    """Write breaches as failed tolerances; one that was resolved before stays resolved."""
    known = {(one["code"], one["failable-id"]): one for one in invoice["failed-tolerances"]}
    return [_failure(store, invoice, chart, breach, known) for breach in found]


def _failure(
    store: Store, invoice: Json, chart: Json | None, breach: Breach, known: Mapping[tuple[str, int], Json]
) -> Json:
    owner = breach.line or invoice
    before = known.get((breach.code, owner["id"]), {})
    now = store.stamp()
    return {
        "id": before.get("id") or store.next_id("failed-tolerances"),
        "created-at": before.get("created-at") or now,
        "updated-at": now,
        "code": breach.code,
        "breach-amount": breach.measured,
        "breach-limit": breach.limit,
        "failable-type": "InvoiceLine" if breach.line else "InvoiceHeader",
        "failable-id": owner["id"],
        "resolved": before.get("resolved", False),
        "resolution-strategy": before.get("resolution-strategy"),
        "account-type-id": (chart or {}).get("id"),
    }
