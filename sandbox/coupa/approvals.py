"""The approval of an invoice: one approver, opened when the invoice is pending approval.

[I]: real approval chains have many steps; one is enough to make an invoice wait. Approvals are kept as objects of their
own (GET /approvals) and inside the invoice.
"""

from sandbox.store import Json, Store

PENDING = "pending_approval"


def follow(store: Store, invoice: Json) -> Json:
    """Open an approval for an invoice that became pending, close it for one that is no longer; return the invoice."""
    waiting = [one for one in invoice["approvals"] if one["status"] == PENDING]
    if invoice["status"] == PENDING and not waiting:
        return invoice | {"approvals": [*invoice["approvals"], _open(store, invoice)]}
    if invoice["status"] != PENDING and waiting:
        return invoice | {"approvals": [_close(store, invoice, one) for one in invoice["approvals"]]}
    return invoice


def _open(store: Store, invoice: Json) -> Json:
    return store.insert(
        "approvals",
        {
            "approvable-type": "InvoiceHeader",
            "approvable-id": invoice["id"],
            "type": "UserApproval",
            "position": len(invoice["approvals"]) + 1,
            "status": PENDING,
            "approval-date": None,
            "note": None,
        },
    )


def _close(store: Store, invoice: Json, approval: Json) -> Json:
    if approval["status"] != PENDING:
        return approval
    verdict = invoice["status"] if invoice["status"] in ("approved", "rejected") else "cancelled"
    return store.save("approvals", approval | {"status": verdict, "approval-date": store.stamp()})
