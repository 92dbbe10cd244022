"""Orders and receipts in the shape of Coupa's REST API, and AdventureWorks' orders beside our own."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from day.orders import Order, Ordered

Json = dict[str, Any]
BUYERS = {"ACME MY": "buyer.my", "ACME US": "buyer.us"}
UPDATED = "2026-11-18T06:00:00+00:00"


def adventureworks(folder: Path) -> Iterator[Order]:
    """Yield the open orders of AdventureWorks; its fractional prices stay as they are."""
    received = {(row["po_number"], row["po_line"]): row["stocked_qty"] for row in rows(folder / "receipts.csv")}
    vendors = {row["vendor_id"]: row["account_number"] for row in rows(folder / "vendors.csv")}
    lines: Mapping[str, list[Ordered]] = defaultdict(list)
    for row in rows(folder / "po_lines.csv"):
        lines[row["po_number"]].append(Ordered(
            text=row["description"], price=row["unit_price"], quantity=row["order_qty"], part=row["product_number"],
            received=received[row["po_number"], row["po_line"]], account="3000-5200-100"))
    for row in rows(folder / "po_headers.csv"):
        yield Order(number=f"AW-{int(row['po_number']):05}", supplier=vendors[row["vendor_id"]],
                    date=row["order_date"], currency="USD", chart="ACME US",
                    lines=tuple(lines[row["po_number"]]))


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def purchase_orders(orders: Iterable[Order], suppliers: Mapping[str, Json]) -> Iterator[Json]:
    """Yield orders in REST shape: ids of headers from 2001, of lines from 30001 in steps of 20 an order."""
    for number, order in enumerate(orders, 2001):
        first = 30001 + (number - 2001) * 20
        supplier = {key: suppliers[order.supplier][key] for key in ("id", "number", "name")}
        yield {
            "id": number, "po-number": order.number, "status": order.status, "version": 1, "internal-revision": 0,
            "exported": False, "supplier": supplier, "currency": {"code": order.currency},
            "payment-term": {"code": "NET30"}, "requester": {"login": BUYERS.get(order.chart, "buyer.eu")},
            "order-lines": [order_line(order, line, place, first + place - 1, supplier)
                            for place, line in enumerate(order.lines, 1)],
            "created-at": f"{order.date}T09:00:00+00:00", "updated-at": UPDATED,
        }


def order_line(order: Order, line: Ordered, place: int, identity: int, supplier: Json) -> Json:
    """Return one order line in REST shape."""
    account = {"code": line.account, "account-type": {"name": order.chart}}
    measure = {"quantity": line.quantity, "uom": {"code": line.uom}} if line.quantity else {"quantity": None}
    return {
        "id": identity, "line-num": str(place), "order-header-number": order.number,
        "type": "OrderQuantityLine" if line.quantity else "OrderAmountLine", "description": line.text,
        "price": line.price, **measure, "total": str(line.total), "received": line.receipt, "invoiced": line.invoiced,
        "status": status(line), "match-type": "3-way", "currency": {"code": order.currency}, "account": account,
        "account-type": {"name": order.chart}, "supplier": supplier, "source-part-num": line.part, "version": 1,
        "created-at": f"{order.date}T09:00:00+00:00", "updated-at": UPDATED,
    }


def status(line: Ordered) -> str:
    """Return how far a line is received."""
    if Decimal(line.receipt) == 0:
        return "created"
    return "received" if Decimal(line.receipt) >= Decimal(line.quantity or line.receipt) else "partially_received"


def receipts(orders: Iterable[Json]) -> Iterator[Json]:
    """Yield one receipt for each line of which anything was received, ids from 50001."""
    received = [(order, line) for order in orders for line in order["order-lines"] if Decimal(line["received"])]
    for identity, (order, line) in enumerate(received, 50001):
        by_quantity = line["type"] == "OrderQuantityLine"
        amount = Decimal(line["received"]) * (Decimal(line["price"]) if by_quantity else 1)
        yield {
            "id": identity, "status": "created", "exported": False,
            "type": "ReceivingQuantityConsumption" if by_quantity else "ReceivingAmountConsumption",
            "quantity": line["received"] if by_quantity else None, "total": str(amount), "price": line["price"],
            "uom": line.get("uom"), "currency": line["currency"],
            "order-line": {"id": line["id"], "line-num": line["line-num"], "order-header-id": order["id"],
                           "order-header-number": order["po-number"]},
            "transaction-date": order["created-at"].replace("T09", "T15"),
            "created-at": order["created-at"].replace("T09", "T15"), "updated-at": UPDATED,
        }
