"""The sums of an invoice, with both numbers in the message."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.arithmetic import check
from formats.documents import Charge, ChargeKind, Invoice, InvoiceLine, TaxLine
from formats.findings import Source
from formats.money import minor_units, rounded, share

LINE = InvoiceLine(
    number=1, description="Toner", price=Decimal("52.50"), quantity=Decimal(2), declared=Decimal("105.00")
)
INVOICE = Invoice(
    number="INV-1",
    date=dt.date(2026, 3, 1),
    currency="EUR",
    lines=(LINE,),
    charges=(Charge(kind=ChargeKind.SHIPPING, amount=Decimal("5.00")),),
    taxes=(TaxLine(amount=Decimal("20.90"), rate=Decimal(19), basis=Decimal("110.00")),),
    control_total=Decimal("130.90"),
    other={"line-total": "105.00", "net-total": "110.00", "tax-total": "20.90"},
    source=Source("r.xml"),
)


def messages(invoice: Invoice) -> list[str]:
    return [str(finding) for finding in check(invoice)]


def with_line(**changes: object) -> Invoice:
    return replace(INVOICE, lines=(replace(LINE, **changes),))  # type: ignore[arg-type]


def test_an_invoice_that_adds_up_has_no_finding() -> None:
    assert messages(INVOICE) == []


def test_a_wrong_line_says_both_numbers() -> None:
    found = messages(with_line(price=Decimal("53.00")))
    assert found == ["r.xml: line 1: 2 x 53.00 is 106.00, but 105.00 is stated (-1.00) [total-line]"]


def test_the_price_basis_and_the_lines_own_charges_count() -> None:
    line = with_line(price=Decimal(10250), price_basis=Decimal(200), other={"adjustment": "2.50"})
    assert messages(line) == []


def test_a_cent_of_rounding_on_a_line_is_allowed() -> None:
    assert messages(with_line(price=Decimal("52.5049"))) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"other": {"net-total": "111.00"}}, "total-net"),
        ({"other": {"line-total": "104.00"}}, "total-net"),
        ({"other": {"tax-total": "21.00"}}, "total-tax"),
        ({"control_total": Decimal("130.00")}, "total-control"),
        ({"charges": (Charge(kind=ChargeKind.MISC, amount=Decimal("5.001")),)}, "amount-minor-units"),
    ],
)
def test_each_sum_has_its_rule(changes: dict[str, object], rule: str) -> None:
    assert [rule] == [finding.rule.id for finding in check(replace(INVOICE, **changes))]  # type: ignore[arg-type]


def test_a_tax_that_is_not_its_rate_says_both_numbers() -> None:
    tax = TaxLine(amount=Decimal("20.90"), rate=Decimal(20), basis=Decimal("110.00"))
    found = messages(replace(INVOICE, taxes=(tax,)))
    assert found == ["r.xml: tax at 20 % on 110.00 is 22.00, but 20.90 is stated (-1.10) [total-tax]"]


def test_a_line_tax_is_checked_against_its_line() -> None:
    line = replace(LINE, taxes=(TaxLine(amount=Decimal("20.00"), rate=Decimal(20)),))
    invoice = replace(INVOICE, lines=(line,), taxes=(), charges=(), line_level_taxation=True, control_total=None)
    assert [finding.rule.id for finding in check(replace(invoice, other={}))] == ["total-tax"]


def test_yen_have_no_decimals_and_dinars_three() -> None:
    assert (minor_units("JPY"), minor_units("KWD"), minor_units("EUR"), minor_units("???")) == (0, 3, 2, 2)


def test_half_a_cent_goes_up_on_both_sides_of_zero() -> None:
    assert (Decimal("0.13"), Decimal("-0.13")) == (
        rounded(Decimal("0.125"), "EUR"),
        rounded(Decimal("-0.125"), "EUR"),
    )


amounts = st.decimals(min_value=-10_000, max_value=10_000, places=2)


@given(amount=amounts, weights=st.lists(amounts, min_size=1, max_size=20))
def test_a_shared_amount_loses_no_cent(amount: Decimal, weights: list[Decimal]) -> None:
    assert amount == sum(share(amount, weights, "EUR"))


def test_equal_weights_differ_by_one_cent_at_most() -> None:
    assert [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")] == share(Decimal(1), [Decimal(1)] * 3, "EUR")
