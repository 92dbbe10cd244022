"""Coupa's exporter: names, columns and the exported flag."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.coupa import domain, setup
from sandbox.store import Json
from sandbox.world import World, open_world
from tests.sandbox.small import HEADER, LINE, SEED, invoice_csv, load, messages, rows, toner


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with the small seed."""
    found = open_world(tmp_path, SEED)
    yield found
    found.close()


def export(world: World, folder: str) -> list[list[str]]:
    """Run the exporter and return the rows of the file it placed in a folder."""
    (path,) = [path for path in world.export() if path.startswith(f"Outgoing/{folder}/")]
    return rows(world.sites["coupa"].root / path)


def cells(found: list[list[str]], row_type: str, header: int) -> list[dict[str, str]]:
    """Return the rows of a type by the names in the header row with this index."""
    return [dict(zip(found[header], row, strict=True)) for row in found if row[0] == row_type]


def approved(world: World, *csv_rows: str) -> Json:
    """Load one invoice and approve it."""
    result = load(world, "a.csv", invoice_csv(*csv_rows))
    assert messages(result) == []
    (found,) = world.store.rows("invoices")
    return world.store.save("invoices", found | {"status": "approved"})


def test_the_layouts_have_coupas_number_of_columns(world: World) -> None:
    found = export(world, "PurchaseOrders")
    assert [len([name for name in row if name]) for row in found[:3]] == [56, 77, 42]
    assert {len(row) for row in found} == {77}


def test_every_field_is_quoted_and_there_is_no_mark_at_the_start(world: World) -> None:
    (path,) = [path for path in world.export() if "PurchaseOrders" in path]
    content = (world.sites["coupa"].root / path).read_bytes()
    assert content.startswith(b'"type","acknowledged-at",')
    assert b'"Toner 3"" black,\nlarge"' in content


def test_names_carry_object_and_moment(world: World) -> None:
    paths = world.export()
    assert len(paths) == 2
    assert re.fullmatch(r"Outgoing/PurchaseOrders/OrderHeader_\d{8}_\d{6}Z\.csv", paths[0])
    assert re.fullmatch(r"Outgoing/Suppliers/Supplier_\d{8}_\d{6}Z\.csv", paths[1])


def test_an_order_says_who_delivers_what(world: World) -> None:
    found = export(world, "PurchaseOrders")
    (header,) = cells(found, "Header", 0)
    (line,) = cells(found, "Line", 1)
    assert (header["id"], header["supplier-number"], header["payment-terms-code"]) == ("4711", "V-007", "NET30")
    assert (line["order-header-id"], line["line-number"], line["price"]) == ("4711", "1", "50.00")
    assert (line["quantity"], line["uom"], line["currency"]) == ("10", "EA", "EUR")
    assert (line["account-code"], line["segment-1"], line["segment-2"]) == ("01-100", "01", "100")


def test_an_order_is_exported_once_until_it_changes(world: World) -> None:
    export(world, "PurchaseOrders")
    assert world.export() == []
    domain.revise_order(world.store, 4711, {})
    assert [path.split("/")[1] for path in world.export()] == ["PurchaseOrders"]


def test_two_files_in_one_second_get_two_names(world: World) -> None:
    first = world.export()
    domain.revise_order(world.store, 4711, {})
    assert set(first).isdisjoint(world.export())


def test_an_approved_invoice_is_exported_and_flagged(world: World) -> None:
    approved(world, *toner("I-1"))
    found = export(world, "Invoices")
    assert [len([name for name in row if name]) for row in found[:6]] == [255, 89, 42, 49, 35, 28]
    (header,) = cells(found, "Header", 0)
    (line,) = cells(found, "Line", 1)
    assert (header["invoice-number"], header["status"], header["total"]) == ("I-1", "approved", "100.00")
    assert (header["supplier-number"], header["currency"], header["document-type"]) == ("V-007", "EUR", "Invoice")
    assert (line["invoice-id"], line["po-number"], line["order-line-num"]) == (header["id"], "4711", "1")
    assert (line["price"], line["quantity"], line["total"]) == ("50.00", "2.00", "100.00")
    invoice = world.store.by_number("invoices", "I-1")
    assert invoice is not None
    assert invoice["exported"] is True


