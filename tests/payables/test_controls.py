import datetime as dt
from typing import Any

import pytest

from formats.documents import Supplier
from payables.benford import Conformity, benford, ranking
from payables.policy_values import PolicyError
from payables.verdicts import Decision
from tests.payables.builders import ACME, house, invoice, line, number, order, past, verdict_on

LIMIT = {"amount": 1000, "confidence": 0}


def coded(total: Any) -> Any:
    return line(1, total, text="Rent", po_number="", account_code="01")


def told(total: Any = 100, *earlier: Any, rules: Any = None, **more: Any) -> tuple[str, ...]:
    around = {name: more.pop(name) for name in ("supplier", "candidates") if name in more}
    judgement = verdict_on(invoice(coded(total), **more), history=earlier, rules=rules, first=bool(earlier), **around)
    return judgement.codes


def usual(count: int = 12, total: Any = "123.45", step: int = 7, **more: Any) -> tuple[Any, ...]:
    start = dt.date(2025, 6, 2)
    return tuple(
        past(
            number=f"A{nth * step + 1000}",
            total=number(total) + nth,
            date=start + dt.timedelta(days=7 * nth),
            **more,
        )
        for nth in range(count)
    )


def test_what_is_unusual_is_told_and_loaded_unless_the_house_holds_it() -> None:
    decisions = [
        verdict_on(invoice(coded(5000)), history=usual(), first=True, rules=house(controls=controls)).decision
        for controls in ({}, {"amount-unusual": "draft"}, {"amount-unusual": "hold"})
    ]
    assert decisions == [Decision.LOAD, Decision.DRAFT, Decision.HOLD]


def test_a_hard_control_cannot_be_switched_off() -> None:
    with pytest.raises(PolicyError, match=r"controls\.duplicate-exact: is not known"):
        house(controls={"duplicate-exact": "load"})


def test_an_amount_far_above_the_usual_names_both() -> None:
    judgement = verdict_on(invoice(coded(5000)), history=usual(), first=True)
    assert judgement.reasons[0].explanation == (
        "The invoice is over EUR 5,000.00, the supplier usually bills EUR 128.95 (38.8 times as much)"
    )


@pytest.mark.parametrize("total", ["130", "600"])
def test_an_amount_like_the_others_is_not_unusual(total: str) -> None:
    assert told(total, *usual()) == ()


def test_a_round_amount_among_odd_ones() -> None:
    odd = usual(total="3123.45")
    assert (told(4000, *odd), told("4000.01", *odd), told(4000, *usual(total=4000, count=1))) == (
        ("amount-round",),
        (),
        (),
    )


@pytest.mark.parametrize(("total", "codes"), [(969, ()), (970, ("amount-just-below-limit",)), (1001, ("amount-gate",))])
def test_just_below_the_limit(total: int, codes: tuple[str, ...]) -> None:
    assert told(total, *usual(count=3), rules=house(gates=LIMIT)) == codes


def test_one_delivery_billed_in_parts() -> None:
    part = past(number="P-1", total=600, date=dt.date(2026, 2, 27))
    early = past(number="P-1", total=600, date=dt.date(2026, 2, 20))
    assert (told(500, part, rules=house(gates=LIMIT)), told(500, early, rules=house(gates=LIMIT))) == (
        ("invoices-split",),
        (),
    )


def test_a_supplier_without_other_customers() -> None:
    alone = usual(count=6, step=1)
    assert (told(124, *alone, number="A1006"), told(124, *usual(count=6), number="A1042")) == (
        ("numbers-consecutive",),
        (),
    )


def test_a_number_lower_than_that_of_an_older_invoice() -> None:
    assert told(124, *usual(count=6), number="A1003") == ("number-out-of-sequence",)


def test_a_bank_account_that_another_supplier_has() -> None:
    other = Supplier(number="S-2", name="Shell", iban=ACME.iban)
    assert told(100, candidates=(other,), supplier=ACME) == ("bank-shared",)
    assert told(100, *usual(1), past(number="X", iban=ACME.iban, supplier_number="S-3", total=9)) == ("bank-shared",)


@pytest.mark.parametrize(
    ("sender", "codes"),
    [("ar@acme.com", ()), ("ar@uk.acme.com", ()), ("ar@acrne.com", ("sender-unknown",)), ("", ())],
)
def test_a_look_alike_domain(sender: str, codes: tuple[str, ...]) -> None:
    known = Supplier(number="S-1", name="Acme", email="sales@acme.com")
    assert told(100, supplier=known, supplier_email=sender) == codes


def test_a_weekend_among_working_days() -> None:
    assert told(124, *usual(), date=dt.date(2026, 3, 7)) == ("date-on-weekend",)
    assert told(124, *usual(), date=dt.date(2026, 3, 6)) == ()


def test_billed_before_it_was_ordered() -> None:
    late = order(created_at=dt.datetime(2026, 3, 3, tzinfo=dt.UTC))
    assert verdict_on(invoice(), late).codes == ("date-before-order",)


def test_powers_follow_benfords_law_and_even_numbers_do_not() -> None:
    powers = benford((number(1) * 3) ** nth for nth in range(3, 2000))
    even = benford(number(nth) for nth in range(10, 100))
    assert (powers.conformity, even.conformity) == (Conformity.CLOSE, Conformity.NONE)


def test_small_amounts_and_small_suppliers_are_left_out() -> None:
    assert benford([number("9.99"), number(10)]).count == 1
    ranked = ranking({"few": [number(50)] * 299, "fives": [number(55)] * 300, "mixed": map(number, range(10, 900))})
    assert [supplier for supplier, _ in ranked] == ["fives", "mixed"]
