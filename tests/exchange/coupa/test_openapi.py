"""What is asked for and what is sent has the names of Coupa's own OpenAPI files (release R39).

They carry no licence, so they are not part of this project: COUPA_OPENAPI_DIR names the folder they lie in.
``custom-fields`` is returned by Coupa and printed nowhere.
"""

import datetime as dt
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from exchange.coupa import resources
from formats.coupa import payloads
from formats.documents import Allocation, Charge, ChargeKind, Invoice, InvoiceLine, Payment, TaxLine

FOLDER = Path(os.environ.get("COUPA_OPENAPI_DIR") or "no-folder")
pytestmark = pytest.mark.skipif(
    not (FOLDER / "R39_core.json").exists(),
    reason="NOT TESTED: COUPA_OPENAPI_DIR does not name the folder of Coupa's R39_core.json and the files beside it",
)
FILES = {"InvoiceHeader": "R39_invoicing.json", "OrderHeader": "R39_purchasing.json"}
MEANT = {("InvoiceHeader", "attachments"): "Attachment"}
ASKED = {
    "Supplier": resources.SUPPLIER,
    "Account": resources.CHART,
    "OrderHeader": resources.ORDER,
    "InventoryTransaction": resources.RECEIPT,
    "InvoiceHeader": [*resources.INVOICE, *resources.PAYMENTS],
}
NOT_PRINTED = {"custom-fields"}

TAX = TaxLine(amount=Decimal(1), rate=Decimal(20), code="VAT20", description="VAT")
LINE = InvoiceLine(
    number=1,
    description="d",
    price=Decimal(1),
    quantity=Decimal(1),
    uom="EA",
    part_number="p",
    po_number="4711",
    po_line_number="1",
    allocations=(Allocation(account_code="01-100", amount=Decimal(1), percent=Decimal(100)),),
    taxes=(TAX,),
    match_reference="m",
    delivery_note="n",
)
FULL = Invoice(
    number="1",
    date=dt.date(2026, 1, 1),
    currency="EUR",
    supplier_number="1",
    lines=(LINE, replace(LINE, allocations=(), account_code="01-100", quantity=None)),
    charges=(Charge(kind=ChargeKind.MISC, amount=Decimal(1), description="d", account_code="01-100", taxes=(TAX,)),),
    line_level_taxation=True,
    original_number="0",
    original_date=dt.date(2026, 1, 1),
    chart_of_accounts="UK",
    payment_terms="NET30",
    delivery_date=dt.date(2026, 1, 1),
    note="n",
    requester_email="a@b.c",
    contract_number="c",
    remit_to_code="r",
)
PAID = Payment(
    invoice_number="1", amount=Decimal(1), paid=True, note="n", number="1", date=dt.date(2026, 1, 1), category="payment"
)


@cache
def definitions(root: str) -> Any:
    return json.loads((FOLDER / FILES.get(root, "R39_core.json")).read_text(encoding="utf-8"))["definitions"]


def unknown(root: str, name: str, wanted: object) -> Iterator[str]:
    """Yield the names in a list of fields, or in a payload, that the published object does not have."""
    known = (definitions(root).get(name) or definitions("")[name])["properties"]
    for key, inside in _pairs(wanted):
        if key not in known and key not in NOT_PRINTED:
            yield f"{name}.{key}"
        elif inside is not None and key in known:
            yield from unknown(root, MEANT.get((name, key)) or _kind(known[key]), inside)


def _pairs(wanted: object) -> Iterator[tuple[str, object]]:
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            yield key, value if isinstance(value, dict | list) else None
    for item in wanted if isinstance(wanted, list) else ():
        yield from [(item, None)] if isinstance(item, str) else _pairs(item)


def _kind(attribute: dict[str, Any]) -> str:
    return str((attribute.get("items") or attribute)["$ref"].rsplit("/", 1)[-1])


@pytest.mark.parametrize("name", ASKED)
def test_every_field_that_is_asked_for_exists(name: str) -> None:
    assert [] == sorted(unknown(name, name, ASKED[name]))


@pytest.mark.parametrize(
    "payload",
    [
        payloads.invoice_payload(FULL),
        payloads.invoice_payload(replace(FULL, line_level_taxation=False, taxes=(TAX,), charges=())),
        payloads.payment_payload(PAID),
    ],
    ids=["line taxation", "header taxation", "payment"],
)
def test_every_field_that_is_sent_exists(payload: dict[str, Any]) -> None:
    assert [] == sorted(unknown("InvoiceHeader", "InvoiceHeader", payload))
