"""The invoice import: what each type of row becomes."""

import io
from dataclasses import replace
from decimal import Decimal

from formats.coupa.invoices import InvoiceImport
from formats.documents import Charge, ChargeKind, Invoice, TaxLine
from tests.formats.files import opened, read, rows, split, to_csv, write


def one(text: str) -> Invoice:
    """The only invoice of a file in which nothing is wrong."""
    [invoice], findings = read(InvoiceImport, text)
    assert [] == [finding for finding in findings if "[csv-column-expected]" not in finding]
    assert isinstance(invoice, Invoice)
    return invoice


def test_an_invoice_is_read_with_its_lines_and_totals(doc: io.StringIO) -> None:
    """
    Invoice,Invoice Number*,Supplier Number,Invoice Date*,Submit For Approval?,Shipping Amount,Line Level Taxation*,Tax Amount,Tax Code,Chart of Accounts*,Currency,Image Scan Filename,Invoice Control Total
    Invoice Line,Invoice Number*,Supplier Number,Line Number,Description*,Price*,Quantity,Unit of Measure*,PO Number,PO Line Number
    Invoice,INV-1001,V-0042,2026-03-01,Yes,12.50,No,21.00,VAT20,ACME UK,GBP,INV-1001.pdf,138.50
    Invoice Line,INV-1001,V-0042,1,Toner black,52.50,2,EA,4711,1
    """  # noqa: E501
    [invoice], findings = split(InvoiceImport.read(doc, "x.csv"))
    assert [] == findings
    assert ("V-0042", "GBP", "INV-1001.pdf", True) == (
        invoice.supplier_number,
        invoice.currency,
        invoice.image,
        invoice.submit,
    )
    assert (Charge(kind=ChargeKind.SHIPPING, amount=Decimal("12.50")),) == invoice.charges
    assert (TaxLine(amount=Decimal("21.00"), code="VAT20"),) == invoice.taxes
    assert Decimal("138.50") == invoice.computed_total == invoice.control_total
    assert ("4711", "1") == (invoice.lines[0].po_number, invoice.lines[0].po_line_number)


HEAD = [
    ["Invoice", "Invoice Number*", "Shipping Amount", "Misc Amount", "Tax Amount", "Tax Code", "Submit For Approval?"],
    [
        "Invoice Line",
        "Invoice Number*",
        "Line Number",
        "Price*",
        "Account Code",
        "Account Segment 1",
        "Account Segment 2",
    ],
    ["Invoice Charge", "Invoice Number*", "Line Number", "Type*", "Total*", "Line Tax Rate", "Line Tax Amount"],
    ["Account Allocation", "Invoice Number*", "Invoice Line Number*", "Amount", "Account Code"],
    ["Invoice Tax Line", "Invoice Number*", "Invoice Line Number", "Invoice Charge Number", "Tax Amount", "Type"],
    ["Tag", "Object Number*", "Name*"],
]


def made(*lines: str) -> str:
    """A file of rows with commas between the fields; short rows are padded."""
    fields = [line.split(",") for line in lines]
    return to_csv([*HEAD, *(row + [""] * (7 - len(row)) for row in fields)])


def test_submit_is_no_where_it_is_blank_as_coupa_has_it() -> None:
    assert one(made("Invoice,A")).submit is False


def test_taxes_of_rows_win_over_the_column() -> None:
    invoice = one(made("Invoice,A,,,21.00,VAT20", "Invoice Tax Line,A,,,15.00", "Invoice Tax Line,A,,,6.00"))
    assert [Decimal("15.00"), Decimal("6.00")] == [tax.amount for tax in invoice.taxes]
    assert {"Tax Amount": "21.00", "Tax Code": "VAT20"} == invoice.other


def test_a_charge_row_wins_over_the_column_of_its_kind_only() -> None:
    invoice = one(made("Invoice,A,12.50,1.00", "Invoice Charge,A,1,InvoiceShippingCharge,12.50"))
    assert [(ChargeKind.MISC, Decimal("1.00")), (ChargeKind.SHIPPING, Decimal("12.50"))] == [
        (charge.kind, charge.amount) for charge in invoice.charges
    ]


