"""Files for Coupa's loader: split without tearing an invoice, and read back row by row."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import RowMapping

from exchange.batches import packing
from exchange.batches.enclosures import Enclosures
from exchange.batches.loader import LARGEST, MOST_ROWS, WHOLE, blame, owners
from exchange.batches.packing import Item
from exchange.spool import Spool
from formats import stored
from formats.coupa.rest import FileLoad, RowError
from formats.documents import Invoice, InvoiceLine
from formats.normalise import business_key


def invoice(number: str, lines: int = 1, description: str = "Paper") -> Invoice:
    return Invoice(
        number=number,
        date=dt.date(2026, 11, 20),
        currency="EUR",
        supplier_number="0007",
        chart_of_accounts="Main",
        lines=tuple(
            InvoiceLine(number=place, description=description, price=Decimal("2.50"), quantity=Decimal(4), uom="EA")
            for place in range(1, lines + 1)
        ),
    )


def item(number: str, *, rows: int = 2, size: int = 1000, image: bytes = b"") -> Item:
    members = {f"{number}.pdf": image} if image else {}
    return Item(record_id=int(number), invoice=invoice(number), members=members, rows=rows, size=size)


def groups(*items: Item) -> list[list[str]]:
    return [[one.invoice.number for one in group] for group in packing.split(items)]


def test_many_small_invoices_share_a_file() -> None:
    assert [["1", "2", "3"]] == groups(item("1"), item("2"), item("3"))


def test_a_file_never_exceeds_what_the_loader_takes_in_bytes() -> None:
    half = LARGEST // 2 + 1
    assert [["1"], ["2", "3"]] == groups(item("1", size=half), item("2", size=half), item("3"))


def test_an_invoice_is_never_torn_from_its_lines() -> None:
    most = MOST_ROWS - packing.HEADER_ROWS
    assert [["1"], ["2", "3"]] == groups(item("1", rows=most), item("2", rows=most - 2), item("3", rows=2))


def test_no_invoices_make_no_file() -> None:
    assert [] == groups()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def test_the_same_invoices_make_the_same_file(spool: Spool) -> None:
    items = [item("1", image=b"%PDF-1"), item("2")]
    assert packing.write_zip(spool, items) == packing.write_zip(spool, items)


def test_a_file_holds_one_csv_and_every_image_under_the_name_it_was_given(spool: Spool) -> None:
    kept, totals = packing.write_zip(spool, [item("1", image=b"%PDF-1"), item("2", image=b"%PDF-2")])
    with zipfile.ZipFile(spool.path(kept.sha256)) as archive:
        found = (archive.namelist(), archive.read("2.pdf"), totals)
    assert (["Invoices.csv", "1.pdf", "2.pdf"], b"%PDF-2", {"EUR": "20.00"}) == found


def test_what_was_sent_is_read_back_with_the_invoice_of_each_row(spool: Spool) -> None:
    items = [item("1"), item("2")]
    kept, _ = packing.write_zip(spool, items)
    with spool.open(kept.sha256) as stream:
        keys, owned = packing.read_back(stream)
    assert ([business_key(one.invoice) for one in items], [WHOLE, WHOLE, 0, 0, 1, 1]) == (keys, owned)


def test_a_cell_with_line_breaks_is_still_one_row() -> None:
    assert [WHOLE, 0, 1] == owners(io.StringIO('"a","b"\r\n"1","two\nlines"\r\n"2","x"\r\n'))


def load(*errors: RowError, status: str = "Done", result: str = "") -> FileLoad:
    return FileLoad(id=1, name="Invoices.zip", status=status, result=result, errors=errors)


def test_a_row_error_blames_the_invoice_of_its_row() -> None:
    error = RowError(row="4", field="PO Number", value="45", message="unable to find matching order")
    assert {1: "PO Number '45': unable to find matching order"} == blame(load(error), [WHOLE, WHOLE, 0, 1])


@pytest.mark.parametrize("row", ["0", "1", "99", "", "-1", "none"])
def test_an_error_of_no_row_concerns_the_whole_file(row: str) -> None:
    error = RowError(row=row, field="", value="", message="Row corrupt or invalid.")
    assert {WHOLE: "Row corrupt or invalid."} == blame(load(error), [WHOLE, 0])


def test_a_load_that_failed_without_an_error_is_told_by_its_result() -> None:
    assert {WHOLE: "The file is larger than 8 MB."} == blame(
        load(status="Failed", result="The file is larger than 8 MB."), [WHOLE, 0]
    )


def test_a_load_that_went_well_blames_nobody() -> None:
    assert {} == blame(load(result="1 rows processed"), [WHOLE, 0])


def row(document: Invoice, decision: str = "load") -> dict[str, object]:
    return {"id": 17, "document": stored.dump(document), "decision": decision}


def pack(document: Invoice, content: bytes = b"", decision: str = "load") -> Item | str:
    members = {"0000017_scan.pdf": content} if content else {}
    enclosed = Enclosures(image=next(iter(members), ""), attachments=(), members=members)
    return packing.pack(cast(RowMapping, row(document, decision)), enclosed)


def test_an_image_that_no_file_can_carry_is_a_reason_to_hold() -> None:
    assert pack(invoice("1"), b"x" * LARGEST) == (
        "It has 8.0 MB with its image and attachments; Coupa's loader takes 8 MB."
    )


def test_an_invoice_with_more_lines_than_a_file_has_rows_is_a_reason_to_hold() -> None:
    assert pack(invoice("1", lines=MOST_ROWS)) == "It has 5001 rows; Coupa's loader takes 5000 in a file."


def test_a_text_too_long_for_its_column_is_a_reason_to_hold() -> None:
    told = pack(invoice("1", description="x" * 1551))
    assert isinstance(told, str)
    assert "Description" in told


@pytest.mark.parametrize(("decision", "submitted"), [("load", True), ("load as draft", False)])
def test_only_what_is_to_be_loaded_is_submitted(decision: str, submitted: bool) -> None:
    packed = pack(invoice("1"), decision=decision)
    assert isinstance(packed, Item)
    assert submitted == packed.invoice.submit


def test_there_is_room_for_ten_attachments() -> None:
    full = Enclosures(image="", attachments=tuple("abcdefghi"), members={})
    added = packing.attach(full, {"invoice.xml": b"<a/>", "second.xml": b"<b/>"})
    assert (10, ["attachments/invoice.xml"]) == (len(added.attachments), list(added.members))
