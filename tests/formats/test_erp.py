"""Approved invoices become posting files, to the cent."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.documents import Charge, ChargeKind, Invoice, InvoiceLine, TaxLine
from formats.erp import posting
from formats.erp.render import SPECIMEN, check, names, packaged, render
from formats.xml import Node, parse

prices = st.decimals(min_value="-50", max_value=500, places=3)


def rows(*invoices: Invoice) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(render(invoices, packaged("generic-csv"))), newline="")))


def findings(template: str) -> list[str]:
    return [str(finding) for finding in check(template)]


def test_each_line_is_a_row_with_its_invoice() -> None:
    first, second = rows(SPECIMEN)
    assert (
        first["InvoiceNumber"],
        first["DocumentType"],
        first["Status"],
        first["SupplierNumber"],
        first["GrossTotal"],
        first["LineNumber"],
        first["LineTotal"],
    ) == ("INV-1001", "Invoice", "approved", "4711", "124.95", "1", "10.00")
    assert (second["InvoiceNumber"], second["LineNumber"], second["LineTotal"]) == ("INV-1001", "2", "90.00")


def test_quotes_and_line_breaks_stay_in_their_cell() -> None:
    first, _ = rows(SPECIMEN)
    assert (first["SupplierName"], first["Description"]) == ('Bolt & "Nut" <Ltd>', "Bolts M8")


@given(
    lines=st.lists(prices, min_size=1, max_size=8),
    tax=st.decimals(min_value=0, max_value=100, places=2),
    charge=st.decimals(min_value=-20, max_value=20, places=2),
)
def test_the_rows_of_an_invoice_add_up_to_its_total(lines: list[Decimal], tax: Decimal, charge: Decimal) -> None:
    invoice = replace(
        SPECIMEN,
        lines=tuple(
            InvoiceLine(number=place, description="", price=price, quantity=Decimal(3))
            for place, price in enumerate(lines, start=1)
        ),
        taxes=(TaxLine(amount=tax),),
        charges=(Charge(kind=ChargeKind.MISC, amount=charge),),
        control_total=None,
    )
    written = rows(invoice)
    parts = ("LineTotal", "DistributedTax", "DistributedCharges")
    assert Decimal(written[0]["GrossTotal"]) == sum(Decimal(row[part]) for row in written for part in parts)


@pytest.mark.parametrize(
    ("credit", "status", "signed"),
    [
        (False, "approved", "124.95"),
        (True, "approved", "-124.95"),
        (False, "voided", "-124.95"),
        (True, "voided", "124.95"),
    ],
)
def test_the_signed_total_is_what_is_owed_more(credit: bool, status: str, signed: str) -> None:
    row, _ = rows(replace(SPECIMEN, is_credit_note=credit, status=status))
    assert (signed, "124.95") == (row["SignedTotal"], row["GrossTotal"])


def test_an_invoice_without_lines_is_still_a_row() -> None:
    (row,) = rows(replace(SPECIMEN, lines=(), taxes=(), control_total=Decimal("5.00")))
    assert (row["GrossTotal"], row["LineTotal"], row["DistributedCharges"]) == ("5.00", "0.00", "5.00")


def test_tax_is_spread_by_the_lines_rates_where_they_state_them() -> None:
    lines = tuple(replace(line, other={"tax-rate": rate}) for line, rate in zip(SPECIMEN.lines, "07", strict=True))
    first, second = posting.post(replace(SPECIMEN, lines=lines)).lines
    assert (Decimal("0.00"), Decimal("19.95")) == (first.tax, second.tax)


def test_line_taxes_stay_with_their_lines() -> None:
    lines = tuple(replace(line, taxes=(TaxLine(amount=Decimal(2)),)) for line in SPECIMEN.lines)
    invoice = replace(SPECIMEN, lines=lines, taxes=(), line_level_taxation=True, control_total=None)
    assert [Decimal(2), Decimal(2)] == [line.tax for line in posting.post(invoice).lines]


def test_an_invoice_out_of_balance_is_never_posted() -> None:
    invoice = replace(SPECIMEN, control_total=Decimal("125.95"))
    assert [finding.rule.id for finding in posting.check(invoice)] == ["erp-unbalanced"]
    with pytest.raises(posting.UnbalancedInvoiceError, match=r"124\.95.*125\.95"):
        posting.post(invoice)


def test_xml_templates_escape_and_drop_what_xml_forbids() -> None:
    invoice = replace(SPECIMEN, supplier_name="<Bolt>\x01 & Co")
    root = parse(io.BytesIO("".join(render([invoice], packaged("generic-xml"))).encode()), "p.xml")
    assert isinstance(root, Node)
    assert root.text("Invoice/SupplierName") == "<Bolt>  & Co"


def test_invoices_are_taken_one_by_one() -> None:
    taken = 0

    def invoices() -> Iterator[Invoice]:
        nonlocal taken
        for _ in range(5000):
            taken += 1
            yield SPECIMEN

    next(render(invoices(), packaged("generic-csv")))
    assert taken < 1000


@pytest.mark.parametrize("name", names())
def test_the_packaged_templates_have_no_faults(name: str) -> None:
    assert findings(packaged(name)) == []


@pytest.mark.parametrize(
    ("template", "finding"),
    [
        ("a\n{% for p in postings %}\n", "template:2"),
        ("a\n{{ nothing }}", "template:2: 'nothing' is undefined"),
        ("\n\n{% for p in postings %}{{ p.grand_total }}{% endfor %}", "template:3"),
        ("{{ 1|unknown }}", "template:1: No filter named 'unknown'."),
        ("{{ ''.__class__.__mro__ }}", "template:1: access to attribute '__class__' of 'str' object is unsafe."),
    ],
)
def test_a_fault_of_a_template_is_a_finding_at_its_line(template: str, finding: str) -> None:
    (found,) = findings(template)
    assert found.startswith(finding)


def test_an_unknown_template_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        packaged("../secrets")


@pytest.mark.parametrize("name", ["generic-csv", "generic-xml"])
def test_the_generic_templates_write_the_custom_fields_that_are_asked_for(name: str) -> None:
    line = replace(SPECIMEN.lines[0], other={"project": "P-7", "line-id": "9"})
    invoice = replace(SPECIMEN, lines=(line, *SPECIMEN.lines[1:]), other={"batch-id": "0042", "created-at": "now"})
    text = "".join(render([invoice], packaged(name), context={"custom_fields": "batch-id, project"}))
    if name == "generic-csv":
        found = [(row["batch-id"], row["project"]) for row in csv.DictReader(io.StringIO(text, newline=""))]
        assert [("0042", "P-7"), ("0042", "")] == found
    else:
        assert 1 == text.count('<CustomField name="batch-id">0042</CustomField>')
        assert 1 == text.count('<CustomField name="project">P-7</CustomField>')
    assert ("created-at" in text, "line-id" in text) == (False, False)


@pytest.mark.parametrize("name", ["generic-csv", "generic-xml"])
def test_the_generic_templates_name_the_papers_of_an_invoice(name: str) -> None:
    def written(**context: object) -> str:
        return "".join(render([SPECIMEN], packaged(name), context=context))

    papers = {"1": ["1_01_a.pdf", "1_02_b.csv"]}
    assert ["1_01_a.pdf" in text for text in (written(papers=papers), written(papers={}), written())] == [
        True,
        False,
        False,
    ]
