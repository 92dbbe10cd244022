"""Coupa's CSV loader, by the rules that Coupa documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.store import Json
from sandbox.world import World, open_world
from tests.sandbox.small import HEADER, LINE, SEED, invoice_csv, load, messages, toner, zipped

PDF = b"%PDF-1.4 a page"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with the small seed."""
    found = open_world(tmp_path, SEED)
    yield found
    found.close()


def invoice(world: World, number: str) -> Json:
    found = world.store.by_number("invoices", number)
    assert found is not None
    return found


def test_a_file_is_archived_and_its_result_can_be_looked_up(world: World) -> None:
    result = load(world, "a.csv", invoice_csv(*toner("I-1")))
    root = world.sites["coupa"].root
    assert not (root / "Incoming/Invoices/a.csv").exists()
    assert (root / "Archive/Incoming/Invoices/a.csv").exists()
    assert result == world.store.get("data_file_sources", result["id"])
    assert (result["status"], result["source-for"], result["file-file-name"]) == ("Done", "InvoiceHeader", "a.csv")
    assert result["result-text"] == "1 rows processed, creating 1 new rows and updating 0 rows."


def test_submit_yes_submits_and_no_leaves_a_draft(world: World) -> None:
    load(world, "a.csv", invoice_csv(*toner("I-1"), *toner("I-2", submit="No")))
    assert invoice(world, "I-1")["status"] != "draft"
    assert invoice(world, "I-2")["status"] == "draft"


def test_good_records_load_beside_bad_ones(world: World) -> None:
    result = load(world, "a.csv", invoice_csv(*toner("I-1"), *toner("I-2", quantity="two"), *toner("I-3")))
    assert (result["records-count"], result["records-created"], result["upload-errors-count"]) == (3, 2, 1)
    assert result["upload-errors"] == [
        {
            "type": "UploadRowError",
            "row": 6,
            "first-column": "Invoice Line",
            "field-with-error": "Quantity",
            "value": "two",
            "field-errors": ["Quantity is not a number"],
        }
    ]
    assert world.store.by_number("invoices", "I-2") is None


def test_what_coupa_refuses_to_submit_leaves_no_draft(world: World) -> None:
    rows = ("Invoice,I-1,V-007,2026-03-01,Yes,No,ACME EU,EUR", "Invoice Line,I-1,1,Paper,5.00,1,EA,,,")
    result = load(world, "a.csv", invoice_csv(*rows))
    assert messages(result) == ["Invoice lines account can't be blank"]
    assert world.store.count("invoices") == 0


def test_a_number_is_taken_only_once_for_a_supplier(world: World) -> None:
    load(world, "a.csv", invoice_csv(*toner("I-1")))
    result = load(world, "b.csv", invoice_csv(*toner("I-1")))
    assert messages(result) == ["Invoice number has already been taken"]


def test_a_line_needs_order_line_or_part_number(world: World) -> None:
    header, _ = toner("I-1")
    result = load(world, "a.csv", invoice_csv(header, "Invoice Line,I-1,1,Toner,50.00,2,EA,4711,,"))
    assert messages(result) == ["PO Line Number or Supplier Part Number can't be blank"]


def test_a_row_without_its_invoice_is_an_error(world: World) -> None:
    result = load(world, "a.csv", invoice_csv("Invoice Line,I-9,1,Toner,50.00,2,EA,4711,1,", *toner("I-1")))
    assert messages(result) == ["Invoice unable to find matching invoice."]
    assert result["records-created"] == 1


def test_an_unknown_column_refuses_the_file_under_a_cryptic_sentence(world: World) -> None:
    result = load(world, "a.csv", invoice_csv(*toner("I-1"), line=LINE.replace("Quantity", "Qty")))
    assert (result["status"], messages(result)) == ("Failed", ['The column header "Invoice Line" is not valid.'])
    assert result["upload-errors"][0]["value"] == "Qty"


def test_an_empty_file_is_refused(world: World) -> None:
    result = load(world, "a.csv", b"")
    assert (result["status"], messages(result)) == (
        "Failed",
        ["The uploaded file is empty, please check its content."],
    )


