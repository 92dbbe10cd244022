"""The REST face: tokens, scopes, formats, pages, filters, reducers, the rate limit, files and errors."""

import json
from typing import Any

import pytest

from sandbox.coupa.settings import Settings
from sandbox.store import Json
from tests.sandbox.office import PDF, Office, bill, grant, toner, unbacked


@pytest.fixture
def office() -> Office:
    return Office()


def created(office: Office, number: str = "INV-1001", **changes: Any) -> Json:
    answer = office.client.post("/api/invoices", json=bill(invoice_number=number, **changes))
    assert 201 == answer.status_code, answer.text
    found: Json = answer.json()
    return found


def found_numbers(office: Office, **query: str) -> list[str]:
    answer = office.client.get("/api/invoices", params=query)
    assert 200 == answer.status_code, answer.text
    return [one["invoice-number"] for one in answer.json()]


def test_a_token_lives_for_a_day_less_a_second(office: Office) -> None:
    answer = office.client.post("/oauth2/token", data=grant())
    assert (200, 86399, "bearer") == (answer.status_code, answer.json()["expires_in"], answer.json()["token_type"])


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "guess"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "core.everything"}, 400, "invalid_scope"),
        ({"scope": ""}, 400, "invalid_scope"),
    ],
)
def test_a_wrong_grant_is_refused(office: Office, changes: dict[str, str], status: int, error: str) -> None:
    answer = office.client.post("/oauth2/token", data=grant(**changes))
    assert (status, error) == (answer.status_code, answer.json()["error"])


def test_an_expired_token_is_worth_nothing(office: Office) -> None:
    assert 200 == office.client.get("/api/suppliers").status_code
    office.clock.tick(86399)
    assert 401 == office.client.get("/api/suppliers").status_code


def test_no_token_and_an_invented_token_are_refused(office: Office) -> None:
    for header in ("", "Bearer nonsense"):
        answer = office.client.get("/api/suppliers", headers={"Authorization": header})
        assert 401 == answer.status_code
        assert "base" in answer.json()["errors"]


def test_a_scope_that_was_not_asked_for_is_refused(office: Office) -> None:
    office.log_in("core.invoice.read")
    assert 200 == office.client.get("/api/invoices").status_code
    assert 403 == office.client.post("/api/invoices", json=bill()).status_code
    assert 403 == office.client.get("/api/suppliers").status_code


def test_decimals_are_strings_and_the_rest_is_native(office: Office) -> None:
    draft = created(office)
    line = draft["invoice-lines"][0]
    assert ("105.00", "52.50", False, 1) == (draft["gross-total"], line["price"], draft["exported"], line["line-num"])


def test_a_decimal_in_json_keeps_its_digits(office: Office) -> None:
    body = json.dumps(bill(toner(price=0))).replace('"price": 0', '"price": 0.10000000000000000001')
    headers = {"Content-Type": "application/json"}
    answer = office.client.post("/api/invoices", content=body, headers=headers)
    assert "0.10000000000000000001" == answer.json()["invoice-lines"][0]["price"]


def test_xml_is_the_default(office: Office) -> None:
    answer = office.client.get("/api/suppliers?limit=1", headers={"Accept": "*/*"})
    assert "application/xml" == answer.headers["content-type"]
    assert b'<suppliers type="array"><supplier><id type="integer">1</id>' in answer.content
    assert b"<number>V-0042</number>" in answer.content


def test_orders_and_invoices_have_their_own_names_in_xml(office: Office) -> None:
    created(office)
    orders = office.client.get("/api/purchase_orders", headers={"Accept": "application/xml"}).content
    invoices = office.client.get("/api/invoices", headers={"Accept": "application/xml"}).content
    assert b"<order-headers" in orders
    assert b"<order-lines" in orders
    assert b'<invoice-headers type="array"><invoice-header>' in invoices
    assert b'<exported type="boolean">false</exported>' in invoices


