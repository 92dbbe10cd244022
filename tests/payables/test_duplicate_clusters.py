import datetime as dt
from typing import Any

import pytest

from payables.context import PastInvoice
from payables.duplicate_clusters import clusters
from payables.policy import DuplicateRules
from tests.payables.builders import number, past


def paid(name: str, day: str = "2026-01-05", total: str = "812.50", **more: Any) -> PastInvoice:
    return past(number=name, date=dt.date.fromisoformat(day), total=total, **more)


def found(*invoices: PastInvoice, **rules: Any) -> list[tuple[int, ...]]:
    return [cluster.members for cluster in clusters(invoices, DuplicateRules(**rules))]


def test_one_invoice_under_three_spellings_is_one_cluster() -> None:
    invoices = (paid("RE-1001"), paid("9999"), paid("RE 1OO1"), paid("1001"), paid("RE-1001", total="5"))
    assert found(*invoices) == [(0, 2, 3)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (paid("A-77001"), paid("A-77002")),
        (paid("77001A"), paid("77001B")),
        (paid("77001"), paid("91234")),
        (paid("77001"), paid("77001", supplier_number="S-2", total="812.51")),
        (paid("77001"), paid("77001", currency="USD")),
        (paid("77001"), paid("77001", status="voided")),
        (paid("77001", total="-812.50"), paid("77001", total="-812.50")),
    ],
)
def test_what_is_no_repetition(one: PastInvoice, two: PastInvoice) -> None:
    assert found(one, two) == []


@pytest.mark.parametrize(
    "two",
    [
        paid("77001", "2026-04-05"),
        paid("077001", "2026-04-05"),
        paid("77001-A", "2026-04-05"),
        paid("70701", "2026-02-05"),
        paid("770011", "2026-02-05"),
        paid("77001", supplier_number="S-2"),
        paid("GUTSCHRIFT 9/B", "2026-01-08"),
    ],
)
def test_what_may_be_a_repetition(two: PastInvoice) -> None:
    assert found(paid("77001"), two) == [(0, 1)]


def test_a_credited_invoice_may_be_billed_again() -> None:
    assert found(paid("77001"), paid("77001-CR", total="-812.50"), paid("77001")) == []


def test_a_rent_is_a_series_though_its_amount_and_its_days_repeat() -> None:
    months = [paid(f"{month:02}0126", f"2026-{month:02}-01") for month in range(1, 7)]
    assert found(*months) == []


def test_a_standing_payment_under_one_number_is_no_repetition() -> None:
    assert found(*(paid("RENT HALL 4", f"2026-{month:02}-01") for month in range(1, 7))) == []


def test_the_same_image_joins_whatever_the_data_say() -> None:
    assert found(paid("1", total="5", image_sha256="ab"), paid("2", total="7", image_sha256="ab")) == [(0, 1)]


def test_the_most_money_behind_the_strongest_sign_comes_first() -> None:
    small, big = ("11111", "10"), ("22222", "5000")
    invoices = [paid(name, total=total) for name, total in (small, small, big, big)]
    ranked = clusters(invoices, DuplicateRules())
    assert [(one.members, one.at_risk) for one in ranked] == [((2, 3), number(5000)), ((0, 1), number(10))]


def test_amounts_that_are_not_worth_a_look_are_left_out() -> None:
    assert found(paid("77001"), paid("77001"), least_amount=number(1000)) == []