def test_a_voided_invoice_is_exported_once_more(world: World) -> None:
    invoice = approved(world, *toner("I-1"))
    export(world, "Invoices")
    domain.void(world.store, invoice["id"])
    (header,) = cells(export(world, "Invoices"), "Header", 0)
    assert header["status"] == "voided"
    assert world.export() == []


def test_splits_and_taxes_follow_their_line(world: World) -> None:
    others = (
        "Account Allocation,Invoice Number*,Invoice Line Number*,Percent,Account Code",
        "Invoice Tax Line,Invoice Number*,Invoice Line Number,Tax Amount,Tax Code",
    )
    content = invoice_csv(
        "Invoice,I-1,V-007,2026-03-01,Yes,Yes,ACME EU,EUR",
        "Invoice Line,I-1,1,Paper,100.00,1,EA,,,",
        "Account Allocation,I-1,1,60,01-100",
        "Account Allocation,I-1,1,40,01-200",
        "Invoice Tax Line,I-1,1,19.00,V19",
        others=others,
    )
    assert messages(load(world, "a.csv", content)) == []
    (invoice,) = world.store.rows("invoices")
    world.store.save("invoices", invoice | {"status": "approved"})
    found = export(world, "Invoices")
    assert [row[0] for row in found[6:]] == ["Header", "Line", "Line Split", "Line Split", "Tax"]
    assert [split["account-code"] for split in cells(found, "Line Split", 2)] == ["01-100", "01-200"]
    (tax,) = cells(found, "Tax", 5)
    assert (tax["amount"], tax["code"], tax["invoice-line-number"]) == ("19.00", "V19", "1")


def test_a_receipt_brings_its_order_line(world: World) -> None:
    domain.post_receipt(world.store, {"order-line": {"id": 1}, "quantity": "4"})
    found = export(world, "Receipts")
    assert [len([name for name in row if name]) for row in found[:2]] == [111, 34]
    (receipt,) = cells(found, "Inventory Transaction", 0)
    assert (receipt["Quantity"], receipt["Order Line PO ID"], receipt["Order Line Number"]) == ("4.00", "4711", "1")
    assert receipt["Order Line Received"] == "4.00"


def test_suppliers_come_in_the_68_columns(world: World) -> None:
    found = export(world, "Suppliers")
    assert len(found[0]) == 68
    names = [dict(zip(found[0], row, strict=True))["Name"] for row in found[1:]]
    assert names == ["Acme, Inc.", "Bolt GmbH"]


def test_updates_are_exported_once_they_are_set_up_and_only_what_changed(world: World) -> None:
    approved(world, *toner("I-1"))
    assert [] == [path for path in world.export() if "InvoiceUpdates" in path]
    setup.change(world.store, {"invoice-updates": True})
    (header,) = cells(export(world, "InvoiceUpdates"), "Header", 0)
    assert (header["invoice-number"], header["status"]) == ("I-1", "approved")
    assert [] == world.export()


def test_custom_fields_come_in_by_their_prompts_and_go_out_by_their_names(world: World) -> None:
    fields = [("header", "Batch ID", "batch-id"), ("line", "Project", "project")]
    described = [{"on": on, "prompt": prompt, "name": name} for on, prompt, name in fields]
    setup.change(world.store, {"custom-fields": described})
    head, line = toner("I-1")
    content = invoice_csv(f"{head},0042", f"{line},P-7", header=f"{HEADER},Batch ID", line=f"{LINE},Project")
    assert [] == messages(load(world, "a.csv", content))
    (found,) = world.store.rows("invoices")
    world.store.save("invoices", found | {"status": "approved"})
    exported = export(world, "Invoices")
    (out_head,), (out_line,) = cells(exported, "Header", 0), cells(exported, "Line", 1)
    assert ("0042", "P-7") == (out_head["batch-id"], out_line["project"])


def test_a_custom_field_that_is_not_set_up_refuses_the_file(world: World) -> None:
    result = load(world, "a.csv", invoice_csv(*toner("I-1"), header=f"{HEADER},Batch ID"))
    assert 'The column header "Invoice" is not valid.' in messages(result)


def test_nothing_else_can_be_set_up(world: World) -> None:
    with pytest.raises(ValueError, match="nothing to set up called images"):
        setup.change(world.store, {"images": True})
    with pytest.raises(ValueError, match="a custom field has on"):
        setup.change(world.store, {"custom-fields": [{"on": "tax", "prompt": "P", "name": "n"}]})
