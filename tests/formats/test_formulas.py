"""Formulas: text that a spreadsheet would run is doubted where it comes in and harmless where people open it."""

import io
from decimal import Decimal

import pytest

from formats import einvoice
from formats.acknowledgement import Acknowledgement, Answer
from formats.documents import Invoice, InvoiceLine
from formats.examine import examine, marked
from formats.findings import Finding
from formats.formulas import doubts, is_formula, neutral
from tests.exchange.parties import SAMPLES
from tests.formats.files import rows

HOSTILE = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+cmd|' /C calc'!A0", "\t=1", "＝1+1", "＋HYPERLINK(1)"]
PLAIN = ["-12.50", "+49 (30) 123-456", "-", "A=B", "a@b.example", "1-2", "", "- 1", "+1,5"]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_run_is_a_formula(text: str) -> None:
    assert (True, f"'{text}") == (is_formula(text), neutral(text))


@pytest.mark.parametrize("text", PLAIN)
def test_signed_numbers_and_plain_text_are_none(text: str) -> None:
    assert (False, text) == (is_formula(text), neutral(text))


def test_a_formula_anywhere_in_an_invoice_is_doubted_with_its_field() -> None:
    line = InvoiceLine(number=1, description="=HYPERLINK(1)", price=Decimal(-1))
    invoice = Invoice(number="@A", date=None, currency="EUR", lines=(line,), other={"Note": "+x"})
    assert ["number: '@A'", "lines.description: '=HYPERLINK(1)'", "other.Note: '+x'"] == [
        finding.message.removesuffix(" begins like a formula") for finding in doubts(invoice)
    ]


def test_a_formula_in_an_e_invoice_is_a_finding_and_the_invoice_is_read() -> None:
    content = (SAMPLES / "lockbox" / "29-ubl.xml").read_bytes()
    changed = content.replace(b"<cbc:ID>TOSL110</cbc:ID>", b"<cbc:ID>=TOSL110</cbc:ID>", 1)
    results = list(einvoice.read(io.BytesIO(changed), "x"))
    found = [result.rule.id for result in results if isinstance(result, Finding)]
    read = [result.number for result in results if isinstance(result, Invoice)]
    assert (["=TOSL110"], True) == (read, "value-formula" in found)


def test_an_answer_is_harmless_in_a_spreadsheet_and_exact_in_json() -> None:
    answer = Answer(number="=1+1", outcome="loaded", amount=Decimal("-5.00"), currency="EUR")
    told, stream = Acknowledgement(file="a.csv", sha256="0", answers=(answer,)), io.StringIO()
    told.write(stream)
    row = rows(stream.getvalue())[-1]
    assert ("'=1+1", "-5.00", True) == (row[1], row[5], '"number": "=1+1"' in told.dump())


def test_a_marked_file_is_harmless_in_a_spreadsheet() -> None:
    content = b'"Supplier Number*","Supplier Name","Invoice Number*"\r\n"V1","=1+1","A"\r\n'
    out = io.StringIO()
    marked(io.BytesIO(content), examine(io.BytesIO(content), "x.csv"), out)
    assert "'=1+1" in [cell for row in rows(out.getvalue()) for cell in row]
