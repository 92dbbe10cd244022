"""Amounts and dates in the ways people print them."""

import datetime as dt
from decimal import Decimal

import pytest

from capture.values import amounts, dates, mend_digits, writes_comma, writes_month_first


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("€ 9,90", "9.90"),
        ("$42.00", "42.00"),
        ("RM2.85", "2.85"),
        ("(12.00)", "-12.00"),
        ("12.00-", "-12.00"),
        ("-0,50 €", "-0.50"),
        ("1,234,567", "1234567"),
        (".68", "0.68"),
        ("0.025", "0.025"),
    ],
)
def test_an_amount_is_read_as_it_is_printed(text: str, expected: str) -> None:
    assert [Decimal(expected)] == [amount.value for amount in amounts(text)]


@pytest.mark.parametrize(
    "text", ["20:10:51", "17.03.2024", "BW-20418", "12/03", "192.168.1.10", "A4B", "9" * 30, "9" * 30 + ".00"]
)
def test_what_is_no_amount_is_not_read_as_one(text: str) -> None:
    assert [] == list(amounts(text))


@pytest.mark.parametrize(("comma", "expected"), [(True, "1000"), (False, "1.000"), (None, "1.000")])
def test_a_point_before_three_digits_means_what_the_document_means(comma: bool | None, expected: str) -> None:
    assert [Decimal(expected)] == [amount.value for amount in amounts("1.000", comma=comma)]


def test_a_rate_is_marked_as_a_rate() -> None:
    assert [True, False] == [amount.percent for amount in amounts("19% 10,00")]
    assert [True, False] == [amount.percent for amount in amounts("VAT 19%: 10,00")]


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "05.03.2024",
        "5/3/24",
        "5. März 2024",
        "5 mars 2024",
        "March 5, 2024",
        "5th of March 2024",
        "05-Mar-24",
        "20240305",
        "05.03.202418:20",
    ],
)
def test_a_date_is_read_in_many_styles(text: str) -> None:
    assert [dt.date(2024, 3, 5)] == [date.value for date in dates(text)]


def test_day_and_month_follow_the_document() -> None:
    assert [dt.date(2024, 5, 3)] == [date.value for date in dates("05/03/2024", month_first=True)]


def test_a_document_shows_that_it_writes_the_month_first() -> None:
    assert writes_month_first(["03/20/2023", "04/05/2023"])
    assert not writes_month_first(["20/03/2023", "04/05/2023"])


@pytest.mark.parametrize("text", ["31.02.2024", "99/99/2024", "1.2", "0.0.0"])
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert [] == list(dates(text))


@pytest.mark.parametrize(("text", "expected"), [("9,90 1,50", True), ("9.90 1.50", False), ("none", None)])
def test_the_decimal_mark_is_told_from_the_document(text: str, expected: bool | None) -> None:
    assert expected is writes_comma(text)


def test_letters_that_engines_read_for_digits_are_mended() -> None:
    assert "10152.85" == mend_digits("IOI52.B5")
