"""Move an invoice through its statuses (Coupa: Invoices API); every verb is one transaction and raises Refused.

Void is possible from pending_receipt, approved and draft, as documented. [I]: which statuses may be disputed,
abandoned and released; that a refusal of approval ends in ``rejected``; that a dispute needs a reason code.
"""

from collections.abc import Collection

from sandbox.coupa import amounts, approvals, matching, orders, validation
from sandbox.coupa.keeping import allow, expect, invoice, keep
from sandbox.coupa.refused import Refused
from sandbox.store import Json, Store

HELD = ("ap_hold", "on_hold", "booking_hold", "pending_action")
SUBMITTED = (*HELD, "pending_receipt", "pending_approval")


def submit(store: Store, invoice_id: int) -> Json:
    """Submit a draft: validate everything, match, and move it to the status that follows."""
    with store.transaction():
        found = expect(invoice(store, invoice_id), "submitted", ["draft"])
        allow(validation.submit_problems(store, found))
        return _match(store, found | {"status": "new", "_submitted-at": store.stamp()})


def approve(store: Store, invoice_id: int) -> Json:
    """Give the final approval to a pending_approval invoice; the order lines' ``invoiced`` moves."""
    with store.transaction():
        found = expect(invoice(store, invoice_id), "approved", ["pending_approval"])
        _count_on_orders(store, found, 1)
        return _move(store, found, "approved")


def reject(store: Store, invoice_id: int) -> Json:
    """Refuse approval: pending_approval -> rejected."""
    with store.transaction():
        return _move(store, expect(invoice(store, invoice_id), "rejected", ["pending_approval"]), "rejected")


def release(store: Store, invoice_id: int) -> Json:
    """Release an invoice from ap_hold, on_hold or pending_action: failed tolerances count as resolved."""
    with store.transaction():
        found = expect(invoice(store, invoice_id), "released", HELD)
        solved = {"resolved": True, "resolution-strategy": "override"}
        failed = [one | solved for one in found["failed-tolerances"]]
        return _match(store, found | {"_released": True, "failed-tolerances": failed})


def approve_all(store: Store, statuses: Collection[str] = ("pending_approval",)) -> list[int]:
    """Approve every invoice in one of the statuses (held ones are released first); return their ids."""
    approved = []
    for status in statuses:
        for found in store.rows("invoices", "status = ?", (status,)):
            last = release(store, found["id"]) if status in HELD else found
            if last["status"] == "pending_approval":
                approved.append(approve(store, found["id"])["id"])
    return approved


def void(store: Store, invoice_id: int) -> Json:
    """Void an invoice that is a draft, pending_receipt or approved; it is exported once more."""
    with store.transaction():
        found = expect(invoice(store, invoice_id), "voided", ["draft", "pending_receipt", "approved"])
        if found["status"] == "approved":
            _count_on_orders(store, found, -1)
        return _move(store, found | {"exported": False}, "voided")


def abandon(store: Store, invoice_id: int) -> Json:
    """Abandon a draft or disputed invoice."""
    with store.transaction():
        return _move(store, expect(invoice(store, invoice_id), "abandoned", ["draft", "disputed"]), "abandoned")


def dispute(store: Store, invoice_id: int, reason_code: str, comment: str = "") -> Json:
    """Push an invoice back to its supplier with a reason code."""
    with store.transaction():
        found = expect(invoice(store, invoice_id), "disputed", SUBMITTED)
        if not reason_code:
            raise Refused(400, {"invoice": ["Dispute reason can't be blank"]})
        reason = {"id": store.next_id("dispute-reasons"), "code": reason_code, "description": comment or None}
        return _move(store, found | {"dispute-reasons": [*found["dispute-reasons"], reason]}, "disputed")


def withdraw_dispute(store: Store, invoice_id: int) -> Json:
    """Take a disputed invoice back: it is matched again and usually pending approval."""
    with store.transaction():
        return _match(store, expect(invoice(store, invoice_id), "withdrawn from dispute", ["disputed"]))


def revalidate(store: Store, invoice_id: int) -> Json:
    """Run matching and tolerances again over a submitted invoice."""
    with store.transaction():
        return _match(store, expect(invoice(store, invoice_id), "revalidated", SUBMITTED))


def rematch_waiting(store: Store, order_line_id: int) -> None:
    """Match again every invoice that waits for goods on an order line."""
    for waiting in store.linked("invoices", order_line_id):
        if waiting["status"] == "pending_receipt":
            _match(store, waiting)


def _match(store: Store, found: Json) -> Json:
    status, failed = matching.match(store, found)
    of_lines = [one for one in failed if one["failable-type"] == "InvoiceLine"]
    lines = [
        line | {"failed-tolerances": [one for one in of_lines if one["failable-id"] == line["id"]]}
        for line in found["invoice-lines"]
    ]
    codes = ", ".join(one["code"] for one in failed) or None
    matched = {"invoice-lines": lines, "failed-tolerances": failed, "tolerance-failures": codes}
    return _move(store, found | matched, status)


def _move(store: Store, found: Json, status: str) -> Json:
    return keep(store, approvals.follow(store, found | {"status": status}))


def _count_on_orders(store: Store, found: Json, factor: int) -> None:
    for line in found["invoice-lines"]:
        if line.get("order-line-id"):
            orders.add_invoiced(store, line, factor * amounts.sign(found))
