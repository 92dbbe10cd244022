"""Who approved earlier invoices, out of Coupa's JSON (Coupa: Invoices API, approvals)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from payables.routing import Approved, Facts

FIELDS = [
    "id", "invoice-number", "total-with-taxes", {"supplier": ["number"]}, {"department": ["name"]},
    {"approvals": ["status", {"approver": ["login"]}]}, {"invoice-lines": [{"account": ["code"]}]},
]  # fmt: skip
APPROVED = "approved"


def approved(body: object) -> Iterator[Approved]:
    """Yield an entry for each person who approved an invoice; what does not read as one says nothing."""
    invoice = body if isinstance(body, Mapping) else {}
    for approval in _rows(invoice.get("approvals")):
        who = _text(approval.get("approver"), "login")
        if who and approval.get("status") == APPROVED:
            yield Approved(approver=who, facts=facts(invoice))


def facts(invoice: Mapping[str, Any]) -> Facts:
    """Return what an approval of this invoice depends on; accounts are the order's where Coupa took them from there."""
    return Facts(
        supplier=_text(invoice.get("supplier"), "number"),
        accounts=frozenset(_accounts(invoice)),
        department=_text(invoice.get("department"), "name"),
        amount=_amount(invoice.get("total-with-taxes")),
    )


def _accounts(invoice: Mapping[str, Any]) -> Iterator[str]:
    codes = (_text(line.get("account"), "code") for line in _rows(invoice.get("invoice-lines")))
    return (code for code in codes if code)


def _rows(value: object) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _text(value: object, name: str) -> str:
    return str(value.get(name) or "") if isinstance(value, Mapping) else ""


def _amount(value: object) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() else Decimal(0)
