"""cXML invoices in, orders and invoices out."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from formats import cxml, einvoice
from formats.cxml_writer import Credential, Envelope
from formats.documents import Address, Charge, ChargeKind, Invoice, InvoiceLine, OrderLine, PurchaseOrder, TaxLine
from formats.findings import Finding
from formats.xml import Node, parse

ENVELOPE = Envelope(
    sender=Credential(domain="DUNS", identity="S"),
    receiver=Credential(domain="DUNS", identity="B"),
    shared_secret="secret",
    payload_id="1@exchange",
    timestamp=dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC),
)
INVOICE = Invoice(
    number="INV-1",
    date=dt.date(2026, 3, 1),
    currency="GBP",
    supplier_name="Bolt Ltd",
    remit_to_code="R-1",
    payment_terms="Net 30",
    lines=(
        InvoiceLine(
            number=1,
            description="Toner",
            price=Decimal("52.50"),
            quantity=Decimal(200),
            price_basis=Decimal(100),
            declared=Decimal("105.00"),
            uom="EA",
            part_number="TN-1",
            po_number="4711",
            po_line_number="1",
        ),
        InvoiceLine(
            number=2, description="Fitting", price=Decimal("20.00"), declared=Decimal("20.00"), po_number="4712"
        ),
    ),
    charges=(
        Charge(kind=ChargeKind.SHIPPING, amount=Decimal("12.50")),
        Charge(kind=ChargeKind.MISC, amount=Decimal("-2.50"), description="Rebate"),
    ),
    taxes=(TaxLine(amount=Decimal("25.00"), rate=Decimal(20), basis=Decimal("125.00")),),
    control_total=Decimal("160.00"),
)
BY_LINE = """<cXML><Request><InvoiceDetailRequest>
<InvoiceDetailRequestHeader invoiceID="INV-1" invoiceDate="2026-03-01T00:00:00Z" purpose="standard">
<InvoiceDetailLineIndicator isTaxInLine="yes"/></InvoiceDetailRequestHeader>
<InvoiceDetailOrder><InvoiceDetailOrderInfo><OrderReference orderID="4711"><DocumentReference payloadID="x@y"/>
</OrderReference></InvoiceDetailOrderInfo><InvoiceDetailItem invoiceLineNumber="1" quantity="1">
<UnitPrice><Money currency="GBP">100</Money></UnitPrice>
<Tax><Money currency="GBP">20</Money>
<TaxDetail percentageRate="20"><TaxAmount><Money>20</Money></TaxAmount></TaxDetail></Tax>
</InvoiceDetailItem></InvoiceDetailOrder><InvoiceDetailSummary><Tax><Money currency="GBP">22</Money>
<TaxDetail purpose="shippingTax"><TaxAmount><Money>2</Money></TaxAmount></TaxDetail></Tax>
<ShippingAmount><Money currency="GBP">10</Money></ShippingAmount>
<NetAmount><Money currency="GBP">132</Money></NetAmount>
</InvoiceDetailSummary></InvoiceDetailRequest></Request></cXML>"""


def read(content: bytes) -> Invoice:
    (invoice,) = einvoice.read(io.BytesIO(content), "r.xml")
    assert isinstance(invoice, Invoice)
    return invoice


def bare(invoice: Invoice) -> Invoice:
    lines = tuple(replace(line, other={}) for line in invoice.lines)
    taxes = tuple(replace(tax, other={}, description="") for tax in invoice.taxes)
    return replace(invoice, lines=lines, taxes=taxes, other={}, supplier_address=Address(), supplier_email="")


def test_what_was_written_is_read_again() -> None:
    assert bare(read(cxml.write_invoice(INVOICE, ENVELOPE))) == INVOICE


def test_a_credit_memo_is_written_negative_and_read_positive() -> None:
    note = replace(INVOICE, is_credit_note=True, original_number="INV-0", original_date=dt.date(2026, 2, 1))
    content = cxml.write_invoice(note, ENVELOPE)
    assert b'<Money currency="GBP">-160.00</Money>' in content
    assert bare(read(content)) == note


def test_a_deletion_takes_the_invoice_back() -> None:
    [read] = cxml.read(io.BytesIO(cxml.write_invoice(INVOICE, ENVELOPE).replace(b'"new"', b'"delete"')), "x")
    assert isinstance(read, Invoice)
    assert read.is_voided


def test_every_line_has_the_number_of_its_own_order() -> None:
    assert read(cxml.write_invoice(INVOICE, ENVELOPE)).po_numbers == ("4711", "4712")


def test_line_taxes_stay_with_their_lines_and_charges() -> None:
    invoice = read(BY_LINE.encode())
    assert (True, (), Decimal(20), Decimal(2), Decimal(22), Decimal(132)) == (
        invoice.line_level_taxation,
        invoice.taxes,
        invoice.lines[0].taxes[0].amount,
        invoice.charges[0].taxes[0].amount,
        invoice.tax_total,
        invoice.computed_total,
    )


def test_the_taxes_of_all_charges_are_read_back_where_lines_are_taxed() -> None:
    charges = (
        Charge(kind=ChargeKind.HANDLING, amount=Decimal(4), taxes=(TaxLine(amount=Decimal("0.80"), rate=Decimal(20)),)),
        Charge(kind=ChargeKind.SHIPPING, amount=Decimal(5), taxes=(TaxLine(amount=Decimal("1.00"), rate=Decimal(20)),)),
        Charge(
            kind=ChargeKind.MISC,
            amount=Decimal(10),
            description="Pallets",
            taxes=(TaxLine(amount=Decimal("0.50"), rate=Decimal(5)),),
        ),
        Charge(
            kind=ChargeKind.MISC,
            amount=Decimal(-2),
            description="Rebate",
            taxes=(TaxLine(amount=Decimal("-0.40"), rate=Decimal(20)),),
        ),
    )
    invoice = replace(INVOICE, line_level_taxation=True, taxes=(), charges=charges, control_total=None)
    again = read(cxml.write_invoice(invoice, ENVELOPE))
    assert [[tax.amount for tax in charge.taxes] for charge in again.charges] == [
        [Decimal("1.00")],
        [Decimal("0.80")],
        [Decimal("0.50")],
        [Decimal("-0.40")],
    ]
    assert again.tax_total == invoice.tax_total


def test_the_orders_own_number_wins_over_its_payload() -> None:
    assert read(BY_LINE.encode()).po_numbers == ("4711",)


def message(headers: str = 'Content-Type: multipart/related; boundary="b"; type="text/xml"\r\n\r\n') -> bytes:
    xml = cxml.write_invoice(replace(INVOICE, attachments=("scan1",)), ENVELOPE)
    head = f"{headers}--b\r\nContent-Type: text/xml\r\nContent-ID: <payload>\r\n\r\n".encode()
    scan = b"Content-Type: image/png\r\nContent-ID: <scan1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n"
    return head + xml + b"\r\n--b\r\n" + scan + b"--b--\r\n"


@pytest.mark.parametrize("content", [message(), message("")])
def test_a_multipart_message_is_read_with_and_without_its_header(content: bytes) -> None:
    assert (read(content).number, read(content).attachments) == ("INV-1", ("scan1",))


def test_the_parts_of_a_message_are_its_attachments() -> None:
    assert [einvoice.Attachment("scan1", "image/png", b"\x89PNG")] == list(
        einvoice.attachments(io.BytesIO(message()), "r.xml")
    )


NESTED = "".join(f'Content-Type: multipart/mixed; boundary="b{i}"\r\n\r\n--b{i}\r\n' for i in range(3000))


@pytest.mark.parametrize("content", ["--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n", NESTED])
def test_a_message_without_xml_is_a_finding(content: str) -> None:
    (finding,) = cxml.read(io.BytesIO(content.encode()), "r.xml")
    assert isinstance(finding, Finding)
    assert finding.rule.id == "xml-mime"


def test_a_cxml_order_is_no_invoice() -> None:
    (finding,) = cxml.read(io.BytesIO(b"<cXML><Request><OrderRequest/></Request></cXML>"), "r.xml")
    assert isinstance(finding, Finding)
    assert finding.rule.id == "xml-namespace"


def test_missing_header_fields_are_findings_of_the_invoice() -> None:
    content = BY_LINE.replace('invoiceDate="2026-03-01T00:00:00Z"', "")
    finding, invoice = cxml.read(io.BytesIO(content.encode()), "r.xml")
    assert isinstance(finding, Finding)
    assert isinstance(invoice, Invoice)
    assert (finding.rule.id, finding.record) == ("einvoice-missing-field", "INV-1")


def test_an_order_is_written_with_its_lines() -> None:
    order = PurchaseOrder(
        number="4711",
        supplier_number="S",
        currency="EUR",
        lines=(
            OrderLine(number="1", description="Bolts\x0b", price=Decimal("0.105"), quantity=Decimal(100), uom="EA"),
            OrderLine(number="2", description="Fitting", price=Decimal("20.00")),
        ),
    )
    root = parse(io.BytesIO(cxml.write_order(order, ENVELOPE, Address(name="Buyer"))), "o.xml")
    assert isinstance(root, Node)
    request = root.first("Request/OrderRequest")
    assert (
        request.text("OrderRequestHeader/Total/Money"),
        request.text("OrderRequestHeader/BillTo/Address/Name"),
    ) == ("30.50", "Buyer")
    assert [
        (item.attribute("lineNumber"), item.attribute("quantity"), item.text("ItemDetail/UnitPrice/Money"))
        for item in request.all("ItemOut")
    ] == [("1", "100", "0.105"), ("2", "1", "20.00")]


def test_the_period_of_a_service_is_kept() -> None:
    period = '<Period startDate="2026-01-01T00:00:00Z" endDate="2026-01-31T23:59:59Z"/>'
    other = read(BY_LINE.replace("<UnitPrice>", f"{period}<UnitPrice>", 1).encode()).lines[0].other
    assert ("2026-01-01", "2026-01-31") == (other["period-start"], other["period-end"])
