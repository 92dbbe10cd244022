"""A customer's template is laid over a layout, and learned from the customer's file."""

import pytest

from formats.coupa.invoices import InvoiceImport
from formats.layout import Nested
from formats.overlay import OverlayError, lay_over, learn, load
from tests.formats.files import read, rows, to_csv, write

OVERLAY = """\
layout: invoice-import
delimiter: ";"
date_style: "%d.%m.%Y"
summary: Trailer
rows:
  Invoice:
    rename: {Supplier Number: Vendor}
    order: [Invoice Number*, Vendor, Invoice Date*, Region]
    custom: [{name: Region, length: 5}]
    rest: drop
  Invoice Line:
    drop: [Billing Notes]
    order: [Price*, Invoice Number*]
    literals: {Unit of Measure*: EA}
"""
HEAD = ["Invoice", "Invoice Number*", "Vendor", "Invoice Date*", "Region"]
LINE = ["Invoice Line", "Price*", "Invoice Number*", "Description*", "Unit of Measure*"]
FILE = to_csv(
    [HEAD, LINE, ["Invoice", "A", "V-1", "02.03.2026", "North"], ["Invoice Line", "5.00", "A", "Toner", "EA"]],
    delimiter=";",
)
CUSTOMERS = lay_over(load(OVERLAY, "o.yaml"))


def test_a_file_of_the_customers_template_is_read_without_a_word() -> None:
    [invoice], findings = read(CUSTOMERS, FILE)
    assert [] == [one for one in findings if "[csv-column-expected]" not in one]
    assert ("A", "V-1", "2026-03-02") == (invoice.number, invoice.supplier_number, str(invoice.date))
    assert ({"Region": "North"}, "5.00") == (invoice.other, str(invoice.lines[0].price))


def test_a_file_is_written_as_the_customers_template_has_it() -> None:
    [invoice], _ = read(CUSTOMERS, FILE)
    text = write(CUSTOMERS, [invoice])
    assert text.startswith('"Invoice";"Invoice Number*";"Vendor";"Invoice Date*";"Region"\r\n"Invoice Line";"Price*";')
    assert '\r\n"Invoice";"A";"V-1";"02.03.2026";"North"\r\n"Invoice Line";"5.00";"A";' in text
    assert text.endswith('"Trailer";"1";"2"\r\n')
    assert "Billing Notes" not in text


def test_what_was_written_is_read_again_and_the_summary_is_checked() -> None:
    [invoice], _ = read(CUSTOMERS, FILE)
    text = write(CUSTOMERS, [invoice])
    assert [invoice] == read(CUSTOMERS, text)[0]
    assert any("[csv-trailer]" in one for one in read(CUSTOMERS, text.replace('"Trailer";"1"', '"Trailer";"7"'))[1])


def test_a_literal_is_written_whatever_the_document_says() -> None:
    [invoice], _ = read(CUSTOMERS, FILE.replace('"EA"', '"BX"'))
    assert '"EA"' in write(CUSTOMERS, [invoice])
    assert '"BX"' not in write(CUSTOMERS, [invoice])


def test_without_an_overlay_nothing_changes() -> None:
    plain = lay_over(load("layout: invoice-import\n", "o.yaml"))
    assert issubclass(plain, Nested)
    assert list(plain.columns()) == list(InvoiceImport.columns())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("layout: invoces\n", "o.yaml:1: layout: 'invoces' is none of "),
        ("layout: invoice-import\nrows:\n  Line: {}\n", "o.yaml:3: rows.Line: 'Line' is none of Invoice, "),
        (
            "layout: invoice-import\nrows:\n  Invoice:\n    drop: [Hat]\n",
            "o.yaml:4: rows.Invoice.drop.Hat: 'Hat' is no column of the layout",
        ),
        (
            "layout: invoice-import\nrows:\n  Invoice Line:\n    drop: [Price]\n",
            "o.yaml:4: rows.Invoice Line.drop.Price: 'Price' cannot be dropped",
        ),
        (
            "layout: account-import\nrows:\n  row:\n    order:\n      - Name\n      - Hat\n",
            "o.yaml:6: rows.row.order.1: 'Hat' is neither",
        ),
        ("layout: account-import\ncolour: red\n", "o.yaml:2: colour: Extra inputs are not permitted"),
        ("layout: account-import\ndate_style: '%d.%m'\n", "o.yaml:2: date_style: '%d.%m' lacks one of %d, %m, %Y"),
        ("layout: [", "o.yaml: "),
    ],
)
def test_what_is_wrong_with_an_overlay_is_named_by_line_and_key(text: str, wanted: str) -> None:
    with pytest.raises(OverlayError) as told:
        load(text, "o.yaml")
    assert str(told.value).startswith(wanted)


def test_an_overlay_is_learned_from_the_customers_own_template() -> None:
    text = learn([[*HEAD[:2], "SUPPLIER number", "Region"], LINE, ["Invoice", "A", "V-1", "North"]], ";")
    overlay = load(text, "learned.yaml")
    assert ("invoice-import", ";") == (overlay.layout, overlay.delimiter)
    assert {"Supplier Number": "SUPPLIER number"} == overlay.rows["Invoice"].rename
    assert ["Region"] == [custom.name for custom in overlay.rows["Invoice"].custom]
    header = rows(write(lay_over(overlay), []).replace(";", ","))[:2]
    assert [["Invoice", "Invoice Number*", "SUPPLIER number", "Region"], LINE] == header


@pytest.mark.parametrize(
    ("cells", "layout"),
    [
        (["Name", "Active*", "Chart of Accounts*", "Segment 1*", "Segment 2"], "account-import"),
        (["Supplier Number", "Invoice Number", "Invoice ID", "Check Amount Paid"], "invoice-payment-import"),
    ],
)
def test_the_layout_is_told_by_the_columns(cells: list[str], layout: str) -> None:
    assert layout == load(learn([cells, ["x"] * len(cells)]), "o.yaml").layout


def test_rows_that_are_like_no_layout_teach_nothing() -> None:
    with pytest.raises(OverlayError, match="no layout"):
        learn([["Hat", "Coat"]])
