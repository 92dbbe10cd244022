"""cXML invoices are built as the DTD of cXML wants them; what is not is told with its place."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest

from formats import cxml
from formats.cxml_structure import check
from formats.documents import Charge, ChargeKind, Invoice, InvoiceLine, TaxLine
from formats.examine import examine
from tests.exchange.parties import SAMPLES
from tests.formats.test_cxml import ENVELOPE, INVOICE

GOOD = cxml.write_invoice(INVOICE, ENVELOPE).decode()
TAX = (TaxLine(amount=Decimal("2.00"), rate=Decimal(20)),)
BY_LINE = replace(
    INVOICE,
    line_level_taxation=True,
    taxes=(),
    lines=tuple(replace(line, taxes=TAX) for line in INVOICE.lines),
    charges=tuple(replace(charge, taxes=TAX) for charge in INVOICE.charges),
    control_total=None,
)
UNBACKED = replace(INVOICE, contract_number="C-1", lines=(InvoiceLine(number=1, description="Rent", price=Decimal(9)),))
CREDIT = replace(INVOICE, is_credit_note=True, original_number="INV-0", note="Returned", attachments=("a.pdf",))


def broken(before: str, after: str) -> list[str]:
    """The findings of a good invoice in which one thing was changed."""
    assert before in GOOD
    return [str(finding) for finding in check(GOOD.replace(before, after, 1).encode(), "c.xml")]


@pytest.mark.parametrize("invoice", [INVOICE, BY_LINE, UNBACKED, CREDIT])
def test_what_is_written_is_built_as_it_must_be(invoice: Invoice) -> None:
    handled = replace(invoice, charges=(*invoice.charges, Charge(kind=ChargeKind.HANDLING, amount=Decimal(1))))
    contents = [cxml.write_invoice(one, ENVELOPE) for one in (invoice, handled)]
    assert [] == [str(finding) for content in contents for finding in check(content, "c.xml")]


@pytest.mark.parametrize("name", ["31-cxml-two-orders.xml", "32-cxml-wrong-tax.xml"])
def test_published_samples_are_built_as_they_must_be(name: str) -> None:
    assert [] == list(check((SAMPLES / "lockbox" / name).read_bytes(), name))


@pytest.mark.parametrize(
    ("before", "after", "rule", "place"),
    [
        (' invoiceID="INV-1"', "", "cxml-attribute-missing", "/InvoiceDetailRequestHeader"),
        (' currency="GBP"', "", "cxml-attribute-missing", "/Money"),
        (' domain="DUNS"', "", "cxml-attribute-missing", "/Credential"),
        ('purpose="standard"', 'purpose="invoice"', "cxml-attribute-value", "/InvoiceDetailRequestHeader"),
        ('operation="new"', 'operation="create"', "cxml-attribute-value", "/InvoiceDetailRequestHeader"),
        ("<UnitOfMeasure>EA</UnitOfMeasure>", "", "cxml-content", "/InvoiceDetailItem"),
        ("<InvoiceDetailHeaderIndicator/>", "", "cxml-content", "/InvoiceDetailRequestHeader"),
        ("<NetAmount>", "<Total>9</Total><NetAmount>", "cxml-content", "/InvoiceDetailSummary"),
        ("<SubtotalAmount>", "<NetAmount/><SubtotalAmount>", "cxml-content", "/InvoiceDetailItem"),
        ("<Comments/>", "<Comments/><Comments/>", "cxml-content", "/InvoiceDetailRequestHeader"),
        ("<OrderReference>", "<OrderReference>4711", "cxml-content", "/OrderReference"),
    ],
)
def test_one_thing_that_is_wrong_is_one_rule_at_its_place(before: str, after: str, rule: str, place: str) -> None:
    found = broken(before, after)
    assert {rule} == {finding.rpartition("[")[2].rstrip("]") for finding in found}, found
    assert any(place in finding for finding in found)


def test_the_line_and_the_path_are_named() -> None:
    [found] = broken(' invoiceID="INV-1"', "")
    assert found.startswith("c.xml:25 /cXML/Request/InvoiceDetailRequest/InvoiceDetailRequestHeader: ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("InvoiceDetail.dtd", "cXML.dtd"),
        ("1.2.020", "1.1.009"),
        ('<!DOCTYPE cXML SYSTEM "http://xml.cXML.org/schemas/cXML/1.2.020/InvoiceDetail.dtd">', ""),
    ],
)
def test_a_document_type_that_coupa_does_not_take_is_told(before: str, after: str) -> None:
    assert ["cxml-doctype"] == [finding.rpartition("[")[2].rstrip("]") for finding in broken(before, after)]


def test_other_documents_have_no_such_rules() -> None:
    assert [] == list(check((SAMPLES / "lockbox" / "29-ubl.xml").read_bytes(), "u.xml"))


def test_validation_tells_it_and_the_invoice_is_read_all_the_same() -> None:
    found = examine(io.BytesIO(GOOD.replace(' currency="GBP"', "", 1).encode()), "c.xml")
    assert (True, 1, ["cxml-attribute-missing"]) == (
        found.good,
        found.totals.records,
        [finding.rule.id for finding in found.findings],
    )
