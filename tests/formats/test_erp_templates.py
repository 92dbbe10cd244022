"""Approved invoices as each ERP takes them, and its payments back."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.documents import Charge, ChargeKind, Invoice, InvoiceLine, Payment, TaxLine
from formats.erp import payments, posting
from formats.erp.preview import preview
from formats.erp.render import SPECIMEN
from formats.erp.template import Template, load, names, read
from formats.findings import Finding
from formats.xml import Node, parse
from tests.formats.files import docstring, opened, split

KINDS = [(credit, status) for credit in (False, True) for status in ("approved", "voided")]
SAMPLES = Path(__file__).parents[2] / "sample_files" / "lockbox"


def kind(*, credit: bool, status: str) -> Invoice:
    return replace(SPECIMEN, is_credit_note=credit, status=status)


def written(template: Template, *invoices: Invoice, **context: object) -> bytes:
    stream = io.BytesIO()
    template.write(invoices, stream, {"batch": 7, **context})
    return stream.getvalue()


def made(name: str, *invoices: Invoice, **context: object) -> bytes:
    return written(load(name), *invoices, **context)


def members(name: str, *invoices: Invoice, **context: object) -> dict[str, str]:
    return outputs(load(name), *invoices, **context)


def outputs(template: Template, *invoices: Invoice, **context: object) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(written(template, *invoices, **context))) as archive:
        return {part: archive.read(part).decode() for part in archive.namelist()}


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def total(texts: Sequence[str]) -> Decimal:
    return sum((Decimal(text or "0") for text in texts), Decimal(0))


@pytest.mark.parametrize("name", names())
def test_the_packaged_templates_have_no_faults(name: str) -> None:
    assert [] == [str(finding) for finding in load(name).check({"batch": 1})]


@pytest.mark.parametrize("name", names())
def test_the_same_invoices_make_the_same_bytes(name: str) -> None:
    assert made(name, SPECIMEN) == made(name, SPECIMEN)


@pytest.mark.parametrize(
    ("name", "ending"), [("generic-csv", "csv"), ("generic-xml", "xml"), ("sap", "csv"), ("oracle-fbdi", "zip")]
)
def test_a_template_says_what_it_makes(name: str, ending: str) -> None:
    assert ending == load(name).ending


def test_a_customers_folder_makes_one_output_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv.j2").write_text("A", encoding="utf-8")
    (tmp_path / "b.txt.j2").write_text("{% for p in postings %}{{ p.gross }}{% endfor %}", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("ignored", encoding="utf-8")
    assert {"a.csv": "A", "b.txt": "124.95"} == outputs(read(tmp_path), SPECIMEN)


def test_an_unknown_template_is_a_key_error(tmp_path: Path) -> None:
    for name in ("oracle", "../templates/sap", str(tmp_path)):
        with pytest.raises(KeyError):
            load(name)


@pytest.mark.parametrize(("credit", "status"), KINDS)
@pytest.mark.parametrize("context", [{}, {"tax_account": "T"}, {"tax_account": "T", "charge_account": "C"}])
def test_sap_postings_balance_and_a_void_turns_them(credit: bool, status: str, context: dict[str, object]) -> None:
    rows = table(made("sap", kind(credit=credit, status=status), **context).decode())
    debit = total([row["WRBTR"] for row in rows if row["NEWBS"] in ("40", "21")])
    credited = total([row["WRBTR"] for row in rows if row["NEWBS"] in ("31", "50")])
    assert (Decimal("124.95"), Decimal("124.95")) == (debit, credited)
    assert rows[0]["NEWBS"] == ("31" if credit == (status == "voided") else "21")


def test_sap_spreads_the_tax_over_the_lines_and_posts_it_by_code() -> None:
    taxes = (
        TaxLine(amount=Decimal("1.90"), rate=Decimal(19), code="V1"),
        TaxLine(amount=Decimal("6.30"), rate=Decimal(7), code="V2"),
    )
    lines = tuple(
        replace(line, other={"tax-rate": rate}) for line, rate in zip(SPECIMEN.lines, ("19", "7"), strict=True)
    )
    invoice = replace(SPECIMEN, lines=lines, taxes=taxes, charges=(), control_total=None)
    rows = table(made("sap", invoice, tax_account="154000").decode())
    assert [
        ("40", "10.00", "1.90", "V1"),
        ("40", "90.00", "6.30", "V2"),
        ("40", "1.90", "", "V1"),
        ("40", "6.30", "", "V2"),
    ] == [(row["NEWBS"], row["WRBTR"], row["WMWST"], row["MWSKZ"]) for row in rows[1:]]


def test_oracle_takes_headers_and_lines_by_position() -> None:
    files = members("oracle-fbdi", SPECIMEN, business_unit="Vision")
    assert ["ApInvoiceLinesInterface.csv", "ApInvoicesInterface.csv"] == sorted(files)
    (header,) = cells(files["ApInvoicesInterface.csv"])
    assert (73, ["1", "Vision", "COUPA", "INV-1001", "124.95", "2026/03/01"], "4711", "EUR", "STANDARD") == (
        len(header),
        header[:6],
        header[7],
        header[9],
        header[13],
    )
    lines = cells(files["ApInvoiceLinesInterface.csv"])
    assert {50} == {len(line) for line in lines}
    assert ["1", "1", "ITEM", "10.00", "100", "0.1", "", "Bolts M8"] == lines[0][:8]
    assert "10-4711" == lines[0][21]


@pytest.mark.parametrize(("credit", "status"), KINDS)
def test_oracles_lines_add_up_to_the_signed_header(credit: bool, status: str) -> None:
    files = members("oracle-fbdi", kind(credit=credit, status=status))
    (header,) = cells(files["ApInvoicesInterface.csv"])
    lines = total([line[3] for line in cells(files["ApInvoiceLinesInterface.csv"])])
    owed = credit == (status == "voided")
    assert (lines, header[13]) == (Decimal(header[4]), "STANDARD" if owed else "CREDIT")
    assert owed == (lines > 0)
    assert header[3].endswith("-VOID") == (status == "voided")


@pytest.mark.parametrize(("credit", "status"), KINDS)
def test_netsuite_gets_bills_and_credits_apart_with_their_lines(credit: bool, status: str) -> None:
    files = members("netsuite", kind(credit=credit, status=status))
    used, empty = ("Bill", "Credit") if credit == (status == "voided") else ("Credit", "Bill")
    assert ([], []) == (table(files[f"Vendor{empty}s.csv"]), table(files[f"Vendor{empty}Expenses.csv"]))
    (document,) = table(files[f"Vendor{used}s.csv"])
    lines = table(files[f"Vendor{used}Expenses.csv"])
    assert {document["External ID"]} == {line["External ID"] for line in lines}
    assert Decimal("124.95") == total([line[part] for line in lines for part in ("Amount", "Tax Amount")])


@pytest.mark.parametrize(("credit", "status"), KINDS)
@pytest.mark.parametrize("context", [{}, {"tax_account": "T"}])
def test_dynamics_vouchers_balance(credit: bool, status: str, context: dict[str, object]) -> None:
    files = members("dynamics-365", kind(credit=credit, status=status), SPECIMEN, **context)
    rows = table(files["Vendor invoice journal line.csv"])
    assert total([row["DEBIT"] for row in rows]) == total([row["CREDIT"] for row in rows])
    assert rows[0]["ACCOUNTTYPE"] == "Vend"
    assert bool(rows[0]["CREDIT"]) == (credit == (status == "voided"))
    assert [str(place) for place in range(1, len(rows) + 1)] == [row["LINENUMBER"] for row in rows]
    (header,) = table(files["Vendor invoice journal header.csv"])
    assert {header["JOURNALBATCHNUMBER"]} == {row["JOURNALBATCHNUMBER"] for row in rows}


def paid(name: str, text: str) -> list[Payment]:
    documents, findings = split(payments.LAYOUTS[name].read(opened(text), "p.csv"))
    assert [] == findings
    return [replace(document, source=None) for document in documents]


PAYMENT = Payment(
    invoice_number="INV-1",
    amount=Decimal("124.95"),
    supplier_number="4711",
    supplier_name="Bolt Ltd",
    currency="EUR",
    number="2000000017",
    date=dt.date(2026, 4, 2),
    note="Run 14",
)


PAID = {
    "sap-payments": """LIFNR,NAME1,XBLNR,BLDAT,WAERS,WRBTR,AUGBL,AUGDT,SGTXT
