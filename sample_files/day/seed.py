"""Coupa as it stands that morning, in the shape of its REST API."""

import json
from pathlib import Path
from typing import Any

from day import history, master, purchasing, suppliers
from day.orders import ORDERS

Json = dict[str, Any]


def seed(originals: Path) -> Json:
    """Return everything the sandbox's Coupa is filled with."""
    by_number = {supplier["number"]: supplier for supplier in suppliers.suppliers(originals)}
    placed = [*ORDERS, *purchasing.adventureworks(originals / "adventureworks")]
    made = list(purchasing.purchase_orders(placed, by_number))
    lines = {(order["po-number"], line["line-num"]): line for order in made for line in order["order-lines"]}
    return {
        "suppliers": list(by_number.values()),
        "account_types": master.account_types(),
        "accounts": master.accounts(),
        **master.lists(),
        "purchase_orders": made,
        "receiving_transactions": list(purchasing.receipts(made)),
        "invoices": list(history.invoices(by_number, lines)),
    }


def as_json(value: object) -> bytes:
    """Return JSON as it is committed: two spaces, one final newline, no escapes."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
