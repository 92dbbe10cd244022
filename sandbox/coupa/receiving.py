"""Receipts on order lines: what comes in moves the order line, and with it the invoices that wait for goods.

[I]: a receipt without ``type`` is a consumption of the order line's kind; a voided receipt keeps its quantity, gets the
status ``voided`` and is taken off the order line.
"""

from sandbox.coupa import lifecycle, orders, references
from sandbox.coupa.refused import Refused
from sandbox.coupa.values import amount, exact, label, number, plain, whole
from sandbox.store import Json, Store, as_utc

NUMBERS = ("quantity", "price", "total", "received-weight")


@exact
def post_receipt(store: Store, payload: Json) -> Json:
    """Receive (or return, negative) goods on an order line; waiting invoices move on.

    ``payload`` names the line by ``{"order-line": {"id": ...}}`` or by ``order-header-number`` and ``line-num`` inside
    it; quantity lines take ``quantity``, amount lines ``total``.
    """
    with store.transaction():
        order, line = _order_line(store, payload)
        receipt = _complete(payload, order, line)
        kept = store.insert("receiving_transactions", receipt)
        orders.add_received(store, kept, 1)
        lifecycle.rematch_waiting(store, line["id"])
        return kept


def void_receipt(store: Store, receipt_id: int) -> Json:
    """Void a receipt; the order line's ``received`` goes down."""
    with store.transaction():
        receipt = store.get("receiving_transactions", receipt_id)
        if receipt is None:
            raise Refused(404, {"inventory-transaction": ["No results match your search criteria."]})
        if receipt["status"] == "voided":
            raise Refused(400, {"inventory-transaction": ["Inventory transaction is already voided"]})
        orders.add_received(store, receipt, -1)
        value = receipt.get("quantity") or receipt.get("total")
        return store.save("receiving_transactions", receipt | {"status": "voided", "voided-value": value})


def find_line(store: Store, reference: object) -> tuple[Json, Json] | None:
    """Return the order and order line that a receipt's ``order-line`` means, or None."""
    given = reference if isinstance(reference, dict) else {}
    if given.get("id"):
        return orders.with_line(store, whole(given["id"]) or 0)
    order = orders.find_order(store, str(given.get("order-header-number") or given.get("order-header-id") or ""))
    lines = (order or {}).get("order-lines") or ()
    own = next((line for line in lines if str(line["line-num"]) == str(given.get("line-num"))), None)
    return (order, own) if order and own else None


def _order_line(store: Store, payload: Json) -> tuple[Json, Json]:
    found = find_line(store, payload.get("order-line"))
    if found is None:
        raise Refused(400, {"inventory-transaction": ["Order line must exist"]})
    if found[0]["status"] != "issued":
        raise Refused(400, {"inventory-transaction": ["Order header is not issued"]})
    return found


def _complete(payload: Json, order: Json, line: Json) -> Json:
    quantity = orders.is_quantity(line)
    measured = _numbers(payload)
    if not measured.get("quantity" if quantity else "total"):
        raise Refused(400, {"inventory-transaction": [f"{'Quantity' if quantity else 'Total'} can't be blank"]})
    price = measured.get("price") or line.get("price")
    total = plain(amount(price) * amount(measured["quantity"])) if quantity else measured["total"]
    return {
        "type": payload.get("type") or f"Receiving{'Quantity' if quantity else 'Amount'}Consumption",
        "status": "created",
        "exported": False,
        "last-exported-at": None,
        "quantity": measured.get("quantity"),
        "price": price,
        "total": total,
        "uom": line.get("uom"),
        "currency": line.get("currency") or order.get("currency"),
        "match-reference": payload.get("match-reference"),
        "transaction-date": as_utc(payload.get("transaction-date")),
        "notes": payload.get("notes"),
        "order-line": short_line(order, line),
    }


def short_line(order: Json, line: Json) -> Json:
    """Return the order line as it stands inside a receipt."""
    number_ = str(order.get("po-number") or order["id"])
    names = ("id", "line-num", "type", "description", "price", "quantity", "total", "uom", "source-part-num")
    whose = {"order-header-id": order["id"], "order-header-number": number_}
    return (
        {name: line.get(name) for name in names}
        | whose
        | {"supplier": references.brief("suppliers", order["supplier"])}
    )


def _numbers(payload: Json) -> Json:
    read: Json = {}
    for name in NUMBERS:
        if payload.get(name) in (None, ""):
            continue
        try:
            read[name] = plain(number(payload[name]))
        except ValueError:
            raise Refused(400, {"inventory-transaction": [f"{label(name)} is not a number"]}) from None
    return read