def test_an_invoice_can_be_sent_as_xml(office: Office) -> None:
    body = """<?xml version="1.0"?>
        <invoice-header>
          <invoice-number>X-1</invoice-number><invoice-date>2026-03-01</invoice-date>
          <supplier><number>V-0042</number></supplier><currency><code>GBP</code></currency>
          <line-level-taxation type="boolean">false</line-level-taxation>
          <invoice-lines type="array"><invoice-line>
            <description>Flowers</description><price>30.00</price><account><code>01-6200</code></account>
          </invoice-line></invoice-lines>
        </invoice-header>"""
    headers = {"Accept": "application/json", "Content-Type": "application/xml"}
    answer = office.client.post("/api/invoices", content=body, headers=headers)
    assert (201, "30.00") == (answer.status_code, answer.json()["gross-total"])


def test_a_document_type_declaration_is_refused(office: Office) -> None:
    body = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><invoice-header><a>&b;</a></invoice-header>'
    answer = office.client.post("/api/invoices", content=body, headers={"Content-Type": "application/xml"})
    assert 400 == answer.status_code
    assert "Document type" in answer.text


def test_nothing_found_is_an_empty_list_in_json_and_404_in_xml(office: Office) -> None:
    assert [] == office.client.get("/api/invoices").json()
    answer = office.client.get("/api/invoices", headers={"Accept": "application/xml"})
    assert 404 == answer.status_code
    assert b"<errors><error>No results match your search criteria.</error></errors>" in answer.content


def test_errors_are_keyed_by_object_in_json_and_listed_in_xml(office: Office) -> None:
    created(office)
    again = office.client.post("/api/invoices", json=bill())
    expected = {"errors": {"invoice": ["Invoice number has already been taken"]}}
    assert (400, expected) == (again.status_code, again.json())
    as_xml = office.client.post("/api/invoices", json=bill(), headers={"Accept": "application/xml"})
    assert b"<error>Invoice number has already been taken</error>" in as_xml.content


def test_a_page_has_fifty_rows_at_most(office: Office) -> None:
    for number in range(53):
        office.store.insert("suppliers", {"number": f"P-{number}", "name": f"Supplier {number}"})
    pages = [office.client.get(f"/api/suppliers?offset={offset}&limit=100").json() for offset in (0, 50, 100)]
    assert [50, 7, 0] == [len(page) for page in pages]
    ids = [one["id"] for page in pages for one in page]
    assert sorted(set(ids)) == ids


def test_order_and_direction(office: Office) -> None:
    names = [one["name"] for one in office.client.get("/api/suppliers?order_by=name&dir=desc").json()]
    assert ["Watched Inc", "Toner Ltd", "Paper GmbH", "Gone SA"] == names


@pytest.fixture
def three(office: Office) -> Office:
    """Three drafts, a minute apart: A-007 (105.00), A-7 (30.00), B-1 (210.00, another supplier's number first)."""
    created(office, "A-007")
    office.clock.tick(60)
    created(office, "A-7", invoice_lines=[unbacked()], supplier={"number": "V-0043"})
    office.clock.tick(60)
    created(office, "B-1", invoice_lines=[toner(quantity="4")], internal_note="call back")
    return office


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"invoice_number": "a-7"}, ["A-7"]),
        ({"invoice-number": "A-007"}, ["A-007"]),
        ({"invoice_number[starts_with]": "A"}, ["A-007", "A-7"]),
        ({"invoice_number[ends_with]": "7"}, ["A-007", "A-7"]),
        ({"invoice_number[contains]": "-0"}, ["A-007"]),
        ({"invoice_number[in]": "A-7,B-1"}, ["A-7", "B-1"]),
        ({"invoice_number[not_in]": "A-7,B-1"}, ["A-007"]),
        ({"invoice_number[not_eq]": "A-7"}, ["A-007", "B-1"]),
        ({"internal_note[blank]": "true"}, ["A-007", "A-7"]),
        ({"internal_note[blank]": "false"}, ["B-1"]),
        ({"gross_total[gt]": "99"}, ["A-007", "B-1"]),
        ({"gross_total[lt_or_eq]": "105.0"}, ["A-007", "A-7"]),
        ({"id[gt]": "1"}, ["A-7", "B-1"]),
        ({"id[gt_or_eq]": "2", "limit": "1"}, ["A-7"]),
        ({"supplier[number]": "V-0043"}, ["A-7"]),
        ({"supplier[name][starts_with]": "Toner"}, ["A-007", "B-1"]),
        ({"supplier_id": "2"}, ["A-7"]),
        ({"supplier_id": "2", "invoice_number": "A-7"}, ["A-7"]),
        ({"exported": "false"}, ["A-007", "A-7", "B-1"]),
        ({"exported": "true"}, []),
        ({"status[in]": "draft,voided"}, ["A-007", "A-7", "B-1"]),
        ({"status": "approved"}, []),
        ({"invoice_lines[order_header_num]": "4711"}, ["A-007", "B-1"]),
        ({"invoice_lines[account][code]": "01-6200"}, ["A-007", "A-7", "B-1"]),
        ({"updated_at[gt]": "2026-03-02T12:01:00+00:00"}, ["B-1"]),
        ({"updated-at[gt_or_eq]": "2026-03-02T13:01:00+01:00"}, ["A-7", "B-1"]),
        ({"created_at[lt]": "2026-03-03"}, ["A-007", "A-7", "B-1"]),
        ({"created_at[gt]": "2026-03-02"}, ["A-007", "A-7", "B-1"]),
        ({"invoice_date": "2026-03-01"}, ["A-007", "A-7", "B-1"]),
    ],
)
def test_filters(three: Office, query: dict[str, str], expected: list[str]) -> None:
    assert expected == found_numbers(three, **query)