def test_a_byte_order_mark_is_refused(world: World) -> None:
    result = load(world, "a.csv", b"\xef\xbb\xbf" + invoice_csv(*toner("I-1")))
    assert result["status"] == "Failed"


def test_more_than_five_thousand_rows_are_refused(world: World) -> None:
    header, line = toner("I-1")
    result = load(world, "a.csv", invoice_csv(header, *[line] * 5000))
    assert (result["status"], messages(result)) == ("Failed", ["The file has more than 5000 rows."])


def test_more_than_eight_megabytes_are_refused(world: World) -> None:
    result = load(world, "a.zip", b"PK" + bytes(8 * 1024 * 1024))
    assert (result["status"], messages(result)) == ("Failed", ["The file is larger than 8 MB."])


def test_files_are_taken_in_order_of_name(world: World) -> None:
    folder = world.sites["coupa"].root / "Incoming/Invoices"
    for name in ("b.csv", "a.csv", "C.csv"):
        (folder / name).write_bytes(invoice_csv(*toner(f"I-{name}")))
    assert [result["file-file-name"] for result in world.load()] == ["C.csv", "a.csv", "b.csv"]


def test_image_and_attachments_come_out_of_the_zip(world: World) -> None:
    header = HEADER + ",Image Scan Filename,Attachment 1,Attachment 2,Attachment 3"
    first, line = toner("I-1")
    first += ",page.pdf,file://more/note.txt,https://example.com/x,see letter"
    content = zipped(
        invoices_csv=invoice_csv(first, line, header=header), page_pdf=PDF, more__note_txt=b"note", unused_txt=b""
    )
    load(world, "a.zip", content)
    found = invoice(world, "I-1")
    assert (found["image-scan-file-name"], found["image-scan-file-size"]) == ("page.pdf", str(len(PDF)))
    assert [one["type"] for one in found["attachments"]] == ["file", "url", "text"]


def test_a_missing_image_refuses_its_invoice(world: World) -> None:
    first, line = toner("I-1")
    content = zipped(
        a_csv=invoice_csv(first + ",page.pdf", line, *toner("I-2"), header=HEADER + ",Image Scan Filename")
    )
    result = load(world, "a.zip", content)
    assert messages(result) == ["File page.pdf is not in the ZIP file"]
    assert result["records-created"] == 1


def test_a_zip_needs_one_csv_at_its_top(world: World) -> None:
    result = load(world, "a.zip", zipped(folder__a_csv=invoice_csv(*toner("I-1"))))
    assert messages(result) == ["The ZIP file must hold one CSV file at its top level; it holds 0."]


def test_a_zip_that_is_none_is_refused(world: World) -> None:
    assert load(world, "a.zip", b"PK\x03\x04 broken")["status"] == "Failed"


def test_every_row_type_becomes_part_of_the_invoice(world: World) -> None:
    others = (
        "Invoice Charge,Invoice Number*,Line Number,Type*,Total*",
        "Account Allocation,Invoice Number*,Invoice Line Number*,Percent,Account Code",
        "Invoice Tax Line,Invoice Number*,Invoice Line Number,Tax Amount,Tax Code",
        "Tag,Object Number*,Name*",
        "Invoice Header Assignment,Document*,Assignee Type*,Assignee*",
    )
    rows = (
        "Invoice,I-1,V-007,2026-03-01,Yes,Yes,ACME EU,EUR",
        "Invoice Charge,I-1,1,InvoiceShippingCharge,5.00",
        "Invoice Line,I-1,1,Paper,100.00,1,EA,,,",
        "Account Allocation,I-1,1,60,01-100",
        "Account Allocation,I-1,1,40,01-200",
        "Invoice Tax Line,I-1,1,19.00,V19",
        "Tag,I-1,urgent",
        "Invoice Header Assignment,I-1,User,ap.clerk",
    )
    result = load(world, "a.csv", invoice_csv(*rows, others=others))
    assert messages(result) == []
    found = invoice(world, "I-1")
    (line,) = found["invoice-lines"]
    assert [share["account"]["code"] for share in line["account-allocations"]] == ["01-100", "01-200"]
    assert [tax["code"] for tax in line["tax-lines"]] == ["V19"]
    assert [tag["tag"]["name"] for tag in found["taggings"]] == ["urgent"]
    assert found["gross-total"] == "124.00"