4711,Bolt Ltd,INV-1,20260301,EUR,124.95,2000000017,20260402,Run 14
""",
    "oracle-payments": """CHECK_NUMBER,CHECK_DATE,AMOUNT,PAYMENT_CURRENCY_CODE,VENDOR_NUM,VENDOR_NAME,INVOICE_NUM
2000000017,2026/04/02,124.95,EUR,4711,Bolt Ltd,INV-1
""",
    "netsuite-payments": """Date,Check #,Vendor,Vendor Name,Reference No.,Currency,Payment Amount,Memo
04/02/2026,2000000017,4711,Bolt Ltd,INV-1,EUR,124.95,Run 14
""",
    "dynamics-365-payments": """\
ACCOUNTDISPLAYVALUE,MARKEDINVOICE,CURRENCYCODE,DEBITAMOUNT,PAYMENTREFERENCE,TransactionDate
4711,INV-1,EUR,124.95,2000000017,2026-04-02
""",
}


@pytest.mark.parametrize("name", PAID)
def test_each_erps_payments_are_read(name: str) -> None:
    (payment,) = paid(name, PAID[name])
    spare = {field: getattr(payment, field) for field in ("invoice_date", "supplier_name", "note")}
    assert replace(PAYMENT, **spare) == payment


@pytest.mark.parametrize("name", payments.LAYOUTS)
def test_payments_are_written_as_they_are_read(name: str) -> None:
    stream = opened("")
    payments.LAYOUTS[name].write([PAYMENT], stream)
    (payment,) = paid(name, stream.getvalue())
    assert (PAYMENT.amount, PAYMENT.date, PAYMENT.number) == (payment.amount, payment.date, payment.number)


def test_a_payment_without_its_number_is_refused() -> None:
    """
    LIFNR,XBLNR,WRBTR,AUGBL,AUGDT
    4711,INV-1,124.95,,20260402
    """
    stream = docstring(test_a_payment_without_its_number_is_refused)
    documents, findings = split(payments.SapPayments.read(stream, "p.csv"))
    assert ([], True) == (documents, any("AUGBL" in finding and "value-required" in finding for finding in findings))


def test_a_preview_shows_an_e_invoice_as_the_erp_would_get_it() -> None:
    shown = preview((SAMPLES / "29-ubl.xml").read_bytes(), "29-ubl.xml", load("oracle-fbdi"))
    assert (1, ()) == (shown.invoices, shown.findings)
    (header,) = cells(shown.texts["ApInvoicesInterface.csv"])
    assert ("TOSL110", "4675.00") == (header[3], header[4])


def test_a_preview_tells_what_cannot_be_posted_or_rendered() -> None:
    shown = preview(b"nonsense", "x.csv", Template("own", {"own": "{{ nothing }}"}))
    assert ({}, 0) == (shown.texts, shown.invoices)
    assert "erp-template" in {finding.rule.id for finding in shown.findings}


def test_a_preview_leaves_out_what_does_not_add_up() -> None:
    content = (SAMPLES / "29-ubl.xml").read_bytes().replace(b">4675", b">5675")
    shown = preview(content, "29-ubl.xml", load("sap"))
    assert 0 == shown.invoices
    assert any(isinstance(finding, Finding) and finding.rule.id == "erp-unbalanced" for finding in shown.findings)


amounts = st.decimals(min_value="-500", max_value=5000, places=3)
CURRENCIES = {"EUR": 2, "JPY": 0, "KWD": 3}


@st.composite
def taxed_invoices(draw: st.DrawFn) -> Invoice:
    """Invoices and credit notes, voided or not, with tax and charges of the header to be spread over any lines."""
    currency = draw(st.sampled_from(list(CURRENCIES)))
    places = CURRENCIES[currency]
    money = st.decimals(min_value=0, max_value=500, places=places)
    lines = tuple(
        InvoiceLine(number=place, description="x", price=price, quantity=Decimal(3), account_code=f"10-{place}")
        for place, price in enumerate(draw(st.lists(amounts, min_size=1, max_size=6)), start=1)
    )
    return replace(
        SPECIMEN,
        currency=currency,
        lines=lines,
        taxes=tuple(TaxLine(amount=one, code=f"V{n}") for n, one in enumerate(draw(st.lists(money, max_size=3)))),
        charges=(Charge(kind=ChargeKind.MISC, amount=draw(money)),),
        control_total=None,
        is_credit_note=draw(st.booleans()),
        status=draw(st.sampled_from(["approved", "voided"])),
    )


def written_total(name: str, invoice: Invoice) -> Decimal:
    """What the lines of a posting add up to, whatever columns the ERP has for it, in its own sign."""
    files = members(name, invoice) if name in ("oracle-fbdi", "netsuite", "dynamics-365") else {}
    match name:
        case "generic-csv":
            parts = ("LineTotal", "DistributedTax", "DistributedCharges")
            return total([row[part] for row in table(made(name, invoice).decode()) for part in parts])
        case "generic-xml":
            parts = ("LineTotal", "DistributedTax", "DistributedCharges")
            root = parse(io.BytesIO(made(name, invoice)), "p.xml")
            assert isinstance(root, Node)
            return total([node.text() for part in parts for node in root.all(f"Invoice/Line/{part}")])
        case "sap":
            rows = table(made(name, invoice, tax_account="T").decode())
            return sum((Decimal(row["WRBTR"]) * SIDES[row["NEWBS"]] for row in rows[1:]), Decimal(0))
        case "oracle-fbdi":
            return total([line[3] for line in cells(files["ApInvoiceLinesInterface.csv"])])
        case "netsuite":
            expenses = [file for file in files if file.endswith("Expenses.csv")]
            rows = [row for file in expenses for row in table(files[file])]
            return total([row[part] for row in rows for part in ("Amount", "Tax Amount")])
        case _:
            rows = table(files["Vendor invoice journal line.csv"])
            others = [row for row in rows if row["ACCOUNTTYPE"] != "Vend"]
            return total([row["DEBIT"] for row in others]) - total([row["CREDIT"] for row in others])


SIDES = {"40": Decimal(1), "50": Decimal(-1)}


@pytest.mark.parametrize("name", names())
@settings(max_examples=15, deadline=None)
@given(invoice=taxed_invoices())
def test_every_template_keeps_the_cents_of_tax_and_charges_that_it_spreads(name: str, invoice: Invoice) -> None:
    assert abs(posting.post(invoice).gross) == abs(written_total(name, invoice))


def test_each_template_has_the_payment_file_of_its_erp() -> None:
    page = (SAMPLES.parents[1] / "docs" / "howto" / "use-your-own-template.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+`) \| `([\w-]+)` \| [^|]+ \|$", page, re.MULTILINE)
    named = {name: layout for cell, layout in rows for name in re.findall(r"`([\w-]+)`", cell)}
    assert (set(names()), set(payments.LAYOUTS)) == (set(named), set(named.values()))