@pytest.mark.parametrize(
    "query",
    [
        "invoice_nmber=1",
        "invoice_number[like]=1",
        "updated_at[contains]=2026",
        "updated_at[gt]=yesterday",
        "updated_at[gt]=2026-03-02T12:01:00+00:00",  # an unencoded plus is a blank
        "limit=all",
        "offset=-1",
        "fields=id",
        "order_by=colour",
    ],
)
def test_a_wrong_query_is_a_bad_request(office: Office, query: str) -> None:
    answer = office.client.get(f"/api/invoices?{query}")
    assert 400 == answer.status_code, answer.text


def test_fields_reduce_an_answer(office: Office) -> None:
    created(office)
    fields = json.dumps(["id", "invoice_number", {"supplier": ["number"]}, {"invoice-lines": ["total"]}])
    expected = {
        "id": 1,
        "invoice-number": "INV-1001",
        "supplier": {"number": "V-0042"},
        "invoice-lines": [{"total": "105.00"}],
    }
    assert [expected] == office.client.get("/api/invoices", params={"fields": fields}).json()


def test_return_object_reduces_an_answer(office: Office) -> None:
    assert b"" == office.client.post("/api/invoices?return_object=none", json=bill()).content
    assert {"id": 1} == office.client.get("/api/invoices/1?return_object=limited").json()
    shallow = office.client.get("/api/invoices/1?return_object=shallow").json()
    assert ({"id": 1}, [{"id": 1}]) == (shallow["supplier"], shallow["invoice-lines"])


def test_the_rate_limit_is_a_leaky_bucket() -> None:
    office = Office(Settings())
    statuses = [office.client.get("/api/suppliers?limit=1").status_code for _ in range(21)]
    assert [200] * 20 + [429] == statuses
    office.clock.tick(0.2)
    assert [200] * 5 + [429] == [office.client.get("/api/suppliers?limit=1").status_code for _ in range(6)]
    office.clock.tick(0.1)
    assert "1" == [office.client.get("/api/suppliers?limit=1") for _ in range(3)][-1].headers["Retry-After"]


