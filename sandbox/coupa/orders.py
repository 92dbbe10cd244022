"""Purchase orders: find the line an invoice line or receipt means, and keep what was received and invoiced on it.

Messages follow the loader's and cXML's texts where Coupa publishes them, else Rails' style [I]. An order line's
``invoiced`` and ``received`` are quantities on quantity lines and amounts on amount lines.
"""

from decimal import Decimal

from sandbox.coupa.values import amount, exact, plain, whole
from sandbox.store import Json, Store

QUANTITY_LINE = "OrderQuantityLine"
LINKED = ("order-line-id", "order-header-num", "po-number", "order-line-num")


def find_order(store: Store, number: str) -> Json | None:
    """Return the order with a number; the id doubles as the number of an order that has none."""
    found = store.by_number("purchase_orders", number)
    same_id = store.get("purchase_orders", whole(number) or 0)
    return found or (same_id if same_id and not same_id.get("po-number") else None)


def with_line(store: Store, order_line_id: int) -> tuple[Json, Json] | None:
    """Return the order and the line that has this id, or None."""
    for order in store.linked("purchase_orders", order_line_id):
        return order, next(line for line in order["order-lines"] if line["id"] == order_line_id)
    return None


def is_backed(line: Json) -> bool:
    """Say whether an invoice line names an order."""
    return any(line.get(name) for name in LINKED)


def link(store: Store, line: Json, supplier: Json | None) -> tuple[Json, list[str]]:
    """Tie an invoice line to its order line; return it with Coupa's order fields, and what is wrong."""
    if not is_backed(line):
        return line, []
    found, message = _seek(store, line)
    if found is None:
        return line, [message]
    order, order_line = found
    problems = _mismatches(line, order, order_line, supplier)
    tied = {
        "order-line-id": order_line["id"],
        "order-header-num": str(order.get("po-number") or order["id"]),
        "po-number": str(order.get("po-number") or order["id"]),
        "order-line-num": str(order_line["line-num"]),
        "order-line-source-part-num": order_line.get("source-part-num"),
    }
    coded = {name: line.get(name) or order_line.get(name) for name in ("account", "account-allocations")}
    return line | tied | coded, problems


def _seek(store: Store, line: Json) -> tuple[tuple[Json, Json] | None, str]:
    """Find by order line id, else by number and line number or part number."""
    if line.get("order-line-id"):
        number = str(line["order-line-id"])
        return with_line(store, whole(number) or 0), f"Invoice lines order line {number} can't be found"
    number = str(line.get("order-header-num") or line.get("po-number"))
    order = find_order(store, number)
    if order is None:
        return None, f"Invoice lines order header {number} can't be found"
    order_line = _line_of(order, line)
    if order_line is None:
        return None, f"Invoice lines order line of order {number} can't be found"
    return (order, order_line), ""


def _line_of(order: Json, line: Json) -> Json | None:
    """A part number must identify the line: two lines with the same part are none."""
    wanted = line.get("order-line-num")
    name, value = ("line-num", wanted) if wanted else ("source-part-num", line.get("source-part-num"))
    found = [own for own in order["order-lines"] if value and str(own.get(name)) == str(value)]
    return found[0] if len(found) == 1 else None


def _mismatches(line: Json, order: Json, order_line: Json, supplier: Json | None) -> list[str]:
    problems = []
    if supplier and order["supplier"]["id"] != supplier["id"]:
        problems += ["Supplier must match order supplier", "Order line must have the same supplier as invoice"]
    if is_quantity(order_line) != (line["type"] == "InvoiceQuantityLine"):
        problems.append("Order line must be the same type as invoice line")
    return problems


def is_quantity(order_line: Json) -> bool:
    """Say whether an order line is for a quantity; otherwise it is for an amount."""
    return bool(order_line.get("type", QUANTITY_LINE) == QUANTITY_LINE)


def ordered(order_line: Json) -> Decimal:
    """Return the quantity ordered, or the amount of an amount line."""
    return amount(order_line.get("quantity") if is_quantity(order_line) else order_line.get("total"))


def measure(document_line: Json, *, quantity: bool) -> Decimal:
    """Return the quantity of an invoice line or receipt, or its amount, as the order line counts."""
    return amount(document_line.get("quantity") if quantity else document_line.get("total"))


def add_invoiced(store: Store, line: Json, factor: int) -> None:
    """Count an invoice line on its order line; ``factor`` -1 takes it back."""
    _add(store, line["order-line-id"], "invoiced", line, factor)


def add_received(store: Store, receipt: Json, factor: int) -> None:
    """Count a receipt on its order line and move the line's status; ``factor`` -1 takes it back."""
    _add(store, receipt["order-line"]["id"], "received", receipt, factor)


@exact
def _add(store: Store, order_line_id: int, field: str, document_line: Json, factor: int) -> None:
    """The order's exported flag stays: only a new version resets it."""
    found = with_line(store, order_line_id)
    if found is None:
        return
    order, line = found
    total = amount(line.get(field)) + factor * measure(document_line, quantity=is_quantity(line))
    changed = line | {field: plain(total)} | ({"status": _line_status(line, total)} if field == "received" else {})
    changed |= {"total-invoiced": plain(total)} if field == "invoiced" else {}
    lines = [changed if own["id"] == order_line_id else own for own in order["order-lines"]]
    store.save("purchase_orders", order | {"order-lines": lines})


def _line_status(line: Json, received: Decimal) -> str:
    if line.get("status") not in (None, "created", "partially_received", "received"):
        return str(line["status"])
    return "created" if received <= 0 else "received" if received >= ordered(line) else "partially_received"
