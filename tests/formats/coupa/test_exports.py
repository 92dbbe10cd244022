"""Coupa's own exports: purchase orders, receipts and approved invoices."""

import io
from decimal import Decimal

from formats.coupa.approved import InvoiceExport
from formats.coupa.purchase_orders import PurchaseOrderExport
from formats.coupa.receipts import ReceiptExport
from formats.coupa.suppliers import SupplierExport
from formats.documents import OrderLine, PurchaseOrder
from tests.formats.files import opened, read, split, to_csv, write


def test_an_order_has_the_currency_of_its_lines_and_its_id_for_a_number(doc: io.StringIO) -> None:
    """
    type,id,status,version,supplier-number,supplier-name
    type,order-header-id,id,line-number,description,price,quantity,currency,type,account-type
    type,order-header-id,order-line-id,order-line-num,account-allocation-percent,account-code
    Header,4711,issued,2,V-0042,Acme,,,,
    Line,4711,55,1,Toner,52.500000,2.000000,GBP,OrderQuantityLine,ACME UK
    Line Split,4711,55,1,60.0,01-100,,,,
    Line,4711,56,2,Service,100.000000,,GBP,OrderAmountLine,ACME UK
    """
    [order], findings = split(PurchaseOrderExport.read(doc, "x.csv"))
    assert [] == findings
    assert ("4711", 4711, "GBP", "ACME UK", 2) == (
        order.number,
        order.id,
        order.currency,
        order.chart_of_accounts,
        order.version,
    )
    assert ["OrderQuantityLine", "OrderAmountLine"] == [line.other["line-type"] for line in order.lines]
    assert Decimal("60.0") == order.lines[0].allocations[0].percent
    assert Decimal(205) == sum(line.total for line in order.lines)


def test_an_order_with_a_prefix_keeps_its_number() -> None:
    line = OrderLine(number="1", description="x", price=Decimal(1), currency="EUR")
    order = PurchaseOrder(number="PO-7", id=7, supplier_number="1", lines=(line,), currency="EUR")
    assert [order] == [*PurchaseOrderExport.read(opened(write(PurchaseOrderExport, [order])), "x.csv")]


def test_new_row_types_of_coupa_are_passed_over_with_a_warning() -> None:
    text = "type,id\ntype,order-header-id,line-number,price\nHeader,1,,\nLine,1,1,5\nRateCardLine,1,,\n"
    [order], findings = read(PurchaseOrderExport, text)
    assert 1 == len(order.lines)
    assert "x.csv:5: 'RateCardLine' is no row type of this layout [csv-row-ignored]" in findings


def test_splits_of_receipts_are_kept(doc: io.StringIO) -> None:
    """
    Record Type,ID,Type,Quantity,Order Line PO ID,Order Line Number,Created at
    Record Type,Inventory Transaction Id,Amount,Percent,,,
    Inventory Transaction,0081,ReceivingQuantityConsumption,3.000000,4711,1,2026-03-02T10:00:00Z
    Line Split,0081,5.00,50.0,,,
    """
    [receipt], _ = split(ReceiptExport.read(doc, "x.csv"))
    assert ("0081", "4711", "1", Decimal(3)) == (
        receipt.id,
        receipt.order_number,
        receipt.order_line_number,
        receipt.quantity,
    )
    assert {"Line Split[1].Amount": "5.00", "Line Split[1].Percent": "50.0"} == receipt.other


def test_an_approved_invoice_is_read_whatever_its_literals_are_called(doc: io.StringIO) -> None:
    """
    type,id,status,invoice-date,invoice-number,line-level-taxation,document-type,gross-total,currency,exported,asset_id
    type,invoice-id,invoice-line-id,line-num,description,price,quantity,total,order-header-num
    type,invoice-id,invoice-line-id,invoice-line-number,amount,rate,code
    type,invoice-id,amount,Withholding Base
    type,invoice-line-id,receipt-id,quantity,amount
    Header,90121,approved,2026-03-01T00:00:00-08:00,INV-1,true,Credit Note,126.00,GBP,false,A7
    Line,90121,1,1,Toner,52.50,2,105.00,4711,,
    Tax Line,90121,1,1,21.00,20.0,VAT20,,,,
    Withholding,90121,3.00,105.00,,,,,,,
    Matching Allocation,1,81,2,105.00,,,,,,
    Header,90122,voided,2026-03-02,INV-2,false,Invoice,1.00,EUR,true,
    """
    (first, second), findings = split(InvoiceExport.read(doc, "x.csv"))
    assert ["x.csv:1 asset_id: is not a column of this layout [csv-column-unknown]"] == findings
    assert (90121, "approved", True, "2026-03-01") == (first.id, first.status, first.is_credit_note, str(first.date))
    assert (Decimal("21.00"), "4711") == (first.tax_total, first.lines[0].po_number)
    assert "A7" == first.other["asset_id"]
    assert ("3.00", "81") == (first.other["Witholding[1].amount"], first.other["Matching Allocation[1].receipt-id"])
    assert ("voided", True, Decimal("1.00")) == (second.status, second.exported, second.total)


def test_total_counts_where_an_older_release_has_no_gross_total() -> None:
    text = "type,id,invoice-number,line-level-taxation,total\nHeader,1,A,No,10.00\nHeader,2,B,Yes,10.00\n"
    documents, _ = read(InvoiceExport, text)
    assert [Decimal("10.00"), None] == [invoice.control_total for invoice in documents]


def test_failed_tolerances_follow_their_invoice_without_a_type() -> None:
    text = "type,id,invoice-number\nHeader,1,A\ncode,failable-id,breach-amount\nprice,1,2.00\n"
    [invoice], _ = read(InvoiceExport, text)
    assert "2.00" == invoice.other["Failed Tolerance[1].breach-amount"]


def test_a_name_that_stands_twice_in_the_template_is_read_twice() -> None:
    text = to_csv([["Name", "Payment Method", "Payment Method"], ["Acme", "Invoice", "pcard"]])
    [supplier], findings = read(SupplierExport, text)
    assert ("Invoice", {"Payment Method (2)": "pcard"}, []) == (supplier.payment_method, supplier.other, findings)


def test_the_sizes_of_coupas_own_columns_are_not_law() -> None:
    [supplier], findings = read(SupplierExport, to_csv([["Name", "Status"], ["x" * 150, "onboarding"]]))
    assert (150, []) == (len(supplier.name), findings)