def test_the_whole_life_of_an_invoice_over_http(office: Office) -> None:
    draft = created(office)
    scan = office.client.put(f"/api/invoices/{draft['id']}/image_scan", files={"file": ("scan.pdf", PDF)})
    assert (200, "scan.pdf", str(len(PDF))) == (
        scan.status_code,
        scan.json()["image-scan-file-name"],
        scan.json()["image-scan-file-size"],
    )
    assert PDF == office.client.get(f"/api/invoices/{draft['id']}/retrieve_image_scan").content
    assert "pending_approval" == office.client.put(f"/api/invoices/{draft['id']}/submit").json()["status"]
    approved = office.client.put(f"/api/invoices/{draft['id']}/bypass_approvals").json()
    assert ("approved", ["approved"]) == (approved["status"], [one["status"] for one in approved["approvals"]])
    assert ["INV-1001"] == found_numbers(office, exported="false", **{"status[in]": "approved,voided"})
    office.client.put(f"/api/invoices/{draft['id']}?exported=true")
    assert [] == found_numbers(office, exported="false", **{"status[in]": "approved,voided"})
    payment = {"amount-paid": "105.00", "payment-date": "2026-03-30", "notes": "CHK-1"}
    paid = office.client.put(f"/api/invoices/{draft['id']}", json={"paid": True, "payments": [payment]}).json()
    assert (True, "0.00") == (paid["paid"], paid["amount-due"])
    assert ["105.00"] == [one["amount-paid"] for one in office.client.get("/api/payments").json()]
    assert "voided" == office.client.put(f"/api/invoices/{draft['id']}/void").json()["status"]
    assert ["INV-1001"] == found_numbers(office, exported="false", **{"status[in]": "approved,voided"})


def test_the_sandbox_keeps_its_own_attributes_to_itself(office: Office) -> None:
    draft = created(office)
    office.client.put(f"/api/invoices/{draft['id']}/image_scan", files={"file": ("scan.pdf", PDF)})
    paths = (f"/api/invoices/{draft['id']}", "/api/account_types/1", "/api/purchase_orders/4711")
    assert not any('"_' in office.client.get(path).text for path in paths)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Image scan can't be blank"),
        (b"MZ\x90", "Image scan content type is not included in the list"),
        (b"%PDF-" + bytes(8 * 1024 * 1024), "Image scan file size must be less than 8 MB"),
    ],
)
def test_an_image_must_be_one(office: Office, content: bytes, message: str) -> None:
    draft = created(office)
    answer = office.client.put(f"/api/invoices/{draft['id']}/image_scan", files={"file": ("scan.pdf", content)})
    assert (400, {"errors": {"invoice": [message]}}) == (answer.status_code, answer.json())


def test_attachments_come_as_multipart_and_can_be_deleted(office: Office) -> None:
    path = f"/api/invoices/{created(office)['id']}/attachments"
    form = {"attachment[type]": "file", "attachment[intent]": "Internal"}
    kept = office.client.post(path, data=form, files={"attachment[file]": ("terms.pdf", PDF)}).json()
    assert ("terms.pdf", "Internal", "file") == (kept["file-file-name"], kept["intent"], kept["type"])
    assert PDF == office.client.get(kept["file-url"]).content
    office.client.post(path, json={"attachment": {"type": "text", "text": "by phone"}})
    assert [kept["id"], kept["id"] + 1] == [one["id"] for one in office.client.get(path).json()]
    assert 200 == office.client.delete(f"/api/attachments/{kept['id']}").status_code
    assert [kept["id"] + 1] == [one["id"] for one in office.client.get(path).json()]


def test_comments_belong_to_their_invoice(office: Office) -> None:
    first, second = created(office)["id"], created(office, "INV-2")["id"]
    office.client.post(f"/api/invoices/{first}/comments", json={"comments": "please check"})
    assert ["please check"] == [one["comments"] for one in office.client.get(f"/api/invoices/{first}/comments").json()]
    assert [] == office.client.get(f"/api/invoices/{second}/comments").json()


def test_a_dispute_takes_its_reason_from_the_body(office: Office) -> None:
    number = created(office)["id"]
    office.client.put(f"/api/invoices/{number}/submit")
    body = {"dispute-reason": {"code": "PRICE"}, "comment": "too dear"}
    assert "disputed" == office.client.put(f"/api/invoices/{number}/dispute", json=body).json()["status"]


