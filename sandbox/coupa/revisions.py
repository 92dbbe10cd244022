"""Change an order: a new version, which is exported again (Coupa: POs and PO Changes Integration into Your ERP).

[I]: PUT changes the header's references and the lines that are named by id or ``line-num``; lines are never added.
"""

from sandbox.coupa import orders, references
from sandbox.coupa.refused import Refused
from sandbox.coupa.values import amount, exact, label, listed, number, plain
from sandbox.store import Json, Store


@exact
def revise_order(store: Store, order_id: int, payload: Json) -> Json:
    """Change an order: its version goes up and its exported flag is reset. Lines are changed by id or ``line-num``."""
    with store.transaction():
        found = store.get("purchase_orders", order_id)
        if found is None:
            raise Refused(404, {"order-header": ["No results match your search criteria."]})
        given = {name: value for name, value in payload.items() if name not in ("id", "order-lines")}
        header, missing = references.expand(store, found | given)
        if missing:
            raise Refused(400, {"order-header": [f"{label(field)} must exist" for field in missing]})
        changes = [one for one in listed(payload.get("order-lines"), "order-line") if isinstance(one, dict)]
        lines = [_revised(line, changes) for line in found["order-lines"]]
        version = {"version": int(found.get("version") or 1) + 1, "exported": False}
        return store.save("purchase_orders", header | version | {"order-lines": lines})


def _revised(line: Json, changes: list[Json]) -> Json:
    change = next((one for one in changes if _names(one, line)), None)
    if change is None:
        return line
    changed = line | {name: value for name, value in change.items() if name != "id"}
    changed |= {name: _decimal(changed, name) for name in ("price", "quantity") if changed.get(name) is not None}
    price = amount(changed.get("price"))
    total = price * amount(changed.get("quantity")) if orders.is_quantity(changed) else price
    return changed | {"total": plain(total), "version": int(line.get("version") or 1) + 1}


def _decimal(line: Json, name: str) -> str:
    try:
        return plain(number(line[name]))
    except ValueError:
        raise Refused(400, {"order-header": [f"Order lines {name} is not a number"]}) from None


def _names(change: Json, line: Json) -> bool:
    return str(line["id"]) == str(change.get("id")) or str(line["line-num"]) == str(change.get("line-num"))
