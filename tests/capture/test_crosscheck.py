"""Cross-check: data against its image."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from capture.crosscheck import check, look
from capture.engines import Engines
from capture.paper import Paper
from formats.documents import Invoice, InvoiceLine
from formats.findings import Finding
from tests.capture.conftest import NO_ENGINES

INVOICE = Invoice(
    number="BW-20418",
    date=dt.date(2024, 3, 17),
    currency="GBP",
    supplier_name="Brightwater Tools Limited",
    control_total=Decimal("726.00"),
    lines=(
        InvoiceLine(number=1, description="Cordless drill", price=Decimal(120), quantity=Decimal(4)),
        InvoiceLine(number=2, description="Bits", price=Decimal("12.5"), quantity=Decimal(10)),
    ),
)


def rules(findings: Sequence[Finding]) -> list[str]:
    return [finding.rule.id for finding in findings]


def test_data_that_agrees_with_its_page_has_no_findings(printed: Paper) -> None:
    assert [] == rules(check(INVOICE, printed, NO_ENGINES))


def test_data_that_agrees_with_its_scan_has_no_findings(scanned: Paper, engines: Engines) -> None:
    assert [] == rules(check(INVOICE, scanned, engines))


def test_every_value_has_the_place_where_it_was_seen(printed: Paper) -> None:
    evidence = look(INVOICE, printed, NO_ENGINES).evidence
    assert {"number", "date", "supplier", "currency", "total", "lines[0].net", "lines[1].net"} == set(evidence)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"number": "BW-20419"}, ["check-number-contradicted"]),
        ({"date": dt.date(2024, 3, 18)}, ["check-date-contradicted"]),
        ({"currency": "USD"}, ["check-currency-contradicted"]),
        ({"control_total": Decimal("762.00")}, ["check-total-contradicted"]),
        ({"supplier_name": "Brightwood Timber Ltd"}, ["check-supplier"]),
        ({"lines": (replace(INVOICE.lines[0], price=Decimal(121)), INVOICE.lines[1])}, ["check-line"]),
    ],
)
def test_each_value_that_differs_is_a_finding(printed: Paper, change: dict[str, Any], expected: list[str]) -> None:
    assert expected == rules(check(replace(INVOICE, **change), printed, NO_ENGINES))


def test_the_image_of_another_invoice_is_caught(printed: Paper) -> None:
    other = replace(INVOICE, number="77", control_total=Decimal("12.34"), date=dt.date(2020, 1, 1))
    assert "check-image-swapped" in rules(check(other, printed, NO_ENGINES))


def test_a_misread_number_is_forgiven(printed: Paper) -> None:
    assert [] == rules(check(replace(INVOICE, number="BW-2O4l8"), printed, NO_ENGINES))


@pytest.mark.parametrize("number", ["BW-2041", "0418", "4500"])
def test_a_number_inside_a_longer_number_is_not_the_number(printed: Paper, number: str) -> None:
    seen = rules(check(replace(INVOICE, number=number), printed, NO_ENGINES))
    assert ["check-number-contradicted"] == seen


def test_a_date_that_is_only_the_due_date_is_not_the_invoice_date(printed: Paper) -> None:
    due = replace(INVOICE, date=dt.date(2024, 4, 16))
    assert ["check-date-contradicted"] == rules(check(due, printed, NO_ENGINES))


def test_a_line_amount_is_not_the_total(printed: Paper) -> None:
    wrong = replace(INVOICE, control_total=Decimal("480.00"))
    assert ["check-total-contradicted"] == rules(check(wrong, printed, NO_ENGINES))


def test_a_line_is_looked_for_in_cents(printed: Paper) -> None:
    line = InvoiceLine(number=1, description="", price=Decimal("41.66667"), quantity=Decimal(3))
    assert [] == rules(check(replace(INVOICE, lines=(line,)), printed, NO_ENGINES))