def test_a_line_without_quantity_is_an_amount_line(world: World) -> None:
    header, _ = toner("I-1")
    load(world, "a.csv", invoice_csv(header, "Invoice Line,I-1,1,Cleaning,80.00,,EA,,,01-100"))
    (line,) = invoice(world, "I-1")["invoice-lines"]
    assert (line["type"], line["total"]) == ("InvoiceAmountLine", "80.00")


def test_any_mark_makes_a_credit_note(world: World) -> None:
    header = HEADER + ",Is Credit Note,Original invoice number,Original invoice date"
    first, line = toner("C-1")
    load(world, "a.csv", invoice_csv(first + ",x,I-1,2026-02-01", line, header=header))
    assert invoice(world, "C-1")["document-type"] == "Credit Note"


def test_status_voided_voids_the_suppliers_invoice(world: World) -> None:
    load(world, "a.csv", invoice_csv(*toner("I-1", submit="No")))
    header = "Invoice,Invoice Number,Supplier Number,Status"
    result = load(world, "b.csv", f"{header}\r\nInvoice,I-1,V-007,Voided\r\nInvoice,I-1,V-008,Voided\r\n".encode())
    assert (result["records-updated"], messages(result)) == (1, ["Invoice unable to find matching invoice."])
    assert invoice(world, "I-1")["status"] == "voided"


def test_suppliers_are_upserted_by_number(world: World) -> None:
    content = b'Name*,Supplier Number,Payment Terms,On Hold\r\n"Acme, Ltd.",V-007,NET30,Yes\r\nNew One,V-009,,No\r\n'
    result = load(world, "s.csv", content, "Suppliers")
    assert (result["records-created"], result["records-updated"], messages(result)) == (1, 1, [])
    changed = world.store.get("suppliers", 7)
    assert changed is not None
    assert (changed["name"], changed["on-hold"]) == ("Acme, Ltd.", True)


def test_accounts_are_upserted_and_have_no_gaps(world: World) -> None:
    content = b"""Name,Active*,Chart of Accounts*,Segment 1*,Segment 2,Segment 3
Toner,Yes,ACME EU,01,100,
New,Yes,ACME EU,01,300,
Gap,Yes,ACME EU,01,,9
Lost,Yes,NOWHERE,01,,
"""
    result = load(world, "a.csv", content, "Accounts")
    assert (result["records-created"], result["records-updated"]) == (1, 1)
    assert [error["row"] for error in result["upload-errors"]] == [4, 5]
    assert "Segments must not have gaps" in messages(result)
    assert "Account type must exist" in messages(result)


def test_receipts_move_their_order_line(world: World) -> None:
    content = b"""ID*,Type*,Quantity,Order Line Id,Order Line Number,Order Line PO Id
,ReceivingQuantityConsumption,4,,1,4711
,ReceivingQuantityConsumption,4,,9,4711
"""
    result = load(world, "r.csv", content, "Receipts")
    assert messages(result) == ["Order line unable to find matching order line."]
    order = world.store.get("purchase_orders", 4711)
    assert order is not None
    assert order["order-lines"][0]["received"] == "4.00"


def test_a_payment_is_applied_once_to_the_one_invoice_it_matches(world: World) -> None:
    load(world, "a.csv", invoice_csv(*toner("I-1")))
    world.store.save("invoices", invoice(world, "I-1") | {"status": "approved"})
    content = b"""Supplier Number,Invoice Number,Paid,Check Amount Paid,Check # / Note,Check Payment Date
V-007,I-1,Yes,100.00,CHK-1,2026-04-01
V-007,I-1,,100.00,CHK-1,2026-04-01
V-007,I-9,Yes,1.00,CHK-2,2026-04-01
"""
    result = load(world, "p.csv", content, "InvoicePayments")
    assert messages(result) == ["Payments has already been applied", "Payment matches no approved invoice."]
    found = invoice(world, "I-1")
    assert (found["paid"], [one["amount-paid"] for one in found["payments"]]) == (True, ["100.00"])
