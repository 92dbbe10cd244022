"""Payments on approved invoices (Coupa: Invoice Payment Import, Payments API).

A payment is known by date, number (check number or notes) and amount; the same one again is refused. Payments are
never changed: a cancelled one is followed by its negative. [I]: the wording, and that PUT answers 400 where the loader
would skip a payment that was applied before.
"""

from sandbox.coupa.keeping import allow, expect, invoice, keep
from sandbox.coupa.values import amount, number, plain
from sandbox.store import Json, Store, as_utc


def pay(store: Store, invoice_id: int, payment: Json) -> Json:
    """Apply one payment to an approved invoice; Refused(400) if date, number and amount were applied before."""
    with store.transaction():
        found = expect(invoice(store, invoice_id), "paid", ["approved"])
        allow(_problems(found, payment))
        kept = store.insert(
            "payments",
            {
                "payable-type": "InvoiceHeader",
                "payable-id": invoice_id,
                "amount-paid": plain(amount(payment.get("amount-paid"))),
                "payment-date": as_utc(payment.get("payment-date")),
                "check-number": payment.get("check-number"),
                "notes": payment.get("notes"),
                "category": payment.get("category"),
            },
        )
        return keep(store, found | {"payments": [*found["payments"], kept]})


def mark_paid(store: Store, invoice_id: int, payload: Json) -> Json:
    """Set ``paid``, ``payment-date`` and ``payment-notes`` of an approved invoice, those that are given."""
    with store.transaction():
        found = expect(invoice(store, invoice_id), "paid", ["approved"])
        given = {name: payload[name] for name in ("paid", "payment-date", "payment-notes") if name in payload}
        if given.get("payment-date"):
            allow([] if as_utc(given["payment-date"]) else ["Payment date is not a valid date"])
            given["payment-date"] = as_utc(given["payment-date"])
        if "paid" in given:
            given["paid"] = str(given["paid"]).casefold() == "true"
        return keep(store, found | given)


def _problems(found: Json, payment: object) -> list[str]:
    if not isinstance(payment, dict):
        return ["Payments is not an object"]
    if payment.get("id"):
        return ["Payments can't be changed"]
    if payment.get("amount-paid") in (None, ""):
        return ["Payments amount paid can't be blank"]
    try:
        number(payment["amount-paid"])
    except ValueError:
        return ["Payments amount paid is not a number"]
    if payment.get("payment-date") and as_utc(payment["payment-date"]) is None:
        return ["Payments payment date is not a valid date"]
    twins = [one for one in found["payments"] if _identity(one) == _identity(payment)]
    return ["Payments has already been applied"] if twins else []


def _identity(payment: Json) -> tuple[object, ...]:
    number = payment.get("check-number") or payment.get("notes")
    return as_utc(payment.get("payment-date")), number, amount(payment.get("amount-paid"))
