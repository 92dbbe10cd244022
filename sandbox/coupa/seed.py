"""Fill a store from a seed, and say what a store holds.

Order of loading: masters before the documents that refer to them.
"""

from collections import defaultdict
from decimal import Decimal

from sandbox.coupa import amounts, compose, orders, receiving, records, references
from sandbox.coupa.values import ZERO, amount, plain
from sandbox.store import Json, Store

ORDER = (
    "currencies", "uoms", "payment_terms", "tax_codes", "account_types", "accounts", "lookup_values", "departments",
    "users", "addresses", "integrations", "suppliers", "purchase_orders", "receiving_transactions", "invoices",
)  # fmt: skip


def load_seed(store: Store, seed: Json) -> dict[str, int]:
    """Store every object of a seed whose id is not there yet; return how many of each kind were added.

    A seed maps kinds (``suppliers``, ``purchase_orders``, ...) to objects in REST shape with ids; references need
    only ``id``, ``number``, ``code`` or ``name`` and are filled in. Account types may carry ``tolerances``:
    ``{"quantity-based-line-price-percent-tolerance": "5", ...}``, column names of the account-type file.
    Receipts and approved invoices do not move ``received`` and ``invoiced`` where the seed's order line states them.
    ValueError for a kind that is not known and for a document that refers to nothing.
    """
    strange = set(seed) - set(ORDER)
    if strange:
        raise ValueError(f"the seed has unknown kinds: {', '.join(sorted(strange))}")
    with store.transaction():
        return {kind: sum(_load(store, kind, body) for body in seed.get(kind, ())) for kind in ORDER}


def _load(store: Store, kind: str, given: Json) -> bool:
    if given.get("id") and store.get(kind, given["id"]):
        return False
    body, missing = references.expand(store, records.DEFAULTS.get(kind, {}) | given)
    if missing:
        raise ValueError(f"{kind} {given.get('id')} refers to unknown {', '.join(missing)}")
    store.insert(kind, COMPLETE.get(kind, _as_given)(store, body))
    return True


def _as_given(_: Store, body: Json) -> Json:
    return body


def _account_type(_: Store, body: Json) -> Json:
    limits = {"_tolerances": body["tolerances"]} if "tolerances" in body else {}
    return {name: value for name, value in body.items() if name != "tolerances"} | limits


def _account(_: Store, body: Json) -> Json:
    return body | records.account_code(body)


def _order(store: Store, body: Json) -> Json:
    whole = {"id": body.get("id") or store.next_id("purchase_orders")} | body
    lines = [_order_line(store, whole, line, n) for n, line in enumerate(body.get("order-lines") or (), 1)]
    return (
        {"status": "issued", "version": 1, "exported": False, "last-exported-at": None} | whole | {"order-lines": lines}
    )


def _order_line(store: Store, order: Json, given: Json, index: int) -> Json:
    line, missing = references.expand(store, given)
    if missing:
        raise ValueError(f"order {order.get('po-number')} refers to unknown {', '.join(missing)}")
    line["type"] = line.get("type") or f"Order{'Quantity' if line.get('quantity') else 'Amount'}Line"
    price = amount(line.get("price"))
    computed = price * amount(line.get("quantity")) if orders.is_quantity(line) else price
    blank = {
        "line-num": str(index),
        "status": "created",
        "currency": order.get("currency"),
        "invoiced": "0.00",
        "version": 1,
    }
    whose = {"order-header-id": order.get("id"), "order-header-number": order.get("po-number")}
    known = blank | {"total": plain(computed)} | line | whose
    known["_stated"] = [name for name in ("received", "invoiced") if name in given]
    number = store.reserve("order-lines", line["id"]) if line.get("id") else store.next_id("order-lines")
    return {"id": number} | {"received": "0.00"} | known


def _receipt(store: Store, body: Json) -> Json:
    found = receiving.find_line(store, body.get("order-line"))
    if found is None:
        raise ValueError(f"receipt {body.get('id')} refers to no order line")
    order, line = found
    receipt = {"status": "created", "exported": False} | body | {"order-line": receiving.short_line(order, line)}
    if "received" not in line.get("_stated", ()) and receipt["status"] != "voided":
        orders.add_received(store, receipt, 1)
    return receipt


def _invoice(store: Store, body: Json) -> Json:
    """History comes with its status, payments and flags; lines are linked and added up as the API does."""
    payload = {name: value for name, value in body.items() if name not in HISTORY}
    whole, problems = compose.compose(store, compose.BLANK, payload, history=True)
    if problems:
        raise ValueError(f"invoice {body.get('invoice-number')}: {'; '.join(problems)}")
    if body.get("status") == "approved":
        _count(store, whole)
    return amounts.add_up(whole | {name: body[name] for name in HISTORY if name in body})


def _count(store: Store, invoice: Json) -> None:
    """History moves ``invoiced`` where the order line does not state it."""
    for line in invoice["invoice-lines"]:
        found = orders.with_line(store, line["order-line-id"]) if line.get("order-line-id") else None
        if found and "invoiced" not in found[1].get("_stated", ()):
            orders.add_invoiced(store, line, amounts.sign(invoice))


HISTORY = (
    "id",
    "status",
    "exported",
    "last-exported-at",
    "created-at",
    "updated-at",
    "payments",
    "paid",
    "payment-date",
)
COMPLETE = {
    "account_types": _account_type,
    "accounts": _account,
    "purchase_orders": _order,
    "receiving_transactions": _receipt,
    "invoices": _invoice,
}


def totals(store: Store) -> Json:
    """Count and add up what the store holds, signed (credit notes and their like are negative).

    ``{"invoices": {status: {currency: {"count": 2, "total": "138.50"}}}, "payments": {currency: {...}},
    "images": {"count": 2, "bytes": 4711}, "attachments": {...}, "objects": {kind: count}}``.
    """
    invoices = list(store.rows("invoices"))
    by_status: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    paid: dict[str, list[Decimal]] = defaultdict(list)
    for one in invoices:
        currency = (one["currency"] or {}).get("code", "")
        by_status[one["status"]][currency].append(amounts.sign(one) * amount(one["gross-total"]))
        paid[currency] += [amounts.sign(one) * amount(payment["amount-paid"]) for payment in one["payments"]]
    images = [int(one["image-scan-file-size"]) for one in invoices if one.get("_image-sha256")]
    files = [int(one.get("file-file-size") or 0) for one in store.rows("attachments")]
    return {
        "invoices": {status: _summed(sums) for status, sums in sorted(by_status.items())},
        "payments": _summed({currency: sums for currency, sums in paid.items() if sums}),
        "images": {"count": len(images), "bytes": sum(images)},
        "attachments": {"count": len(files), "bytes": sum(files)},
        "objects": {kind: store.count(kind) for kind in ORDER},
    }


def _summed(sums: dict[str, list[Decimal]]) -> Json:
    return {
        currency: {"count": len(values), "total": plain(sum(values, ZERO))} for currency, values in sorted(sums.items())
    }
