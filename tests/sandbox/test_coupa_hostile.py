"""What a hostile or broken client sends is answered with a 4xx, never with a crash."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.coupa import domain
from sandbox.store import Json
from tests.sandbox.office import PDF, Office, bill, paper, toner, unbacked

STRANGE: tuple[Any, ...] = (
    None, "", " ", "x", "é" * 300, 0, -1, 10**30, 1.5, True, [], ["x"], [None], [[]], {}, {"id": 10**40}, {"id": "x"},
    {"id": {}}, {"name": []}, {"number": {"a": 1}}, {"x": {"x": "x"}}, "1e999999", "9" * 5000, "NaN", "2026-13-45",
    "0001-01-01T00:00:00+14:00", "-0.000", "\u0000",
)  # fmt: skip


@pytest.fixture(scope="module")
def office() -> Office:
    return Office()


def complete() -> Json:
    line = unbacked(**{"account": None, "account-allocations": [{"account": {"code": "01-6200"}, "pct": "100"}]})
    charge = {"type": "InvoiceShippingCharge", "total": "1.00", "line-num": 1}
    taxes = [{"type": "TaxLine", "amount": "1.00", "code": "VAT20", "rate": "20.0"}]
    rest = {"payment_term": {"code": "NET30"}, "is_credit_note": False, "supplier_total": "1.00", "custom_fields": {}}
    body = bill(toner(**{"line-num": 1, "type": "InvoiceQuantityLine"}), line, **rest)
    return body | {"invoice-charges": [charge], "tax-lines": taxes, "original-invoice-date": "2026-01-01"}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container of a JSON value with every key in it."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def spoiled() -> Iterator[Json]:
    """Yield the complete invoice with one value replaced, for every value and every strange one."""
    for index in range(len(list(places(complete())))):
        for strange in STRANGE:
            body = copy.deepcopy(complete())
            container, key = list(places(body))[index]
            container[key] = strange
            yield body


def test_no_value_in_an_invoice_crashes_the_sandbox(office: Office) -> None:
    for number, body in enumerate(spoiled()):
        if body["invoice-number"] == "INV-1001":
            body["invoice-number"] = f"S-{number}"
        answer = office.client.post("/api/invoices", json=body)
        assert answer.status_code in (201, 400), body
        if answer.status_code == 201:
            path = f"/api/invoices/{answer.json()['id']}"
            assert office.client.put(f"{path}/submit", headers={"Accept": "application/xml"}).status_code in (200, 400)


@pytest.mark.parametrize("strange", STRANGE)
def test_no_value_elsewhere_crashes_the_sandbox(office: Office, strange: Any) -> None:
    approved = domain.approve(office.store, domain.submit(office.store, _draft(office))["id"])["id"]
    bodies: list[tuple[str, str, Any]] = [
        ("PUT", f"/api/invoices/{approved}", {"payments": strange}),
        ("PUT", f"/api/invoices/{approved}", {"payments": [{"amount-paid": strange, "payment-date": "2026-03-30"}]}),
        ("PUT", f"/api/invoices/{approved}", {"payments": [{"amount-paid": "1", "payment-date": strange}]}),
        ("PUT", f"/api/invoices/{approved}", {"payment-date": strange}),
        ("PUT", f"/api/invoices/{approved}", {"lock-version-key": strange, "taggings": strange}),
        ("PUT", f"/api/invoices/{approved}/dispute", {"dispute-reason": strange}),
        ("POST", f"/api/invoices/{approved}/attachments", {"attachment": strange}),
        ("POST", f"/api/invoices/{approved}/comments", {"comments": strange}),
        ("POST", "/api/receiving_transactions", {"order-line": strange, "quantity": "1"}),
        ("POST", "/api/receiving_transactions", {"order-line": {"id": 57}, "quantity": strange}),
        ("POST", "/api/suppliers", {"name": strange, "number": strange, "payment-term": strange}),
        ("POST", "/api/accounts", {"account-type": strange, "segment-1": strange}),
        ("POST", "/api/integration_history_records/mark_exported", _record(strange)),
        ("PUT", "/api/purchase_orders/4712", {"order-lines": strange}),
        ("PUT", "/api/purchase_orders/4712", {"order-lines": [{"line-num": "1", "price": strange}]}),
    ]
    for method, path, body in bodies:
        answer = office.client.request(method, path, json=body)
        assert answer.status_code in (200, 201, 400, 404), (method, path, answer.text)


def _draft(office: Office) -> int:
    number = f"H-{office.store.count('invoices')}-{office.store.count('suppliers')}"
    return int(domain.create_draft(office.store, bill(unbacked(), invoice_number=number))["id"])


def _record(strange: Any) -> Json:
    return {"document-type": "InvoiceHeader", "document-id": strange}


@pytest.mark.parametrize(
    "query",
    [
        "id=" + "9" * 5000,
        "limit=" + "9" * 5000,
        "offset=" + "9" * 30,
        "supplier[id]=" + "9" * 30,
        "supplier[[]]=1",
        "invoice_number=%00",
        "gross_total[gt]=NaN",
        "id[gt]=x",
        "updated_at=9999-12-31T23:59:59-14:00",
        "fields=" + "[" * 3000,
        "fields=[[],{},1,null]",
        "return_object=everything",
        "order_by=invoice-lines",
        "order_by=custom-fields&dir=desc",
        "invoice_lines[order_line_id][in]=1,x,",
    ],
)
def test_no_query_crashes_the_sandbox(office: Office, query: str) -> None:
    assert office.client.get(f"/api/invoices?{query}").status_code in (200, 400)


def test_wide_numbers_are_calculated_exactly(office: Office) -> None:
    wide = toner(price="9" * 26 + ".99", quantity="9" * 26)
    total = office.client.post("/api/invoices", json=bill(wide, invoice_number="WIDE")).json()["gross-total"]
    assert f"{(10**28 - 1) * (10**26 - 1) // 100}." == total[:-2]


def test_ids_beyond_sqlite_are_not_found(office: Office) -> None:
    assert 404 == office.client.get("/api/invoices/" + "9" * 30).status_code


def test_custom_fields_may_have_any_name_in_xml(office: Office) -> None:
    fields = {"1 <odd> näme": "x\u0001y", "deep": {"er": [1, {"a b": None}]}}
    body = bill(paper("1"), invoice_number="ODD", supplier={"number": "V-0043"}, custom_fields=fields)
    answer = office.client.post("/api/invoices", json=body, headers={"Accept": "application/xml"})
    assert (201, True) == (answer.status_code, b"<_1--odd--n-me>xy</_1--odd--n-me>" in answer.content)


def test_a_lone_surrogate_and_a_deep_body_are_refused(office: Office) -> None:
    deep = '{"custom-fields":' + '{"a":' * 60 + "1" + "}" * 61
    for content in ('{"invoice-number": "\\ud800"}', deep):
        answer = office.client.post("/api/invoices", content=content, headers={"Content-Type": "application/json"})
        assert 400 == answer.status_code


def test_a_broken_multipart_body_is_refused(office: Office) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    for content in (b"--b\r\nnonsense", b"", b"--b--"):
        answer = office.client.put(f"/api/invoices/{_draft(office)}/image_scan", content=content, headers=headers)
        assert 400 == answer.status_code


def test_a_body_above_the_limit_is_refused(office: Office) -> None:
    path = f"/api/invoices/{_draft(office)}/image_scan"
    answer = office.client.put(path, files={"file": ("scan.pdf", PDF + bytes(16 * 1024 * 1024))})
    assert 413 == answer.status_code