def test_taxes_find_their_line_and_charge_by_number() -> None:
    invoice = one(
        made(
            "Invoice,A",
            "Invoice Line,A,1,5.00",
            "Invoice Line,A,02,6.00",
            "Invoice Charge,A,1,InvoiceMiscCharge,1.00",
            "Invoice Tax Line,A,2,,1.20",
            "Invoice Tax Line,A,,1,0.20",
        )
    )
    assert ((), (TaxLine(amount=Decimal("1.20")),)) == tuple(line.taxes for line in invoice.lines)
    assert (TaxLine(amount=Decimal("0.20")),) == invoice.charges[0].taxes


def test_withholding_tax_is_none_of_the_taxes_and_is_written_back() -> None:
    invoice = one(made("Invoice,A", "Invoice Tax Line,A,,,3.00,WithholdingTaxLine"))
    assert ((), Decimal(0)) == (invoice.taxes, invoice.tax_total)
    assert "WithholdingTaxLine" in write(InvoiceImport, [invoice])


def test_segments_make_the_account_code_where_there_is_none() -> None:
    invoice = one(made("Invoice,A", "Invoice Line,A,1,5.00,,01,200", "Invoice Line,A,2,5.00,99-1,01,200"))
    assert ["01-200", "99-1"] == [line.account_code for line in invoice.lines]


def test_shares_go_to_their_line_and_a_share_of_no_line_refuses_the_invoice() -> None:
    good = made(
        "Invoice,A", "Invoice Line,A,1,5.00", "Account Allocation,A,1,2.00,01-1", "Account Allocation,A,1,3.00,01-2"
    )
    assert ["01-1", "01-2"] == [share.account_code for share in one(good).lines[0].allocations]
    documents, findings = read(
        InvoiceImport, made("Invoice,A", "Invoice Line,A,1,5.00", "Account Allocation,A,7,2.00,01-1")
    )
    assert [] == documents
    assert "x.csv:9: there is no invoice line '7' to allocate [csv-orphan-row]" in findings


def test_lines_without_a_number_are_numbered_and_a_number_twice_is_refused() -> None:
    assert [1, 2] == [
        line.number for line in one(made("Invoice,A", "Invoice Line,A,,5.00", "Invoice Line,A,,6.00")).lines
    ]
    documents, _ = read(InvoiceImport, made("Invoice,A", "Invoice Line,A,1,5.00", "Invoice Line,A,1,6.00"))
    assert [] == documents


def test_tags_are_kept_and_written_back() -> None:
    invoice = one(made("Invoice,A", "Tag,A,scan", "Tag,A,march"))
    assert {"Tag[1].Name": "scan", "Tag[2].Name": "march"} == invoice.other
    written = rows(write(InvoiceImport, [invoice]))
    assert [["Tag", "A", "", "scan"], ["Tag", "A", "", "march"]] == [row[:4] for row in written if row[0] == "Tag"][1:]


def test_charges_keep_their_order_whichever_way_they_are_written() -> None:
    shipping = Charge(kind=ChargeKind.SHIPPING, amount=Decimal("1.00"))
    misc = Charge(kind=ChargeKind.MISC, amount=Decimal("2.00"))
    taxed = replace(misc, taxes=(TaxLine(amount=Decimal("0.40"), rate=Decimal(20)),))
    for charges in [
        (shipping, misc),
        (misc, shipping),
        (shipping, shipping),
        (shipping, taxed),
        (taxed, misc, shipping),
    ]:
        invoice = Invoice(number="A", date=None, currency="EUR", charges=charges, submit=False)
        assert [invoice] == [*InvoiceImport.read(opened(write(InvoiceImport, [invoice])), "x.csv")]


def test_totals_are_by_currency_and_credit_notes_take_away() -> None:
    invoices = [
        Invoice(number="A", date=None, currency="EUR", control_total=Decimal("10.10")),
        Invoice(number="B", date=None, currency="EUR", control_total=Decimal("0.20"), is_credit_note=True),
        Invoice(number="C", date=None, currency="GBP", control_total=Decimal("5.00")),
    ]
    totals = InvoiceImport.write(invoices, opened(""))
    assert (3, 3, {"EUR": Decimal("9.90"), "GBP": Decimal("5.00")}) == (totals.records, totals.rows, totals.money)
