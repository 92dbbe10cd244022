"""Coupa's REST objects become documents, and documents become what Coupa's API page asks for."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from formats.coupa import payloads, rest
from formats.documents import (
    Allocation,
    Charge,
    ChargeKind,
    Invoice,
    InvoiceLine,
    Payment,
    TaxLine,
)
from formats.findings import Finding

INVOICE: dict[str, Any] = {
    "id": 90121,
    "invoice-number": "INV-1001",
    "invoice-date": "2026-03-01T00:00:00-08:00",
    "status": "approved",
    "exported": False,
    "document-type": "Invoice",
    "supplier": {"number": "V-0042", "name": "Toner & Co"},
    "currency": {"code": "GBP"},
    "account-type": {"name": "ACME UK"},
    "payment-term": {"code": "NET30"},
    "line-level-taxation": False,
    "shipping-amount": "12.50",
    "tax-lines": [{"type": "TaxLine", "amount": "21.00", "code": "VAT20", "rate": "20.0"}],
    "supplier-total": "138.50",
    "total-with-taxes": "138.51",
    "image-scan-file-name": "scan.pdf",
    "attachments": [{"file-file-name": "note.pdf"}, {"url": "https://example.com"}],
    "invoice-lines": [
        {
            "type": "InvoiceQuantityLine",
            "line-num": 1,
            "description": "Toner black",
            "price": "52.50",
            "quantity": "2",
            "total": "105.00",
            "uom": {"code": "EA"},
            "order-header-num": "4711",
            "order-line-num": "1",
            "source-part-num": "TN-1",
        }
    ],
}


def read(**changes: Any) -> Invoice:
    found = rest.invoice(INVOICE | changes)
    assert isinstance(found, Invoice), found
    return found


def test_an_invoice_is_read() -> None:
    found = read()
    assert ("INV-1001", dt.date(2026, 3, 1), "GBP", "V-0042") == (
        found.number,
        found.date,
        found.currency,
        found.supplier_number,
    )
    assert ("4711", "1", Decimal(105)) == (found.lines[0].po_number, found.lines[0].po_line_number, found.lines[0].net)
    assert (Decimal("138.50"), Decimal("138.50")) == (found.total, found.computed_total)
    assert ("scan.pdf", ("note.pdf",)) == (found.image, found.attachments)


def test_the_total_is_the_suppliers_else_coupas() -> None:
    assert [Decimal("138.50"), Decimal("138.51"), Decimal("138.50")] == [
        read().total,
        read(**{"supplier-total": None}).total,
        read(**{"supplier-total": None, "total-with-taxes": None}).total,
    ]


def test_an_amount_line_has_no_quantity() -> None:
    line = {"type": "InvoiceAmountLine", "line-num": 1, "description": "Rent", "total": "900.00"}
    (found,) = read(**{"invoice-lines": [line]}).lines
    assert (None, Decimal(900), Decimal(900)) == (found.quantity, found.price, found.net)


def test_charges_as_lines_win_over_the_amounts_of_the_header() -> None:
    taxed = {"type": "InvoiceShippingCharge", "total": "12.50", "tax-lines": [{"amount": "2.50", "rate": "20"}]}
    (found,) = read(**{"invoice-charges": [taxed], "line-level-taxation": True}).charges
    assert (ChargeKind.SHIPPING, Decimal("12.50"), Decimal("2.50")) == (found.kind, found.amount, found.taxes[0].amount)


def test_a_credit_note_is_known_by_its_flag_or_its_type() -> None:
    assert [False, True, True] == [
        read().is_credit_note,
        read(**{"is-credit-note": True}).is_credit_note,
        read(**{"document-type": "Credit Note"}).is_credit_note,
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", dt.date(2026, 3, 1)),
        ("2026-03-01T00:00:00Z", dt.date(2026, 3, 1)),
        ("2026-03-01T00:00:00-08:00", dt.date(2026, 3, 1)),
        ("2026-03-01T00:00:00+02:00", dt.date(2026, 3, 1)),
        ("2026-02-28T16:00:00-08:00", dt.date(2026, 3, 1)),
        ("2026-03-01T02:00:00+02:00", dt.date(2026, 3, 1)),
        ("2026-03-01T15:30:00-08:00", dt.date(2026, 3, 1)),
        (None, None),
        ("", None),
    ],
)
def test_a_day_is_the_day_that_was_meant_in_whatever_zone_it_comes_back(text: str | None, day: dt.date | None) -> None:
    assert day == read(**{"invoice-date": text}).date


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"invoice-number": ""}, "Coupa invoice 90121 invoice-number: invoice-number: is missing [value-required]"),
        ({"invoice-date": "01/03/2026"}, "'01/03/2026' is not a date [value-date]"),
        ({"supplier-total": "1.234,56"}, "'1.234,56' is not a number [value-number]"),
        ({"supplier-total": "NaN"}, "'NaN' is not a number [value-number]"),
        ({"supplier-total": "1e999999"}, "is not a number [value-number]"),
        ({"exported": "perhaps"}, "'perhaps' is neither true nor false [value-flag]"),
        ({"id": "12.5"}, "12.5 is not a whole number [value-number]"),
        ({"invoice-lines": ["a"]}, "invoice-lines[0]: is not an object [value-required]"),
        ({"invoice-lines": [{"price": "?"}]}, "invoice-lines[0].price: '?' is not a number [value-number]"),
    ],
)
def test_a_broken_field_is_a_finding_that_names_it(change: dict[str, Any], said: str) -> None:
    found = rest.invoice(INVOICE | change)
    assert isinstance(found, Finding)
    assert said in str(found)


@pytest.mark.parametrize(
    "reader", [rest.supplier, rest.account, rest.purchase_order, rest.receipt, rest.invoice, rest.file_load]
)
@pytest.mark.parametrize("body", [None, [], "text", 7, {}, {"id": {}}, {"supplier": [], "order-lines": {}}])
def test_nonsense_is_a_finding_and_never_an_error(reader: Any, body: object) -> None:
    assert isinstance(reader(body), Finding)


def test_text_stays_text() -> None:
    found = rest.supplier({"number": "00123", "name": "NA", "display-name": None, "duns": 12})
    assert not isinstance(found, Finding)
    assert ("00123", "NA", "", "12", "active") == (
        found.number,
        found.name,
        found.display_name,
        found.duns,
        found.status,
    )


def test_an_account_is_its_segments_and_keeps_its_code() -> None:
    chart = {"account-type": {"name": "ACME UK"}}
    bodies = [
        {"segment-1": "01", "segment-2": "100", "segment-3": "", "segment-4": ""},
        {"segment-1": "01", "segment-2": "100", "code": "01-100"},
        {"segment-1": "01", "segment-2": "100", "code": "01.100"},
        {"code": "01-100-6200"},
        {"segment-1": "01", "segment-3": "6200", "code": "01--6200"},
    ]
    found = [rest.account(body | chart) for body in bodies]
    assert ["01-100", "01-100", "01.100", "01-100-6200", "01--6200"] == [
        one if isinstance(one, Finding) else one.code for one in found
    ]


def test_an_order_is_read_with_its_lines() -> None:
    lines = [
        {"line-num": "1", "type": "OrderQuantityLine", "price": "2.50", "quantity": "10.0", "received": "4.0"},
        {"line-num": "2", "type": "OrderAmountLine", "price": "0", "total": "500.00", "account-type": {"name": "UK"}},
    ]
    found = rest.purchase_order({"po-number": "4711", "version": 2, "order-lines": lines})
    assert not isinstance(found, Finding)
    assert [("1", Decimal(10), Decimal(25), Decimal(4)), ("2", None, Decimal(500), Decimal(0))] == [
        (line.number, line.quantity, line.total, line.received) for line in found.lines
    ]
    assert ("UK", 2) == (found.chart_of_accounts, found.version)


def test_an_order_line_keeps_the_period_of_its_service() -> None:
    extra = {"start-date": "2026-01-01T00:00:00Z", "end-date": None}
    found = rest.purchase_order({"po-number": "1", "order-lines": [{"line-num": "1", "extra-line-attribute": extra}]})
    assert not isinstance(found, Finding)
    assert {"start-date": "2026-01-01"} == found.lines[0].other


def test_a_return_is_a_receipt_with_a_negative_quantity() -> None:
    found = rest.receipt({
        "id": 5,
        "type": "ReceivingQuantityReturnToSupplier",
        "quantity": "-3.0",
        "order-line": {"line-num": "1", "order-header-number": "4711"},
        "transaction-date": "2026-03-01T10:00:00+01:00",
    })  # fmt: skip
    assert not isinstance(found, Finding)
    assert ("5", "4711", "1", Decimal(-3)) == (found.id, found.order_number, found.order_line_number, found.quantity)
    assert dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC) == found.received_at


def test_a_file_load_tells_its_row_errors() -> None:
    error = {"row": "3", "field-with-error": "name", "value": "x", "field-errors": ["Name has already been taken"]}
    found = rest.file_load({"id": 1, "status": "Done", "records-created": 2, "upload-errors": [error]})
    assert not isinstance(found, Finding)
    assert (True, 2, ("3", "name", "Name has already been taken")) == (
        found.finished,
        found.created,
        (found.errors[0].row, found.errors[0].field, found.errors[0].message),
    )


LINE = InvoiceLine(
    number=1,
    description="Toner black",
    price=Decimal("52.50"),
    quantity=Decimal(2),
    uom="EA",
    po_number="4711",
    po_line_number="1",
    part_number="TN-1",
)
DOCUMENT = Invoice(
    number="INV-1001",
    date=dt.date(2026, 3, 1),
    currency="GBP",
    supplier_number="V-0042",
    chart_of_accounts="ACME UK",
    payment_terms="NET30",
    charges=(Charge(kind=ChargeKind.SHIPPING, amount=Decimal("12.50")),),
    taxes=(TaxLine(amount=Decimal("21.00"), code="VAT20"),),
    control_total=Decimal("138.50"),
    lines=(LINE,),
)


def test_a_draft_is_posted_as_coupas_invoices_page_shows_it() -> None:
    assert payloads.invoice_payload(DOCUMENT) == {
        "document-type": "Invoice",
        "is-credit-note": False,
        "invoice-number": "INV-1001",
        "invoice-date": "2026-03-01",
        "supplier": {"number": "V-0042"},
        "currency": {"code": "GBP"},
        "account-type": {"name": "ACME UK"},
        "payment-term": {"code": "NET30"},
        "line-level-taxation": False,
        "shipping-amount": "12.50",
        "tax-lines": [{"type": "TaxLine", "amount": "21.00", "code": "VAT20"}],
        "supplier-total": "138.50",
        "gross-total": "138.50",
        "invoice-lines": [
            {
                "type": "InvoiceQuantityLine",
                "line-num": 1,
                "description": "Toner black",
                "price": "52.50",
                "quantity": "2",
                "uom": {"code": "EA"},
                "currency": {"code": "GBP"},
                "order-header-num": "4711",
                "order-line-num": "1",
                "source-part-num": "TN-1",
            }
        ],
    }


def changed(**changes: Any) -> Invoice:
    fields = {name: getattr(DOCUMENT, name) for name in DOCUMENT.__dataclass_fields__}
    return Invoice(**(fields | changes))


def line_payload(**changes: Any) -> Any:
    fields = {name: getattr(LINE, name) for name in LINE.__dataclass_fields__}
    return payloads.invoice_payload(changed(lines=(InvoiceLine(**(fields | changes)),)))["invoice-lines"][0]


def test_line_taxation_puts_taxes_on_lines_and_charges_on_lines_of_their_own() -> None:
    tax = TaxLine(amount=Decimal("2.50"), rate=Decimal(20), code="VAT20")
    charge = Charge(kind=ChargeKind.SHIPPING, amount=Decimal("12.50"), taxes=(tax,))
    payload = payloads.invoice_payload(changed(line_level_taxation=True, taxes=(tax,), charges=(charge,)))
    assert not {"tax-lines", "shipping-amount"} & set(payload)
    assert payload["invoice-charges"] == [
        {
            "type": "InvoiceShippingCharge",
            "line-num": 1,
            "total": "12.50",
            "currency": {"code": "GBP"},
            "tax-lines": [{"type": "TaxLine", "amount": "2.50", "rate": "20", "code": "VAT20"}],
        }
    ]


def test_a_line_without_order_carries_its_account_or_its_shares() -> None:
    account = {"code": "01-100-6200", "account-type": {"name": "ACME UK"}}
    assert account == line_payload(account_code="01-100-6200")["account"]
    shares = (Allocation(account_code="01-100-6200", percent=Decimal(60), amount=Decimal("63.00")),)
    payload = line_payload(account_code="ignored", allocations=shares)
    assert [{"account": account, "pct": "60", "amount": "63.00"}] == payload["account-allocations"]
    assert "account" not in payload


def test_a_price_per_hundred_becomes_a_price_per_unit() -> None:
    assert "0.525" == line_payload(price=Decimal("52.50"), price_basis=Decimal(100))["price"]
    assert "0.33333333333333333333" == line_payload(price=Decimal(1), price_basis=Decimal(3))["price"]


def test_an_amount_line_has_its_amount_as_price() -> None:
    payload = line_payload(quantity=None, price=Decimal("1E+3"))
    assert ("InvoiceAmountLine", "1000") == (payload["type"], payload["price"])
    assert "quantity" not in payload


def test_a_credit_note_names_what_it_corrects() -> None:
    payload = payloads.invoice_payload(
        changed(is_credit_note=True, original_number="INV-0999", original_date=dt.date(2026, 2, 1))
    )
    assert ("Credit Note", True, "INV-0999", "2026-02-01") == (
        payload["document-type"],
        payload["is-credit-note"],
        payload["original-invoice-number"],
        payload["original-invoice-date"],
    )


def test_what_was_posted_reads_back_as_what_was_meant() -> None:
    found = rest.invoice(json.loads(json.dumps(payloads.invoice_payload(DOCUMENT))))
    assert isinstance(found, Invoice)
    assert (DOCUMENT.total, DOCUMENT.computed_total, DOCUMENT.charges, DOCUMENT.taxes) == (
        found.total,
        found.computed_total,
        found.charges,
        found.taxes,
    )


def test_a_payment_in_full_is_booked_as_coupas_example_shows_it() -> None:
    payment = Payment(
        invoice_number="INV-1001", amount=Decimal("138.50"), paid=True, number="CHK-1003", date=dt.date(2026, 3, 30)
    )
    assert payloads.payment_payload(payment) == {
        "paid": True,
        "payment-date": "2026-03-30",
        "payments": [{"amount-paid": "138.50", "notes": "CHK-1003", "payment-date": "2026-03-30"}],
    }


def test_a_payment_in_part_or_taken_back_does_not_say_paid() -> None:
    payload = payloads.payment_payload(Payment(invoice_number="INV-1001", amount=Decimal("-38.50"), number="CHK-1004"))
    assert {"payments": [{"amount-paid": "-38.50", "notes": "CHK-1004"}]} == payload


def test_payments_are_read_with_the_invoice_they_are_on() -> None:
    body = INVOICE | {"payments": [{"amount-paid": "138.5000", "notes": "CHK-1003", "payment-date": "2026-03-30"}]}
    (found,) = rest.payments(body)
    assert isinstance(found, Payment)
    assert (90121, "INV-1001", "V-0042", Decimal("138.50"), "CHK-1003", dt.date(2026, 3, 30)) == (
        found.invoice_id,
        found.invoice_number,
        found.supplier_number,
        found.amount,
        found.number,
        found.date,
    )


def test_a_broken_payment_is_a_finding() -> None:
    (found,) = rest.payments(INVOICE | {"payments": [{"amount-paid": "a lot"}]})
    assert isinstance(found, Finding)
