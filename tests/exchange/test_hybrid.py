"""An e-invoice inside a PDF wins over what is printed, and what is printed is checked against it."""

import base64
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from exchange.batches import enclosures
from exchange.batches.batch import open_batch
from exchange.ledger import records
from tests.capture.paint import text_pdf
from tests.exchange.desk import Desk, open_desk
from tests.exchange.pages import take
from tests.exchange.test_intake import HEAD, LINES, invoice, line

UBL = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<b:ID>BW-20418</b:ID><b:IssueDate>2024-03-17</b:IssueDate><b:DocumentCurrencyCode>GBP</b:DocumentCurrencyCode>
<a:AccountingSupplierParty><a:Party><a:PartyName><b:Name>Brightwater Tools Limited</b:Name></a:PartyName></a:Party>
</a:AccountingSupplierParty>
<a:TaxTotal><b:TaxAmount currencyID="GBP">121.00</b:TaxAmount></a:TaxTotal>
<a:LegalMonetaryTotal><b:TaxExclusiveAmount currencyID="GBP">605.00</b:TaxExclusiveAmount>
<b:TaxInclusiveAmount currencyID="GBP">726.00</b:TaxInclusiveAmount>
<b:PayableAmount currencyID="GBP">726.00</b:PayableAmount></a:LegalMonetaryTotal>
<a:InvoiceLine><b:ID>1</b:ID><b:InvoicedQuantity unitCode="EA">1</b:InvoicedQuantity>
<b:LineExtensionAmount currencyID="GBP">605.00</b:LineExtensionAmount><a:Item><b:Name>Tools</b:Name></a:Item>
<a:Price><b:PriceAmount currencyID="GBP">605.00</b:PriceAmount></a:Price></a:InvoiceLine></Invoice>"""


def _hybrid(xml: str) -> bytes:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(text_pdf())) as document:
        document.attachments["factur-x.xml"] = xml.encode()
        document.save(stream)
    return stream.getvalue()


def _checks(desk: Desk, record: Mapping[str, Any]) -> set[str]:
    with desk.world.ledger.read() as tx:
        found = [row["rule"] for row in records.findings(tx, record["id"])]
    return {rule for rule in found if rule.startswith("check-")}


@pytest.mark.parametrize(
    ("printed", "embedded", "expected"),
    [
        ("", "", set()),
        ("<b:ID>BW-20418", "<b:ID>BW-20419", {"check-number-contradicted"}),
        ("2024-03-17", "2024-03-18", {"check-date-contradicted"}),
        ("726.00", "762.00", {"check-total-contradicted"}),
    ],
)
def test_a_page_that_says_otherwise_than_its_e_invoice_is_a_finding(
    tmp_path: Path, printed: str, embedded: str, expected: set[str]
) -> None:
    with open_desk(tmp_path) as desk:
        record = take(desk, _hybrid(UBL.replace(printed, embedded)), "hybrid.pdf")
        assert expected == _checks(desk, record)


def _with_page_inside(ubl: str) -> bytes:
    page = base64.b64encode(text_pdf()).decode()
    inside = f"""<a:AdditionalDocumentReference><b:ID>1</b:ID><a:Attachment><b:EmbeddedDocumentBinaryObject
     mimeCode="application/pdf" filename="page.pdf">{page}</b:EmbeddedDocumentBinaryObject></a:Attachment>
    </a:AdditionalDocumentReference>"""
    return ubl.replace("<a:AccountingSupplierParty>", f"{inside}<a:AccountingSupplierParty>", 1).encode()


def _beside_its_page(ubl: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("invoice-1.xml", ubl)
        archive.writestr("Invoice-1.pdf", text_pdf())
        archive.writestr("invoice-2.xml", ubl.replace("BW-2041", "BW-9041"))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("packed", "name"),
    [(_with_page_inside, "invoice.xml"), (_beside_its_page, "invoice.zip")],
    ids=["inside", "beside"],
)
@pytest.mark.parametrize(("date", "expected"), [("2024-03-17", set()), ("2024-03-18", {"check-date-contradicted"})])
def test_the_page_inside_or_beside_an_e_invoice_is_its_image_and_is_checked(
    tmp_path: Path, packed: Callable[[str], bytes], name: str, date: str, expected: set[str]
) -> None:
    with open_desk(tmp_path) as desk:
        record = take(desk, packed(UBL.replace("2024-03-17", date)), name)
        assert ("BW-20418", expected) == (record["number"], _checks(desk, record))
        with desk.world.spool.open(record["image_sha256"]) as stream:
            assert text_pdf() == stream.read()


def test_each_e_invoice_of_an_archive_is_attached_as_it_came(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        sha256 = take(desk, _beside_its_page(UBL), "invoice.zip")["sha256"]
        with desk.world.ledger.read() as tx:
            first, second = records.of_file(tx, sha256)
        with open_batch(desk.world, "invoices", "test") as batch:
            attached = [enclosures.original(batch, row) for row in (first, second)]
    assert (None, "BW-90418") == (second["image"], second["number"])
    names = [f"{row['id']:07d}_invoice-{number}.xml" for number, row in enumerate((first, second), 1)]
    assert [{names[0]: UBL.encode()}, {names[1]: UBL.replace("BW-2041", "BW-9041").encode()}] == attached


def test_no_archive_is_opened_again_for_a_record_of_its_csv(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("invoices.csv", HEAD + LINES + invoice("A1") + line("A1"))
    with open_desk(tmp_path) as desk:
        record = take(desk, stream.getvalue(), "invoices.zip")
        desk.world.spool.path(record["sha256"]).unlink()
        with open_batch(desk.world, "invoices", "test") as batch, desk.world.ledger.read() as tx:
            (row,) = records.of_file(tx, record["sha256"])
            assert {} == enclosures.original(batch, row)


def test_the_e_invoice_wins_and_what_the_page_contradicts_is_not_loaded(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        record = take(desk, _hybrid(UBL.replace("<b:ID>BW-20418", "<b:ID>BW-20419")), "hybrid.pdf")
        assert ("BW-20419", "hold") == (record["number"], record["decision"])
        assert "image-doubtful" in record["reasons"].split()
