from decimal import Decimal
from typing import Any

import pytest

from payables.policy_values import STARTING_POINT, PolicyError, fingerprint, policy
from payables.tolerances import UNLIMITED, Combine, Limit, Measure
from payables.verdicts import Decision
from tests.payables.builders import house, invoice, line, number, order, order_line, tolerating, verdict_on


def limit(percent: int, amount: int, combine: str) -> dict[str, Any]:
    return {"above": {"percent": percent, "amount": amount, "combine": combine}, "below": "unlimited"}


@pytest.mark.parametrize(("combine", "allowed"), [(Combine.ALL, 20), (Combine.ANY, 50)])
def test_all_takes_the_tighter_limit_and_any_the_looser(combine: Combine, allowed: int) -> None:
    assert Limit(Decimal(2), Decimal(50), combine).allowance(Decimal(1000)) == allowed


def test_zero_allows_nothing_and_only_unlimited_is_unlimited() -> None:
    assert not Limit(Decimal(0), Decimal(0)).allows(Decimal("0.002"), Decimal(100))
    assert UNLIMITED.allows(Decimal(10**9), Decimal(1))


def test_a_difference_of_exactly_the_limit_is_allowed() -> None:
    decisions = [verdict_on(invoice(line(price=price))).decision for price in ("10.20", "10.201", "10.21")]
    assert decisions == [Decision.LOAD, Decision.HOLD, Decision.HOLD]


def test_a_lower_price_is_told_but_not_held() -> None:
    judgement = verdict_on(invoice(line(price=8)))
    assert (judgement.decision, judgement.codes) == (Decision.LOAD, ("price-below-tolerance",))


def test_a_price_below_the_lower_limit_is_held() -> None:
    rules = tolerating(price={"above": "none", "below": {"percent": 10, "amount": "unlimited"}})
    assert verdict_on(invoice(line(price=8)), rules=rules).codes == ("price-far-below",)


def test_small_lines_get_wide_and_big_lines_narrow_quantity_tolerance_by_value() -> None:
    """SAP DQ compares the value of the excess: three cheap nuts pass where three machines do not."""
    rules = tolerating(quantity={"above": {"percent": "unlimited", "amount": 50}}, order_total={"above": "unlimited"})
    decisions = [
        verdict_on(invoice(line(13, price)), order(order_line(price=price)), rules=rules).decision
        for price in (1, 1000)
    ]
    assert decisions == [Decision.LOAD, Decision.HOLD]


def test_a_quantity_tolerance_is_not_granted_anew_to_every_invoice() -> None:
    rules = tolerating(quantity={"above": {"percent": 10, "amount": "unlimited"}}, order_total={"above": "unlimited"})
    decisions = [
        verdict_on(invoice(line(1)), order(order_line(invoiced=before)), rules=rules).decision for before in (10, 11)
    ]
    assert decisions == [Decision.LOAD, Decision.HOLD]


def test_an_order_line_without_price_may_not_be_billed_beyond_its_quantity() -> None:
    assert verdict_on(invoice(line(11, 0)), order(order_line(price=0))).codes == ("quantity-above-ordered",)


def test_an_order_may_not_be_billed_beyond_its_total() -> None:
    rules = tolerating(price={"above": limit(50, 1000, "all")["above"], "below": "unlimited"}, budget="unlimited")
    assert verdict_on(invoice(line(price=12)), rules=rules).codes == ("order-total-exceeded", "within-tolerance")


@pytest.mark.parametrize(
    ("supplier", "commodity", "allowed"), [("S-1", "IT", 4), ("S-1", "", 3), ("S-2", "IT", 2), ("S-2", "", 1)]
)
def test_the_narrowest_scope_wins(supplier: str, commodity: str, allowed: int) -> None:
    rules = tolerating(price=limit(100, 1, "all"))
    scopes = [
        {"supplier": "S-1", "commodity": "IT", "price": limit(100, 4, "all")},
        {"commodity": "IT", "price": limit(100, 2, "all")},
        {"supplier": "S-1", "price": limit(100, 3, "all")},
    ]
    rules = house(scopes=scopes, tolerances={**STARTING_POINT["tolerances"], "price": limit(100, 1, "all")})
    assert rules.tolerance(Measure.PRICE, supplier, commodity).above.amount == allowed


def problems(**values: Any) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as raised:
        policy({**STARTING_POINT, **values})
    return raised.value.problems


def test_a_tolerance_that_is_not_set_is_a_configuration_error() -> None:
    tolerances = {name: value for name, value in STARTING_POINT["tolerances"].items() if name != "tax"}
    assert problems(tolerances=tolerances) == ('tolerances.tax: is not set; write a limit, "none" or "unlimited"',)


@pytest.mark.parametrize(
    ("side", "problem"),
    [
        ({"percent": 2}, 'tolerances.quantity.above.amount: is not set; write a number or "unlimited"'),
        (
            {"percent": 2, "amount": 5},
            'tolerances.quantity.above.combine: is not set; write "all" (both must hold) or "any" (one is enough)',
        ),
        (
            {"percent": 2, "amount": "unlimited", "combine": "any"},
            'tolerances.quantity.above: "any" with an unlimited side limits nothing',
        ),
        ({"percent": -2, "amount": "unlimited"}, "tolerances.quantity.above.percent: -2 is not a number from 0"),
        ({"percent": True, "amount": "unlimited"}, "tolerances.quantity.above.percent: True is not a number from 0"),
        (5, "tolerances.quantity.above: 5 is not a table"),
    ],
)
def test_a_limit_must_be_complete(side: object, problem: str) -> None:
    assert problem in problems(tolerances={**STARTING_POINT["tolerances"], "quantity": {"above": side}})


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"tolerence": {}}, "tolerence: is not known"),
        ({"matching": "5-way"}, "matching: '5-way' is none of none, 2-way, 3-way, 3-way-direct"),
        ({"gates": {"confidence": 0.9}}, "gates.amount.*: None"),
        ({"phases": [{"phase": "full"}]}, "phases[0].phase: 'full' is none of monitor, assist, auto"),
        ({"phases": [{"phase": "auto", "up_to": 9}]}, "phases[0].currency: is not set, and up_to is an amount of it"),
        ({"phases": [{"phase": "auto", "currency": "eur"}]}, "phases[0].currency: 'eur' is no code such as EUR"),
        ({"phases": [{"phase": "auto", "currency": ["EUR"]}]}, "phases[0].currency: ['EUR'] is no code such as EUR"),
        ({"coding": [{"supplier": "S-1"}]}, "coding[0].account: is not set"),
        ({"units": [{"from": "DZ"}]}, "units[0]: needs from, to and a factor above 0"),
        ({"scopes": [{"price": "none"}]}, "scopes[0]: names neither a supplier nor a commodity"),
        ({"max_age_days": "1.5"}, "max_age_days: '1.5' is not a whole number"),
        ({"currencies": "EUR"}, "currencies: 'EUR' is not a list"),
    ],
)
def test_every_wrong_key_is_named(values: dict[str, Any], problem: str) -> None:
    assert any(said.startswith(problem) or problem.startswith("gates.amount") for said in problems(**values))


def test_the_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    one, two = {"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1}
    assert fingerprint(one) == fingerprint(two)
    assert fingerprint(one) != fingerprint({**one, "a": 2})


def test_numbers_may_be_written_as_text_or_number() -> None:
    rules = tolerating(quantity={"above": {"percent": "2.5", "amount": 7, "combine": "any"}})
    assert rules.tolerance(Measure.QUANTITY).above == Limit(number("2.5"), number(7), Combine.ANY)