def test_an_approval_can_be_given_by_its_own_id(office: Office) -> None:
    number = created(office)["id"]
    office.client.put(f"/api/invoices/{number}/submit")
    approval = office.client.get("/api/approvals", params={"approvable_id": str(number)}).json()[0]
    assert "approved" == office.client.put(f"/api/approvals/{approval['id']}/approve").json()["status"]
    assert "approved" == office.client.get(f"/api/invoices/{number}").json()["status"]


def test_receipts_are_posted_and_voided_under_both_names(office: Office) -> None:
    posted = office.client.post("/api/receiving_transactions", json={"order-line": {"id": 57}, "quantity": "2"})
    assert (201, "ReceivingQuantityConsumption", "8.00") == (
        posted.status_code,
        posted.json()["type"],
        posted.json()["total"],
    )
    assert "2.00" == office.client.get("/api/purchase_order_lines?id=57").json()[0]["received"]
    voided = office.client.put(f"/api/inventory_transactions/{posted.json()['id']}/void")
    assert "voided" == voided.json()["status"]


def test_an_order_is_flagged_exported_by_a_lone_request(office: Office) -> None:
    flagged = office.client.put("/api/purchase_orders/4711?exported=true").json()
    assert (True, 1) == (flagged["exported"], flagged["version"])
    assert [4712, 4713] == [one["id"] for one in office.client.get("/api/purchase_orders?exported=false").json()]


def test_canceled_orders_are_found_in_both_spellings(office: Office) -> None:
    order = office.store.get("purchase_orders", 4711) or {}
    office.store.save("purchase_orders", order | {"status": "cancelled"})
    answer = office.client.get("/api/purchase_orders?status[in]=canceled,closed")
    assert [4711, 4713] == [one["id"] for one in answer.json()]


def test_masters_are_created_changed_and_refused(office: Office) -> None:
    supplier = office.client.post("/api/suppliers", json={"name": "Ink AG", "number": "V-9"})
    assert (201, "active") == (supplier.status_code, supplier.json()["status"])
    again = office.client.post("/api/suppliers", json={"name": "ink ag"})
    assert {"errors": {"supplier": ["Name has already been taken"]}} == again.json()
    changed = office.client.put(f"/api/suppliers/{supplier.json()['id']}", json={"status": "inactive"})
    assert ("Ink AG", "inactive") == (changed.json()["name"], changed.json()["status"])
    account = {"account-type": {"name": "ACME UK"}, "segment-1": "01", "segment-3": "9"}
    refused = office.client.post("/api/accounts", json=account)
    assert {"errors": {"account": ["Segments can't have gaps"]}} == refused.json()
    assert 404 == office.client.put("/api/suppliers/99", json={"status": "active"}).status_code


def test_integration_runs_and_records_can_be_kept(office: Office) -> None:
    office.client.post("/api/integrations", json={"code": "ERP-INV", "name": "ERP invoices"})
    run = office.client.post("/api/integration_runs", json={"integration": {"code": "ERP-INV"}}).json()
    done = office.client.put(f"/api/integration_runs/{run['id']}/success", json={"records-processed": 3}).json()
    assert ("success", 3) == (done["status"], done["records-processed"])
    number = created(office)["id"]
    record = {"document-type": "InvoiceHeader", "document-id": number, "integration": {"code": "ERP-INV"}}
    path = "/api/integration_history_records"
    kept = office.client.post(f"{path}/create_alert_and_mark_exported", json=record).json()
    assert office.client.get(f"/api/invoices/{number}").json()["exported"]
    assert office.client.put(f"{path}/{kept['id']}/resolve").json()["resolved"]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"a": NaN}', b"[" * 100_000])
def test_a_body_that_is_no_object_is_a_bad_request(office: Office, content: bytes) -> None:
    answer = office.client.post("/api/invoices", content=content, headers={"Content-Type": "application/json"})
    assert (400, ["base"]) == (answer.status_code, list(answer.json()["errors"]))


def test_what_is_not_there_is_not_found(office: Office) -> None:
    assert [404] * 4 == [
        office.client.get(path).status_code
        for path in ("/api/invoices/9", "/api/suppliers/99", "/api/nothing", "/api/invoices/9/retrieve_image_scan")
    ]
