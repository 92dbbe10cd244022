"""What can be done to Coupa's documents, one verb a function; each is one transaction and raises Refused.

Used by the REST API, the file loader and the control face alike. Documents are JSON in REST shape. The verbs that
touch the body of an invoice stand here; the others are gathered from the modules that own them.
"""

from sandbox.coupa import compose, lifecycle, validation
from sandbox.coupa.keeping import allow, expect, invoice, keep
from sandbox.coupa.lifecycle import (
    abandon,
    approve,
    approve_all,
    dispute,
    reject,
    release,
    revalidate,
    submit,
    void,
    withdraw_dispute,
)
from sandbox.coupa.papers import add_comment, attach, put_image
from sandbox.coupa.payments import mark_paid, pay
from sandbox.coupa.receiving import post_receipt, void_receipt
from sandbox.coupa.records import create_record, set_exported, update_record
from sandbox.coupa.refused import Refused
from sandbox.coupa.revisions import revise_order
from sandbox.coupa.values import listed
from sandbox.coupa.wire import public
from sandbox.store import Json, Store

__all__ = [
    "Refused",
    "abandon",
    "add_comment",
    "approve",
    "approve_all",
    "attach",
    "create_draft",
    "create_record",
    "delete_draft",
    "dispute",
    "mark_paid",
    "pay",
    "post_receipt",
    "put_image",
    "reject",
    "release",
    "revalidate",
    "revise_order",
    "set_exported",
    "submit",
    "update",
    "update_record",
    "void",
    "void_receipt",
    "withdraw_dispute",
]

PAID = ("paid", "payment-date", "payment-notes")
LATE = frozenset({"custom-fields", "internal-note", "supplier-note", "taggings"})
OPEN = ("draft", "disputed", "pending_receipt", *lifecycle.HELD)


def create_draft(store: Store, payload: Json) -> Json:
    """Store an invoice as a draft and return it with ids and computed totals; Refused(400) where Coupa validates.

    ``payload`` is a REST invoice: references as ``{"id"|"number"|"code"|"name": ...}``, lines with
    ``order-header-num`` and ``order-line-num`` (or ``source-part-num``), amounts as strings or numbers.
    """
    with store.transaction():
        body, problems = compose.compose(store, compose.BLANK, payload)
        allow(problems or validation.draft_problems(store, body))
        return store.insert("invoices", body)


def update(store: Store, invoice_id: int, payload: Json) -> Json:
    """Change an invoice as PUT /invoices/:id does.

    ``exported`` is set alone, whatever else is sent; what is sent as it was read is no change. Payments and the paid
    flag go to approved invoices. Lines with an ``id`` are changed, others are added. [I]: from pending_approval on only
    notes, tags and custom fields change.
    """
    with store.transaction():
        if "exported" in payload:
            exported = str(payload["exported"]).casefold() == "true"
            return set_exported(store, "invoices", invoice_id, exported=exported)
        found = _unlocked(store, invoice_id, payload)
        changes = {k: v for k, v in payload.items() if k != "lock-version-key" and v != public(found.get(k))}
        rest = {name: value for name, value in changes.items() if name not in (*PAID, "payments")}
        if rest:
            found = _rewrite(store, found, rest)
        known = public(found["payments"])
        for payment in listed(changes.get("payments"), "payment"):
            found = found if payment in known else pay(store, invoice_id, payment)
        return mark_paid(store, invoice_id, changes) if any(name in changes for name in PAID) else found


def _unlocked(store: Store, invoice_id: int, payload: Json) -> Json:
    """The lock version, when sent, must be the one that was read."""
    found = invoice(store, invoice_id)
    version = payload.get("lock-version-key")
    allow(
        []
        if version is None or str(version) == str(found["lock-version-key"])
        else ["Attempted to update a stale object: InvoiceHeader"]
    )
    return found


def _rewrite(store: Store, found: Json, payload: Json) -> Json:
    if not LATE.issuperset(payload):
        expect(found, "changed", OPEN)
    body, problems = compose.compose(store, found, payload)
    allow(problems or validation.draft_problems(store, body))
    return keep(store, body)


def delete_draft(store: Store, invoice_id: int) -> None:
    """Remove a draft; Refused(400) for any other status, Refused(404) when there is none."""
    with store.transaction():
        expect(invoice(store, invoice_id), "deleted", ["draft"])
        store.delete("invoices", invoice_id)
