"""Small builders: what a test does not mention is harmless."""

import datetime as dt
from decimal import Decimal
from typing import Any

from formats.documents import Invoice, InvoiceLine, OrderLine, PurchaseOrder, Receipt, Supplier
from payables.context import BilledLine, Context, PastInvoice
from payables.judge import judge
from payables.judgement import Judgement
from payables.policy import Policy
from payables.policy_values import STARTING_POINT, policy

TODAY = dt.date(2026, 3, 10)
ACME = Supplier(number="S-1", name="Acme Ltd", iban="GB29NWBK60161331926819")

Number = Decimal | int | str


def number(value: Number) -> Decimal:
    return Decimal(str(value))


def house(**values: Any) -> Policy:
    """The starting policy of a house with these keys changed, in which what matches goes through."""
    return policy({**STARTING_POINT, "chart_of_accounts": "ACME UK", "phases": [{"phase": "auto"}], **values})


def tolerating(**measures: Any) -> Policy:
    """The starting policy with these tolerances changed."""
    return house(tolerances={**STARTING_POINT["tolerances"], **measures})


def order_line(line: str = "1", text: str = "Toner black", price: Number = "10", **more: Any) -> OrderLine:
    """Ten received of ten ordered, unless told otherwise; quantity=None makes it an amount line."""
    quantity = more.pop("quantity", 10)
    received = more.pop("received", more.get("received_amount", quantity if quantity is not None else price))
    return OrderLine(
        number=line,
        description=text,
        price=number(price),
        quantity=None if quantity is None else number(quantity),
        received=number(received),
        invoiced=number(more.pop("invoiced", 0)),
        uom=more.pop("uom", "EA"),
        **more,
    )


def order(*lines: OrderLine, name: str = "4711", **more: Any) -> PurchaseOrder:
    values = {"supplier_number": "S-1", "currency": "EUR", **more}
    return PurchaseOrder(number=name, lines=lines or (order_line(),), **values)


def line(quantity: Number | None = 10, price: Number = "10", text: str = "Toner black", **more: Any) -> InvoiceLine:
    values = {"number": 1, "po_number": "4711", "uom": "EA", **more}
    return InvoiceLine(
        description=text, price=number(price), quantity=None if quantity is None else number(quantity), **values
    )


def invoice(*lines: InvoiceLine, **more: Any) -> Invoice:
    values: dict[str, Any] = {
        "number": "INV-1",
        "date": dt.date(2026, 3, 2),
        "currency": "EUR",
        "supplier_number": "S-1",
        "supplier_name": "Acme Ltd",
        **more,
    }
    return Invoice(lines=lines or (line(),), **values)


def receipt(quantity: Number, order_line_number: str = "1", **more: Any) -> Receipt:
    values = {"id": f"R{quantity}", "order_number": "4711", **more}
    return Receipt(order_line_number=order_line_number, quantity=number(quantity), **values)


def billed(quantity: Number | None = 10, amount: Number = 100, **more: Any) -> BilledLine:
    values = {"po_number": "4711", "po_line_number": "1", **more}
    return BilledLine(quantity=None if quantity is None else number(quantity), amount=number(amount), **values)


def past(*lines: BilledLine, total: Number = 77, **more: Any) -> PastInvoice:
    values: dict[str, Any] = {
        "number": "OLD-9",
        "supplier_number": "S-1",
        "date": dt.date(2025, 11, 3),
        "currency": "EUR",
        "status": "approved",
        **more,
    }
    values.setdefault("key", f"{values['supplier_number']}|{values['number']}|INV")
    return PastInvoice(total=number(total), lines=lines, **values)


def context(*orders: PurchaseOrder, **more: Any) -> Context:
    """A known supplier with one old, unrelated invoice, unless it is the `first`."""
    values: dict[str, Any] = {"supplier": ACME, **more}
    old = () if values.pop("first", False) else (past(key="old"),)
    values["history"] = (*old, *more.get("history", ()))
    return Context(orders=orders, **values)


def verdict_on(
    document: Invoice, *orders: PurchaseOrder, rules: Policy | None = None, today: dt.date = TODAY, **more: Any
) -> Judgement:
    return judge(document, context(*(orders or (order(),)), **more), rules or house(), today)
